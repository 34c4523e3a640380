import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/** A row of an inventory and the way to it, such as `data[17]`. `line` is that of its document. */
export interface InventoryRow {
  readonly row: Json;
  readonly path: string;
  readonly line: number;
}

/** The rows of a file, and in words each sign that there is more than the file holds. */
export interface InventoryRows {
  readonly rows: readonly InventoryRow[];
  readonly missing: readonly string[];
}

/**
 * Collects the rows of whatever people have at hand: a resource, a list, an ARM list, an answer of Resource Graph
 * (as REST, `az graph query` of any age, or its table format), and lists or lines of such pages. A page that announces
 * more is whole only when the page after it follows.
 */
export function collectRows(
  documents: readonly { readonly value: Json; readonly line: number }[],
): InventoryRows {
  const pages = documents.flatMap(({ value, line }) => pagesOf(value, { path: '', line }));
  return { rows: pages.flatMap((page) => page.rows), missing: findMissing(pages) };
}

interface Place {
  readonly path: string;
  readonly line: number;
}

interface Page {
  readonly rows: readonly InventoryRow[];
  /** The name of the field that announces a next page. */
  readonly next: string | undefined;
  readonly total: number;
  readonly truncated: boolean;
  /** True when Azure reported an error along with the rows. */
  readonly failed: boolean;
  /** False for rows that stand on their own and neither continue a page nor are continued. */
  readonly paged: boolean;
}

function pagesOf(value: Json, place: Place): readonly Page[] {
  if (Array.isArray(value) && depthOf(place) < mostListsDeep)
    return value.flatMap((item: Json, index) => itemsOf(item, at(place, `[${index}]`)));
  const lists = isJsonObject(value) && typeof value['id'] !== 'string' ? listsOf(value) : [];
  if (!isJsonObject(value) || lists.length === 0) return [single(value, place)];
  const rows = lists.flatMap((list) =>
    list.rows.map((row, index) => {
      return { row, path: at(place, `${list.name}[${index}]`).path, line: place.line };
    }),
  );
  return [{ rows, ...announcementsOf(value), paged: true }];
}

/** Nobody exports lists of lists of lists; what is nested deeper is told as a row that is none. */
const mostListsDeep = 8;

function depthOf({ path }: Place): number {
  return path.split('[').length - 1;
}

function itemsOf(item: Json, place: Place): readonly Page[] {
  return Array.isArray(item) || isJsonObject(item) ? pagesOf(item, place) : [single(item, place)];
}

function single(row: Json, { path, line }: Place): Page {
  return {
    rows: [{ row, path, line }],
    next: undefined,
    total: 0,
    truncated: false,
    failed: false,
    paged: false,
  };
}

function at(place: Place, step: string): Place {
  const separator = place.path === '' || step.startsWith('[') ? '' : '.';
  return { path: `${place.path}${separator}${step}`, line: place.line };
}

interface RowList {
  readonly name: string;
  readonly rows: readonly Json[];
}

/** Every list of rows in a page: of two, neither is skipped. */
function listsOf(page: JsonObject): readonly RowList[] {
  const lists = Object.entries(page).filter(([name]) => ['value', 'data'].includes(name.toLowerCase()));
  const named = lists.flatMap(([name, rows]): readonly RowList[] => {
    if (Array.isArray(rows)) return [{ name, rows }];
    const table = isJsonObject(rows) ? tableOf(rows) : undefined;
    return table === undefined ? [] : [{ name: `${name}.rows`, rows: table }];
  });
  const table = tableOf(page);
  return table === undefined ? named : [...named, { name: 'rows', rows: table }];
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

const nextPage = ['nextlink', '@odata.nextlink', '$skiptoken', 'skiptoken', 'continuationtoken'];
const totals = ['totalrecords', 'totalcount', 'total', 'count', '@odata.count'];

/** Exports differ in the letter case of names, and in underscores. */
function announcementsOf(page: JsonObject): Pick<Page, 'next' | 'total' | 'truncated' | 'failed'> {
  const told = Object.entries(page).filter(([, value]) => isTold(value));
  const named = (names: readonly string[]): typeof told =>
    told.filter(([name]) => names.includes(name.toLowerCase().replaceAll('_', '')));
  return {
    next: named(nextPage)[0]?.[0],
    total: Math.max(
      0,
      ...named(totals)
        .map(([, total]) => countIn(total))
        .filter(Number.isFinite),
    ),
    truncated: named(['resulttruncated']).some(
      ([, value]) => value === true || (typeof value === 'string' && value.toLowerCase() === 'true'),
    ),
    failed: named(['error', 'errors']).length > 0,
  };
}

/** A number, or as ARM has it: `{"type": "Total", "value": 2}`. */
function countIn(total: Json | undefined): number {
  return Number(isJsonObject(total) ? total['value'] : total);
}

function isTold(value: Json | undefined): boolean {
  return (
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}

function findMissing(pages: readonly Page[]): readonly string[] {
  const missing: string[] = [];
  let [rows, total] = [new Set<Json>(), 0];
  for (const [index, page] of pages.entries()) {
    for (const { row } of page.rows) rows.add(identityOf(row));
    total = Math.max(total, page.total);
    if (page.failed) missing.push('Azure reported an error along with the rows.');
    if (page.truncated)
      missing.push('Resource Graph reports that it left out rows ("resultTruncated": "true").');
    if (page.next !== undefined && pages[index + 1]?.paged === true) continue;
    if (page.next !== undefined) missing.push(`The last page says that more rows follow ("${page.next}").`);
    else if (total > rows.size)
      missing.push(`The file holds ${rows.size} of the ${total} rows that Azure reports.`);
    [rows, total] = [new Set(), 0];
  }
  return [...new Set(missing)];
}

/** A row that pages repeat stands for one of those that are announced: its twin may have pushed another out. */
function identityOf(row: Json): Json {
  const id = isJsonObject(row)
    ? Object.entries(row).find(([name]) => name.toLowerCase() === 'id')?.[1]
    : undefined;
  return typeof id === 'string' ? id.toLowerCase() : row;
}
