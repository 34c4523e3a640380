import { isJsonObject, type Json, type JsonObject, objectAt, sameJson } from '../model/json.ts';
import type { InFlight } from '../model/journal.ts';
import type { VaultState } from '../model/vault-state.ts';
import { propertiesOf, type Resource } from '../model/resource.ts';
import { mergePatch } from '../rules/merge-patch.ts';
import { knownType } from '../resource-types/known-type.ts';
import { digest } from './canonical-json.ts';

/** The state of a vault, with the values of those properties that `changes` is about. */
export function stateOf(resource: Resource, changes: JsonObject): VaultState {
  const properties = propertiesOf(resource);
  const touched = Object.keys(objectAt(changes, 'properties'));
  const shown = touched.flatMap((name) => {
    const value = properties[name] ?? null;
    return value === null ? [] : [[name, value] as const];
  });
  return {
    hash: digest(settled(properties)),
    properties: Object.fromEntries(shown),
    ...(changes['tags'] === undefined ? {} : { tags: resource.tags }),
  };
}

/** True when nothing has changed between two states that were taken for the same step. */
export function sameState(a: VaultState, b: VaultState): boolean {
  return a.hash === b.hash && sameJson(a.tags, b.tags);
}

/** True when the vault has every value that was sent; Azure may have added others beside them. */
export function isInPlace({ body }: Pick<InFlight, 'body'>, resource: Resource): boolean {
  return sameJson(mergePatch(resource.body, body), resource.body);
}

/** True when the vault is as it was before the request, but for what that was to change. */
export function isOtherwiseUnchanged({ before, body }: InFlight, resource: Resource): boolean {
  const sent = new Set(Object.keys(objectAt(body, 'properties')));
  const others = Object.entries(propertiesOf(resource)).filter(([name]) => !sent.has(name));
  const old = Object.entries(before.properties).filter(([name]) => sent.has(name));
  const tags = body['tags'] === undefined ? resource.tags : before.tags;
  const reverted = {
    ...resource,
    body: { ...resource.body, properties: Object.fromEntries([...others, ...old]) },
  };
  const { hash } = stateOf(reverted, {});
  return sameState(before, {
    hash,
    properties: {},
    ...(before.tags === undefined ? {} : { tags: tags ?? {} }),
  });
}

/** Without `provisioningState`, at any depth: it changes by itself. A null is an unset. */
function settled(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => settled(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === undefined || member === null || key === 'provisioningState' ? [] : [[key, settled(member)]],
    ),
  );
}

/** The retention period in force, in days: unset means 90. */
export function retentionDays(resource: Resource): number {
  const property = retentionIn(resource);
  const days = propertiesOf(resource)[property];
  const azureDefault = knownType(resource.type)?.properties.get(property)?.azureDefault;
  return [days, azureDefault].find((each) => typeof each === 'number') ?? 90;
}

/** The name of the property that holds the retention period of a resource. */
export function retentionIn({ type }: Resource): string {
  return knownType(type)?.retention ?? '';
}
