import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { VaultState } from '../model/vault-state.ts';
import type { Resource } from '../model/resource.ts';
import { knownType } from '../resource-types/known-type.ts';
import { digest, sameJson } from './canonical-json.ts';

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

/** The properties of a vault in ARM's answer; empty where there are none. */
export function propertiesOf(resource: Resource): JsonObject {
  return objectAt(resource.body, 'properties');
}

/** The object under a key; an empty one where there is none. */
export function objectAt(value: JsonObject, key: string): JsonObject {
  const member = value[key];
  return isJsonObject(member) ? member : {};
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
  const unset = knownType(resource.type)?.properties.get(property)?.unset;
  return [days, unset].find((each) => typeof each === 'number') ?? 90;
}

/** The name of the property that holds the retention period of a resource. */
export function retentionIn({ type }: Resource): string {
  return knownType(type)?.retention ?? '';
}
