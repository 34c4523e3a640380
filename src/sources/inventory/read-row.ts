import { UsageError } from '../../model/errors.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { isKnownType } from '../../resource-types/known-type.ts';
import { isRowProblem, type RowProblem, toResource } from '../rows/resource.ts';
import { parseTextColumns } from './json-in-text.ts';
import { findNestedVault } from './nested-vault.ts';
import { recogniseRow } from './recognise/row.ts';
import type { InventoryRow } from './pages.ts';

/** Reads a row as a resource. Throws `UsageError` for one that is none, or that hides a vault. */
export function readRow(row: InventoryRow, where: string): Resource {
  const shown = `${where}  ${nameRow(row)}`;
  const columns = parseTextColumns(row.row);
  if (isJsonObject(columns) && isDeeperThan(columns, mostLevels))
    throw new UsageError(`${shown} is nested more than ${mostLevels} levels deep`, shapeHint);
  const read = toResource(columns);
  if (isRowProblem(read)) throw noResource(row.row, read, shown);
  const nested = isKnownType(read.type) ? undefined : findNestedVault(columns);
  if (nested !== undefined)
    throw new UsageError(
      `${shown} is of type ${read.type}, and holds a ${resourceTypes.map(({ words }) => words.one).join(' or ')} at ${nested} that would not be judged`,
      'Export the list inside alone: an inventory is a list of resources, or an answer of Azure with value or data.',
    );
  return read;
}

/** The name of a row in messages. */
export function nameRow({ path }: InventoryRow): string {
  return path === '' ? 'the document' : path;
}

function noResource(row: Json, { problem, id }: RowProblem, shown: string): UsageError {
  const recognised = recogniseRow(row);
  if (recognised !== undefined) return new UsageError(`${shown} is ${recognised.what}`, recognised.hint);
  return new UsageError(`${shown} ${problem}${id === '' ? '' : ` (${id})`}`, shapeHint);
}

/** No resource of Azure comes near; deeper values would exhaust the stack of whatever walks them. */
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
