import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** Applies a JSON merge patch (RFC 7396): objects merge key by key, `null` removes, anything else replaces. */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result = new Map<string, Json>();
  for (const [key, value] of Object.entries(target)) if (value !== undefined) result.set(key, value);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key);
    else if (isJsonObject(value)) result.set(key, mergePatch(objectOf(result.get(key)), value));
    else if (value !== undefined) result.set(key, value);
  }
  return Object.fromEntries(result);
}

function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
