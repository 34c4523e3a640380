import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

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
  /** True when Azure reports an error beside the rows. */
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

/** Every list of rows in a page: of two, neither is passed over. */
function listsOf(page: JsonObject): readonly RowList[] {
  const named = ['value', 'data'].flatMap((name): readonly RowList[] => {
    const rows = page[name];
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

function announcementsOf(page: JsonObject): Pick<Page, 'next' | 'total' | 'truncated' | 'failed'> {
  const next = ['nextLink', 'next_link', '@odata.nextLink', '$skipToken', 'skipToken', 'skip_token'];
  const totals = [page['totalRecords'], page['total_records'], page['count']];
  const truncated = page['resultTruncated'] ?? page['result_truncated'] ?? false;
  return {
    next: next.find((name) => page[name] !== undefined && page[name] !== null && page[name] !== ''),
    total: Math.max(0, ...totals.map(Number).filter(Number.isFinite)),
    truncated: truncated === true || (typeof truncated === 'string' && truncated.toLowerCase() === 'true'),
    failed: ['error', 'errors'].some((name) => isTold(page[name])),
  };
}

function isTold(value: Json | undefined): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

function findMissing(pages: readonly Page[]): readonly string[] {
  const missing: string[] = [];
  let [rows, total] = [0, 0];
  for (const [index, page] of pages.entries()) {
    rows += page.rows.length;
    total = Math.max(total, page.total);
    if (page.failed) missing.push('Azure reports an error beside the rows.');
    if (page.truncated)
      missing.push('Resource Graph says that it left rows out ("resultTruncated": "true").');
    if (page.next !== undefined && pages[index + 1]?.paged === true) continue;
    if (page.next !== undefined) missing.push(`The last page announces more ("${page.next}").`);
    else if (total > rows) missing.push(`Of ${total} rows that Azure announces, ${rows} are here.`);
    [rows, total] = [0, 0];
  }
  return [...new Set(missing)];
}
