import { tryParseJson } from '../../documents/json/parse.ts';
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';

/** The columns of Resource Graph that hold objects. */
const columns = new Set(['properties', 'tags', 'sku', 'identity', 'systemdata', 'plan']);

/**
 * A row with its columns parsed that hold JSON as text, as `tostring(properties)` and a way through CSV make them. Text
 * that is no JSON object, or repeats a key, stays text, and nothing is read from it.
 */
export function parseTextColumns(row: Json): Json {
  if (!isJsonObject(row) || !hasTextColumn(row)) return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      isTextColumn([name, value]) ? parseObject(value) : value,
    ]),
  );
}

function hasTextColumn(row: JsonObject): boolean {
  for (const name in row) if (isTextColumn([name, row[name]])) return true;
  return false;
}

function isTextColumn([name, value]: readonly [string, Json | undefined]): boolean {
  return typeof value === 'string' && /^\s*\{/u.test(value) && columns.has(name.toLowerCase());
}

function parseObject(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  const object = tryParseJson(value);
  return isJsonObject(object) && repeatedKeys(value, object).length === 0 ? object : value;
}
