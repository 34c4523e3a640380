import { type Json, isJsonObject } from '../../model/json.ts';
import { number } from '../../reporters/words/counts.ts';
import type { KnownIds } from './known-ids.ts';
import type { Page } from './pages.ts';

/** A sign that a file lacks rows, and what to do about it. */
export interface MissingRows {
  readonly reason: string;
  readonly hint: string;
}

/** Takes the pages of a file as they come, and finds each sign that there is more than the file holds. */
export interface PageSequence {
  /** A row of the page that is being read. */
  row(row: Json): void;
  /** A row that stands alone, in a bare list. */
  single(list: string): void;
  /** The page has ended, after the rows that were told and those that it has itself. */
  end(page: Page): void;
  missing(): readonly MissingRows[];
}

/**
 * Accounts for the pages of every shape that people export: a resource, a list, an ARM list, an answer of Resource Graph
 * (as REST, `az graph query` of any age, or its table format), and lists or sequences of such pages. A page that
 * announces more is whole only when the page after it follows. `complete` is the user's word that a bare list is whole
 * though it has exactly as many rows as a page of Resource Graph.
 */
export function pageSequence(ids: KnownIds, complete: boolean): PageSequence {
  const reasons = new Set<string>();
  const lists = bareLists();
  // Pages that each announce the next, and of which an answer says together how many rows there are.
  let answer = { firstPage: 1, rows: 0, total: 0 };
  let page = newPage(1, undefined);

  function close({ next, ...last }: Page, following: Page | undefined): void {
    if (next !== undefined) reasons.add(goesOn({ next, ...last }, following));
    else if (answer.total > answer.rows)
      reasons.add(`The file holds ${answer.rows} of the ${answer.total} rows that Azure reports.`);
  }

  function tell(row: Json): void {
    page.told += 1;
    page.isWithin &&= page.before?.scope === undefined || isWithin(row, page.before.scope);
    const id = idOf(row);
    const last = id === undefined ? 0 : ids.standsOn(id, page.number);
    if (last !== page.number) page.rows += 1;
    if (last < answer.firstPage) page.rowsNewToAnswer += 1;
  }

  return {
    row: tell,
    single(list) {
      if (page.before !== undefined) {
        close(page.before, undefined);
        page = newPage(page.number, undefined);
      }
      lists.add(list, 1);
    },
    end(ended) {
      if (ended.paged) for (const { row } of ended.rows) tell(row);
      const { before } = page;
      const continues = before !== undefined && isContinuedBy(before, ended) && page.isWithin;
      if (before !== undefined && !continues) close(before, ended);
      answer = continues
        ? { ...answer, rows: answer.rows + page.rowsNewToAnswer }
        : { firstPage: page.number, rows: page.rows, total: 0 };
      answer.total = Math.max(answer.total, ended.total);
      if (ended.failed) reasons.add('Azure reported an error along with the rows.');
      if (ended.truncated)
        reasons.add('Resource Graph reports that it left out rows ("resultTruncated": "true").');
      lists.add(ended.bareList, ended.paged ? page.told : 1);
      page = newPage(page.number + 1, ended);
    },
    missing() {
      if (page.before !== undefined) close(page.before, undefined);
      return [...[...reasons].map(toMissing), ...(complete ? [] : lists.cut())];
    },
  };
}

interface PageUnderWay {
  readonly number: number;
  readonly before: Page | undefined;
  /** The rows that were told; those among them that the page had not had; and those that its answer had not had. */
  told: number;
  rows: number;
  rowsNewToAnswer: number;
  /** True while all rows are of the collection that the page before names. */
  isWithin: boolean;
}

function newPage(number: number, before: Page | undefined): PageUnderWay {
  return { number, before, told: 0, rows: 0, rowsNewToAnswer: 0, isWithin: true };
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
    hint: 'Export every page into one file, each with the --skip-token of the one before it, until no token is left.',
  };
}

/** A row that pages repeat counts once: it may have displaced one of those that are announced. */
function idOf(row: Json): string | undefined {
  if (!isJsonObject(row)) return undefined;
  const id = row['id'] ?? Object.entries(row).find(([name]) => name.toLowerCase() === 'id')?.[1];
  return typeof id === 'string' ? id : undefined;
}

/** The pages of Resource Graph: what `az graph query` and `Search-AzGraph` give unasked, and the most that they give. */
const pageSizes = new Set([100, 1000]);

/** Finds bare lists that end exactly where a page of Resource Graph ends, unless another list follows. */
function bareLists(): {
  readonly add: (name: string | undefined, rows: number) => void;
  readonly cut: () => readonly MissingRows[];
} {
  const sizes = new Set<number>();
  let last = { name: '', rows: 0 };
  const end = (): void => {
    if (pageSizes.has(last.rows)) sizes.add(last.rows);
  };
  return {
    add(name, rows) {
      if (name === last.name) last.rows += rows;
      else {
        // The next rows, where they are of another bare list, may be the next page.
        if (name === undefined) end();
        last = { name: name ?? '', rows: name === undefined ? 0 : rows };
      }
    },
    cut() {
      end();
      return Array.from(sizes, cutList);
    },
  };
}

function cutList(rows: number): MissingRows {
  return {
    reason: `A list ends after exactly ${number(rows)} rows, which is a page of Resource Graph: more may follow.`,
    hint: 'Export the whole answer, not its data alone: it says how many rows there are. If the list is whole, say --inventory-complete (in a configuration file, inventoryComplete: true).',
  };
}

/**
 * True when a page can be the one that the page before it announces. Files hold the answers to several queries, one after
 * the other: the first page of another subscription or query is not the second page of this one.
 */
function isContinuedBy({ next, understood, sum }: Page, following: Page): boolean {
  if (next === undefined || !understood || !following.paged) return false;
  return sum === undefined || following.sum === undefined || sum === following.sum;
}

/** A row without an id is reported elsewhere. */
function isWithin(row: Json, scope: string): boolean {
  const id = isJsonObject(row) ? row['id'] : undefined;
  return typeof id !== 'string' || id.toLowerCase().startsWith(`${scope}/`);
}
