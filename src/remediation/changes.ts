import { isJsonObject, type Json, type JsonObject, objectAt, sameJson } from '../model/json.ts';
import { type Resource, propertiesOf } from '../model/resource.ts';
import { mergePatch } from '../rules/merge-patch.ts';
import { knownType } from '../resource-types/known-type.ts';

/**
 * The smallest PATCH body that does what the merge patches ask for, one after the other. A property that ARM replaces
 * whole, such as `networkAcls`, is sent whole; with purge protection goes soft delete, which it needs, unless that is
 * already on. Null marks a property that would have to be unset. Empty when nothing changes.
 */
export function changesFor(resource: Resource, patches: readonly JsonObject[]): JsonObject {
  const after = patches.reduce<JsonObject>(mergePatch, resource.body);
  const properties = changedMembers(
    objectAt(resource.body, 'properties'),
    objectAt(after, 'properties'),
    patches.flatMap((patch) => Object.keys(objectAt(patch, 'properties'))),
  );
  const others = patches.flatMap((patch) => Object.keys(patch)).filter((key) => key !== 'properties');
  const beside = changedMembers(resource.body, after, others);
  const completed = complete(properties, resource);
  return { ...beside, ...(Object.keys(completed).length === 0 ? {} : { properties: completed }) };
}

/** The body that fixes all of the candidates, in their order. */
export function changesOf(
  resource: Resource,
  candidates: readonly { readonly patch: JsonObject }[],
): JsonObject {
  return changesFor(
    resource,
    candidates.map(({ patch }) => patch),
  );
}

/** The vault as it would become. */
export function afterChanges(resource: Resource, changes: JsonObject): Resource {
  const properties = { ...propertiesOf(resource), ...objectAt(changes, 'properties') };
  return { ...resource, body: { ...resource.body, ...changes, properties } };
}

function changedMembers(before: JsonObject, after: JsonObject, keys: readonly string[]): JsonObject {
  const changed = new Map<string, Json>();
  for (const key of keys) {
    const value = after[key] ?? null;
    if (!sameJson(before[key] ?? null, value)) changed.set(key, value);
  }
  return Object.fromEntries(changed);
}

/** With what Azure wants set as well, and with what an absent object means, so that it stays so. */
function complete(changes: JsonObject, resource: Resource): JsonObject {
  const known = knownType(resource.type)?.properties;
  const before = propertiesOf(resource);
  const completed = new Map(Object.entries(changes));
  for (const [name, value] of Object.entries(changes)) {
    const { azureDefault, needs = {} } = known?.get(name) ?? {};
    if (isJsonObject(value) && isJsonObject(azureDefault))
      completed.set(name, { ...azureDefault, ...withoutNulls(value) });
    if (value !== true) continue;
    for (const [other, needed] of Object.entries(needs))
      if (before[other] !== needed) completed.set(other, needed);
  }
  return Object.fromEntries(completed);
}

/** A property that is null on the vault is unset, and is not sent. */
function withoutNulls(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Names of what a body replaces as a whole: objects and lists, of which only what is sent stays. */
export function wholeValues(changes: JsonObject): readonly string[] {
  const values = { ...objectAt(changes, 'properties'), tags: changes['tags'] };
  return Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null ? [name] : [],
  );
}
