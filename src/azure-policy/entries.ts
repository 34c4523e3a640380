import { isJsonObject, type Json, type JsonObject, type JsonPath } from '../model/json.ts';

/** A value in a file of Azure Policy, whose keys may be in any letter case, and its place. */
export interface PolicyEntry {
  readonly value: Json;
  readonly path: JsonPath;
}

/** An object in a file of Azure Policy, and its place. */
export interface ObjectEntry extends PolicyEntry {
  readonly value: JsonObject;
}

/** The member of an object by its name in any letter case. */
export function entryAt({ value, path }: PolicyEntry, name: string): PolicyEntry | undefined {
  const key = keyIn(value, name);
  const found = key === undefined || !isJsonObject(value) ? undefined : value[key];
  return key === undefined || found === undefined ? undefined : { value: found, path: [...path, key] };
}

/** The key of an object in the letter case in which it is written. */
function keyIn(value: Json, name: string): string | undefined {
  if (!isJsonObject(value)) return undefined;
  if (Object.hasOwn(value, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(value).find((key) => key.toLowerCase() === wanted);
}

/** The member where it is an object. */
export function objectIn(entry: PolicyEntry, name: string): ObjectEntry | undefined {
  const found = entryAt(entry, name);
  return found !== undefined && isObjectEntry(found) ? found : undefined;
}

/** The member where it is text that says something. */
export function textIn(entry: PolicyEntry | undefined, name: string): string | undefined {
  const value = entry === undefined ? undefined : entryAt(entry, name)?.value;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** True for an object. */
export function isObjectEntry(entry: PolicyEntry): entry is ObjectEntry {
  return isJsonObject(entry.value);
}

/** The items of a list, each with its place. */
export function itemsOf({ value, path }: PolicyEntry): readonly PolicyEntry[] {
  return Array.isArray(value)
    ? value.map((item: Json, index) => ({ value: item, path: [...path, index] }))
    : [];
}

/** The members of an object, each with its key and its place. */
export function membersOf({ value, path }: PolicyEntry): readonly (PolicyEntry & { readonly key: string })[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).map(([key, item]) => ({ key, value: item ?? null, path: [...path, key] }));
}
