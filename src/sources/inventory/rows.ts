import { type Json, isJsonObject } from '../../model/json.ts';
import { number } from '../../reporters/words/counts.ts';
import type { JsonDocument } from './documents.ts';
import { type InventoryRow, type Page, pagesOf } from './pages.ts';

/** A sign that a file lacks rows, and what to do about it. */
export interface MissingRows {
  readonly reason: string;
  readonly hint: string;
}

/** The rows of a file, and each sign that there is more than the file holds. */
export interface InventoryRows {
  readonly rows: readonly InventoryRow[];
  readonly missing: readonly MissingRows[];
}

/**
 * Collects the rows of every shape that people export: a resource, a list, an ARM list, an answer of Resource Graph
 * (as REST, `az graph query` of any age, or its table format), and lists or sequences of such pages. A page that
 * announces more is whole only when the page after it follows. `complete` is the user's word that a bare list is whole
 * though it has exactly as many rows as a page of Resource Graph.
 */
export function collectRows(documents: readonly JsonDocument[], complete: boolean): InventoryRows {
  const pages = documents.flatMap(({ value, line }, document) =>
    pagesOf(value, { path: '', line, document }),
  );
  const missing = [...announced(pages).map(toMissing), ...(complete ? [] : cutLists(pages))];
  return { rows: pages.flatMap((page) => page.rows), missing };
}

function announced(pages: readonly Page[]): readonly string[] {
  const missing: string[] = [];
  let [rows, total] = [new Set<Json>(), 0];
  for (const [index, page] of pages.entries()) {
    for (const { row } of page.rows) rows.add(identityOf(row));
    total = Math.max(total, page.total);
    if (page.failed) missing.push('Azure reported an error along with the rows.');
    if (page.truncated)
      missing.push('Resource Graph reports that it left out rows ("resultTruncated": "true").');
    const following = pages[index + 1];
    if (isContinuedBy(page, following)) continue;
    if (page.next !== undefined) missing.push(goesOn(page, following));
    else if (total > rows.size)
      missing.push(`The file holds ${rows.size} of the ${total} rows that Azure reports.`);
    [rows, total] = [new Set(), 0];
  }
  return [...new Set(missing)];
}

function goesOn({ next, understood }: Page, following: Page | undefined): string {
  if (!understood)
    return `A page may say that more rows follow ("${next}"), in a way that purgeproof does not know.`;
  return following?.paged === true
    ? `A page says that more rows follow ("${next}"), and the page after it is of another list.`
    : `The last page says that more rows follow ("${next}").`;
}

function toMissing(reason: string): MissingRows {
  return {
    reason,
    hint: 'Export every page (az graph query --first 1000 with --skip-token, until no token is left) into one file.',
  };
}

/** A row that pages repeat counts once: it may have displaced one of those that are announced. */
function identityOf(row: Json): Json {
  if (!isJsonObject(row)) return row;
  const id = row['id'] ?? Object.entries(row).find(([name]) => name.toLowerCase() === 'id')?.[1];
  return typeof id === 'string' ? id.toLowerCase() : row;
}

/** The pages of Resource Graph: what `az graph query` and `Search-AzGraph` give unasked, and the most that they give. */
const pageSizes = new Set([100, 1000]);

/** Bare lists that end exactly where a page of Resource Graph ends, unless another list follows. */
function cutLists(pages: readonly Page[]): readonly MissingRows[] {
  const cut = bareLists(pages).filter(({ rows, isLast }) => isLast && pageSizes.has(rows));
  return [...new Set(cut.map(({ rows }) => rows))].map((rows) => {
    return {
      reason: `A list ends after exactly ${number(rows)} rows, which is a page of Resource Graph: more may follow.`,
      hint: 'Export the whole answer, not its data alone: it says how many rows there are. If the list is whole, say --inventory-complete (in a configuration file, inventoryComplete: true).',
    };
  });
}

interface BareList {
  readonly name: string;
  rows: number;
  /** False when the next rows are of another bare list, which may be the next page. */
  isLast: boolean;
}

function bareLists(pages: readonly Page[]): readonly BareList[] {
  const lists: BareList[] = [];
  for (const { bareList, rows } of pages) {
    const last = lists.at(-1);
    if (last !== undefined && last.name === bareList) last.rows += rows.length;
    else {
      if (last !== undefined && bareList !== undefined) last.isLast = false;
      lists.push({ name: bareList ?? '', rows: bareList === undefined ? 0 : rows.length, isLast: true });
    }
  }
  return lists;
}

/**
 * True when a page can be the one that the page before it announces. Files hold the answers to several queries, one after
 * the other: the first page of another subscription or query is not the second page of this one.
 */
function isContinuedBy({ next, understood, scope, sum }: Page, following: Page | undefined): boolean {
  if (next === undefined || !understood || following?.paged !== true) return false;
  if (sum !== undefined && following.sum !== undefined && sum !== following.sum) return false;
  return scope === undefined || following.rows.every(({ row }) => isWithin(row, scope));
}

/** A row without an id is reported elsewhere. */
function isWithin(row: Json, scope: string): boolean {
  const id = isJsonObject(row) ? row['id'] : undefined;
  return typeof id !== 'string' || id.toLowerCase().startsWith(`${scope}/`);
}
