import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** Tags as a map of texts; `undefined` for what is no object. */
export function readTags(tags: Json | undefined): Readonly<Record<string, string>> | undefined {
  if (tags === undefined || tags === null) return {};
  if (!isJsonObject(tags)) return undefined;
  if (isTextOnly(tags)) return tags;
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, tagValue(value)]));
}

function isTextOnly(tags: JsonObject): tags is Readonly<Record<string, string>> {
  for (const name in tags) if (typeof tags[name] !== 'string') return false;
  return true;
}

function tagValue(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
