import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import { hasRows } from '../../resource-types/known-type.ts';
import type { Hash } from './known-ids.ts';
import { type Announcements, announcementsOf } from '../../documents/json/announcements.ts';

/** A row of an inventory and the way to it, such as `data[17]`. `line` is that of its document. */
export interface InventoryRow {
  readonly row: Json;
  readonly path: string;
  readonly line: number;
  /** The most levels that it has, where they have been counted. */
  readonly levels?: number;
  /** A hash of its bytes, where it is known. */
  readonly written?: Hash | undefined;
}

/** Rows that came together. */
export interface Page extends Announcements {
  readonly rows: readonly InventoryRow[];
  /** False for single rows, which neither continue a page nor are continued. */
  readonly paged: boolean;
  /** The bare list that the rows are of: one that says nothing of what it may lack. */
  readonly bareList: string | undefined;
}

/** The place of a value: the path within its document, such as `[0].data`, and the number of the document in the file. */
export interface JsonPlace {
  readonly path: string;
  /** The line on which the document starts; two may start on one. */
  readonly line: number;
  readonly document: number;
}

/** The pages that an element of a list, or a whole document, consists of: an answer with its rows, or a single row. */
export function pagesOf(value: Json, place: JsonPlace, bareList: string): readonly Page[] {
  const lists = isJsonObject(value) ? listsOf(value) : [];
  if (!isJsonObject(value) || lists.length === 0) return [single(value, place, bareList)];
  const rows = lists.flatMap((list) =>
    list.rows.map((row, index) => {
      return { row, path: stepTo(place, `${list.name}[${index}]`).path, line: place.line };
    }),
  );
  const announcements = announcementsOf(value);
  const page = { rows, ...announcements, paged: true, bareList: bareListOf(value, announcements, place) };
  return isVault(value) ? [single(value, place, bareList), page] : [page];
}

/** True for a list whose elements are pages or rows: what is nested deeper, nobody exports, and it is no row. */
export function mayHoldPages({ path }: JsonPlace): boolean {
  return path.split('[').length - 1 < mostListsDeep;
}

const mostListsDeep = 8;

function single(row: Json, { path, line }: JsonPlace, bareList: string): Page {
  return {
    rows: [{ row, path, line }],
    next: undefined,
    understood: true,
    scope: undefined,
    total: 0,
    sum: undefined,
    saysWhole: false,
    truncated: false,
    failed: false,
    paged: false,
    bareList,
  };
}

/**
 * A list that has lost what its answer said of further pages: `{"data": […]}`, or `{"value": […], "Count": 100}` as
 * PowerShell 5.1 writes a bare list. ARM's `{"value": […]}` ends where it has no `nextLink`.
 */
function bareListOf(page: JsonObject, { saysWhole }: Announcements, place: JsonPlace): string | undefined {
  const names = new Set(Object.keys(page).map((name) => name.toLowerCase()));
  const isOfArm = names.has('value') && !names.has('count');
  return saysWhole || isOfArm ? undefined : listIn(place);
}

/** The name of a bare list, by its place. */
export function listIn({ document, path }: JsonPlace): string {
  return `${document} ${path}`;
}

/** A vault is a row itself, even if it holds lists. */
function isVault({ id, type }: JsonObject): boolean {
  return typeof id === 'string' && typeof type === 'string' && hasRows(type);
}

/** The place of a part of the value at a place. */
export function stepTo(place: JsonPlace, step: string): JsonPlace {
  const separator = place.path === '' || step.startsWith('[') ? '' : '.';
  return { ...place, path: `${place.path}${separator}${step}` };
}

interface RowList {
  readonly name: string;
  readonly rows: readonly Json[];
}

/** Every list of rows in a page: of two, neither is skipped. */
function listsOf(page: JsonObject): readonly RowList[] {
  if (!mayHoldRows(page)) return [];
  const lists = Object.entries(page).filter(([name]) => ['value', 'data'].includes(name.toLowerCase()));
  const named = lists.flatMap(([name, rows]): readonly RowList[] => {
    if (Array.isArray(rows)) return [{ name, rows }];
    const table = isJsonObject(rows) ? tableOf(rows) : undefined;
    return table === undefined ? [] : [{ name: `${name}.rows`, rows: table }];
  });
  const table = tableOf(page);
  const all = table === undefined ? named : [...named, { name: 'rows', rows: table }];
  return all.length === 0 ? [] : [...all, ...strangeLists(page)];
}

/** False for what is a single row, as most are: their keys are enough to know. */
export function mayHoldRows(page: Json): boolean {
  if (!isJsonObject(page)) return false;
  for (const name in page)
    if (name === 'columns' || ['value', 'data'].includes(name.toLowerCase())) return true;
  return false;
}

/** Lists with vaults in a page, next to its own rows, under a name that no export uses. */
function strangeLists(page: JsonObject): readonly RowList[] {
  return Object.entries(page).flatMap(([name, rows]): readonly RowList[] => {
    const isKnown = ['value', 'data'].includes(name.toLowerCase());
    if (isKnown || !Array.isArray(rows)) return [];
    return rows.some((row: Json) => isJsonObject(row) && isVault(row)) ? [{ name, rows }] : [];
  });
}

/** Resource Graph's table format: `{columns: [{name, type}], rows: [[…]]}`. */
function tableOf(table: JsonObject): readonly Json[] | undefined {
  const { columns, rows } = table;
  if (!Array.isArray(columns) || !Array.isArray(rows)) return undefined;
  const names = columns.map((column: Json) => {
    const name = isJsonObject(column) ? column['name'] : column;
    return typeof name === 'string' ? name : '';
  });
  return rows.map((cells: Json) =>
    Array.isArray(cells)
      ? Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null]))
      : cells,
  );
}
