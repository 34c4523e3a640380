import { UsageError } from '../../model/errors.ts';
import { type Json, type JsonObject, isJsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { hasRows, knownType, scannedTypes } from '../../resource-types/known-type.ts';
import { type RowProblem, isRowProblem, toResource } from '../rows/resource.ts';
import { recogniseRow } from './refused-formats/row-formats.ts';
import type { InventoryRow } from './pages.ts';
import { tryParseJson } from '../../documents/json/parse.ts';
import { repeatedKeys } from '../../documents/json/repeated-keys.ts';

/** Reads a row as a resource. Throws `UsageError` for one that is not a resource, or that hides a vault. */
export function readRow(row: InventoryRow, where: string): Resource {
  const shown = `${where}  ${nameRow(row)}`;
  const columns = parseTextColumns(row.row);
  const isCounted = columns === row.row && row.levels !== undefined && row.levels <= mostLevels;
  if (!isCounted && isJsonObject(columns) && isDeeperThan(columns, mostLevels))
    throw new UsageError(`${shown} is nested more than ${mostLevels} levels deep`, shapeHint);
  const read = toResource(columns);
  if (isRowProblem(read)) throw noResource(row, read, { shown, where });
  const nested = hasRows(read.type) ? undefined : findNestedVault(columns);
  if (nested !== undefined)
    throw new UsageError(
      `${shown} is of type ${read.type}, and holds a ${scannedTypes.map((one) => knownType(one)?.words.one).join(' or ')} at ${nested} that would not be judged`,
      'Export the list inside alone: an inventory is a list of resources, or an answer of Azure with value or data.',
    );
  return read;
}

/** The name of a row in messages. */
export function nameRow({ path }: InventoryRow): string {
  return path === '' ? 'the document' : path;
}

function noResource(
  { row, path }: InventoryRow,
  { problem, id }: RowProblem,
  { shown, where }: { readonly shown: string; readonly where: string },
): UsageError {
  const file = where.replace(/:\d+$/u, '');
  const recognised = recogniseRow(row, path === '' ? file : undefined);
  if (recognised !== undefined) return new UsageError(`${shown} is ${recognised.what}`, recognised.hint);
  return new UsageError(`${shown} ${problem}${id === '' ? '' : ` (${id})`}`, shapeHint);
}

/** No resource of Azure is nearly as deep; a deeper value would exhaust the stack of the functions that walk it. */
const mostLevels = 100;

function isDeeperThan(value: Json | undefined, levels: number): boolean {
  if (!Array.isArray(value) && !isJsonObject(value)) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((part: Json) => isDeeperThan(part, levels - 1));
  for (const key in value) if (isDeeperThan(value[key], levels - 1)) return true;
  return false;
}

const shapeHint =
  'An inventory holds Azure resources with at least id, name, type and properties: az graph query, az keyvault show, or ARM.';

/** The columns of Resource Graph that hold objects. */
const columns = new Set(['properties', 'tags', 'sku', 'identity', 'systemdata', 'plan']);

/**
 * A row with its columns parsed that hold JSON as text, as `tostring(properties)` and a way through CSV make them. Text
 * that is no JSON object, or repeats a key, stays text, and nothing is read from it.
 */
function parseTextColumns(row: Json): Json {
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

/**
 * The path to a vault or managed HSM inside a row of another type, such as `items[0]`: it would be skipped
 * unnoticed. Mere ids of vaults do not count. The row must not be nested deeper than the stack is.
 */
function findNestedVault(row: Json, path = ''): string | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  for (const [key, value] of Object.entries<Json | undefined>(row)) {
    if (typeof value !== 'object' || value === null) continue;
    const below = Array.isArray(row) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
    if (isVault(value)) return below;
    const found = findNestedVault(value, below);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isVault(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const entries = new Map(Object.entries(value).map(([name, part]) => [name.toLowerCase(), part]));
  const type = entries.get('type');
  return typeof type === 'string' && hasRows(type) && typeof entries.get('id') === 'string';
}
