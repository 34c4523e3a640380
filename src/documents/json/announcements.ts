import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';

/** The announcements of a page in addition to its rows. */
export interface Announcements {
  /** The name of the field that announces a next page, or seems to. */
  readonly next: string | undefined;
  /** False for a field that only seems to: no following page is known to be the one that it means. */
  readonly understood: boolean;
  /** The collection that the link to the next page lists, such as `/subscriptions/…`, where the link names it. */
  readonly scope: string | undefined;
  readonly total: number;
  /** The number of rows on all pages, which every page of one answer repeats. */
  readonly sum: number | undefined;
  /** True when the page says how many rows there are, or that no page follows. */
  readonly saysWhole: boolean;
  readonly truncated: boolean;
  /** True when Azure reported an error along with the rows. */
  readonly failed: boolean;
}

const nextPage = [
  'nextlink',
  '@odata.nextlink',
  'odata.nextlink',
  '$skiptoken',
  'skiptoken',
  'continuationtoken',
];
/** The rows of this page alone, or of all: `az graph query` and PowerShell mean the former. */
const counts = ['count', '@odata.count'];
const totals = ['totalrecords', 'totalcount', 'total'];

/** Exports differ in the letter case of names, and in underscores. */
export function announcementsOf(page: JsonObject): Announcements {
  const fields = Object.entries(page).map(([name, value]) => {
    return { name, plain: name.toLowerCase().replaceAll('_', ''), value };
  });
  const given = fields.filter(({ value }) => isGiven(value));
  const named = (names: readonly string[]): typeof fields =>
    given.filter(({ plain }) => names.includes(plain));
  const [link] = named(nextPage);
  const next = link?.name;
  const sums = named(totals).map(({ value }) => countIn(value));
  const strange = strangeAnnouncement(page);
  const numbers = [...sums, ...named(counts).map(({ value }) => countIn(value))];
  return {
    next: next ?? strange,
    understood: next !== undefined || strange === undefined,
    scope: scopeOfLink(link?.value),
    sum: sums.find(Number.isFinite),
    total: Math.max(0, ...numbers.filter(Number.isFinite)),
    saysWhole:
      named(totals).length > 0 || fields.some(({ plain }) => nextPage.includes(plain) && next === undefined),
    truncated: named(['resulttruncated']).some(({ value }) => isYes(value)),
    failed: named(['error', 'errors']).length > 0,
  };
}

/** A number, or as ARM has it: `{"type": "Total", "value": 2}`. */
function countIn(total: Json | undefined): number {
  return Number(isJsonObject(total) ? total['value'] : total);
}

function isGiven(value: Json | undefined): boolean {
  return (
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)
  );
}

function isYes(value: Json | undefined): boolean {
  return value === true || (typeof value === 'string' && value.toLowerCase() === 'true');
}

const known = new Set([...nextPage, ...counts, ...totals, 'resulttruncated', 'error', 'errors']);
const seemsToGoOn =
  /next|continu|cursor|skip|more|truncat|partial|remaining|(?:total|last)pages?$|pagecount/u;
/** The keys in which other services put their links and tokens. */
const mostDepth = 2;

/** A field that some service announces further pages with, such as `hasMore` or `links.next`. */
function strangeAnnouncement(page: JsonObject, depth = 0): string | undefined {
  for (const [name, value] of Object.entries(page)) {
    const plain = name.toLowerCase().replaceAll(/[_-]/gu, '');
    if ((depth === 0 && known.has(plain)) || isOver(plain, value)) continue;
    if (seemsToGoOn.test(plain)) return name;
    const inner =
      isJsonObject(value) && depth < mostDepth && !isRowList(plain)
        ? strangeAnnouncement(value, depth + 1)
        : undefined;
    if (inner !== undefined) return `${name}.${inner}`;
  }
  return undefined;
}

/** Values that announce that nothing follows: nothing, no, none, one page. */
function isOver(plain: string, value: Json | undefined): boolean {
  if (!isGiven(value) || value === false || value === 0) return true;
  if (isJsonObject(value)) return Object.keys(value).length === 0;
  if (typeof value === 'string') return /^(?:false|null|none|no)$/iu.test(value.trim());
  return value === 1 && plain.includes('page');
}

function isRowList(plain: string): boolean {
  return plain === 'value' || plain === 'data';
}

/** The subscription or resource group that a link to a next page lists, in lower case. */
function scopeOfLink(link: Json | undefined): string | undefined {
  if (typeof link !== 'string') return undefined;
  return /^https:\/\/[^/?#]+(\/subscriptions\/[^/?#]+(?:\/resourcegroups\/[^/?#]+)?)\//i
    .exec(link)?.[1]
    ?.toLowerCase();
}
