// The script of the HTML report, which scripts/generate-page.ts puts into a module. It runs in a browser.

/** A finding: the line of HTML that shows it, and what is made of it when somebody searches, chooses or sorts. */
interface Row {
  readonly html: string;
  /** Severity, verdict, rule, resource, subscription. */
  cells?: readonly string[];
  /** Everything in it, in lower case. */
  text?: string;
}

/** Replaced by a number when the script is put into its module. */
declare const ROWS_ON_PAGE: number;

const rowsOnPage = ROWS_ON_PAGE;
/** A browser takes minutes to print more. */
const mostPrinted = 10_000;

/** Columns whose words have an order of their own. */
const orders: Readonly<Record<number, readonly string[]>> = {
  0: ['critical', 'high', 'medium', 'low'],
  1: ['non-compliant', 'unknown', 'exempt', 'compliant'],
};

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&' };

function textOf(html: string): string {
  const text = html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, name = '') =>
      code === undefined ? (names[name] ?? ' ') : String.fromCodePoint(Number(code)),
    );
  return folded(text);
}

function folded(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function cellsOf(row: Row): readonly string[] {
  row.cells ??= row.html
    .split(/<t[dh](?: scope="row")?>/, 6)
    .slice(1)
    .map((cell) => textOf(cell.replace(/<small>.*$/s, '')));
  return row.cells;
}

/** The first rows are elements; the others are lines of the text in `noscript`. */
function readRows(list: HTMLTableSectionElement): readonly Row[] {
  const rows = Array.from(list.rows, ({ outerHTML }): Row => ({ html: outerHTML }));
  for (const chunk of document.querySelectorAll('noscript')) {
    for (const html of chunk.textContent.split('\n')) if (html.startsWith('<tr class=')) rows.push({ html });
    chunk.remove();
  }
  return rows;
}

/** Words that a row must all have, and texts that its cells begin with, by column. */
interface Wanted {
  readonly words: readonly string[];
  readonly chosen: readonly (readonly [column: number, text: string])[];
}

function isWanted(row: Row, { words, chosen }: Wanted): boolean {
  if (chosen.length > 0) {
    const cells = cellsOf(row);
    if (!chosen.every(([column, text]) => cells[column] === text || cells[column]?.startsWith(`${text} ·`)))
      return false;
  }
  if (words.length === 0) return true;
  const text = (row.text ??= textOf(row.html).toLowerCase());
  return words.every((word) => text.includes(word));
}

const { compare } = new Intl.Collator('en', { numeric: true });

/** Rows of the same text keep their order: the worst first. */
function sorted(rows: readonly Row[], column: number, direction: 1 | -1): readonly Row[] {
  const order = orders[column];
  const textIn = (row: Row): string => cellsOf(row)[column] ?? '';
  const rank = (row: Row): number => order?.findIndex((word) => textIn(row).startsWith(word)) ?? 0;
  return rows.toSorted(
    (a, b) => direction * (order === undefined ? compare(textIn(a), textIn(b)) : rank(a) - rank(b)),
  );
}

/** The elements that the reporter has written for this script. */
interface Page {
  readonly list: HTMLTableSectionElement;
  readonly heads: readonly HTMLTableCellElement[];
  readonly form: HTMLFormElement;
  readonly query: HTMLInputElement;
  readonly selects: readonly HTMLSelectElement[];
  readonly hits: HTMLElement;
  readonly pages: HTMLElement;
  /** First, previous, next, last. */
  readonly turns: readonly HTMLButtonElement[];
}

/** The rows in order, those of them that match, and the place of the first one that is on the page. */
interface View {
  readonly rows: readonly Row[];
  order: readonly Row[];
  shown: readonly Row[];
  from: number;
}

/** Absent where there is no finding. */
function readPage(): Page | undefined {
  const table = document.querySelector<HTMLTableElement>('table#list');
  const list = table?.tBodies[0];
  const form = document.querySelector<HTMLFormElement>('form#filters');
  const query = document.querySelector<HTMLInputElement>('input#query');
  const hits = document.getElementById('hits');
  const pages = document.getElementById('pages');
  if (!list || !form || !query || !hits || !pages) return undefined;
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(0, 5);
  const selects = [...form.querySelectorAll('select')];
  return { list, heads, form, query, selects, hits, pages, turns: [...pages.querySelectorAll('button')] };
}

function draw({ list, hits, pages, turns }: Page, { rows, shown, from }: View, amount = rowsOnPage): void {
  const end = Math.min(from + amount, shown.length);
  list.innerHTML = shown
    .slice(from, end)
    .map(({ html }) => html)
    .join('\n');
  hits.textContent = hitWords(end - from === shown.length ? undefined : [from + 1, end], shown, rows);
  pages.hidden = shown.length <= rowsOnPage;
  for (const [index, button] of turns.entries())
    button.disabled = index < 2 ? from === 0 : end === shown.length;
}

function number(value: number): string {
  return value.toLocaleString('en');
}

/** `101 to 200 of 1,234 findings that match, of 10,000.` */
function hitWords(
  places: readonly number[] | undefined,
  shown: readonly Row[],
  rows: readonly Row[],
): string {
  const all = shown.length === rows.length ? '' : `, of ${number(rows.length)}`;
  if (shown.length === 0) return `No finding matches${all}.`;
  const place = places === undefined ? '' : `${places.map(number).join(' to ')} of `;
  const noun = shown.length === 1 ? 'finding' : 'findings';
  return `${place}${number(shown.length)} ${noun}${all === '' ? '' : ` that match${shown.length === 1 ? 'es' : ''}${all}`}.`;
}

function choose(page: Page, view: View): void {
  const words = folded(page.query.value.toLowerCase()).split(' ');
  const chosen = page.selects.flatMap((select) => {
    const text = folded(select.selectedOptions[0]?.text ?? '');
    return select.selectedIndex <= 0 ? [] : [[Number(select.dataset['column']), text] as const];
  });
  const wanted = { words: words.filter((word) => word !== ''), chosen };
  view.shown = view.order.filter((row) => isWanted(row, wanted));
  view.from = 0;
  draw(page, view);
}

function addSorting(page: Page, view: View): void {
  for (const [column, head] of page.heads.entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    // On paper it stands in for the button, which Chromium leaves out of heads that are repeated.
    head.dataset['name'] = head.textContent;
    button.addEventListener('click', () => {
      const isAscending = head.ariaSort !== 'ascending';
      for (const other of page.heads) other.removeAttribute('aria-sort');
      head.ariaSort = isAscending ? 'ascending' : 'descending';
      view.order = sorted(view.rows, column, isAscending ? 1 : -1);
      choose(page, view);
    });
    head.replaceChildren(button);
  }
}

function addSearch(page: Page, view: View): void {
  const { form, query } = page;
  form.addEventListener('input', () => choose(page, view));
  // Its fields have their first values again only after the event.
  form.addEventListener('reset', () => setTimeout(() => choose(page, view)));
  form.addEventListener('submit', (event) => event.preventDefault());
  query.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    query.value = '';
    choose(page, view);
  });
  form.hidden = false;
}

function addPaging(page: Page, view: View): void {
  const places = [
    () => 0,
    () => view.from - rowsOnPage,
    () => view.from + rowsOnPage,
    () => Math.floor((view.shown.length - 1) / rowsOnPage) * rowsOnPage,
  ];
  for (const [index, button] of page.turns.entries())
    button.addEventListener('click', () => {
      view.from = Math.max(0, places[index]?.() ?? 0);
      draw(page, view);
      page.hits.scrollIntoView();
    });
}

/** On paper there are no pages to turn: what matches is there at once. */
function addPrinting(page: Page, view: View): void {
  addEventListener('beforeprint', () => draw(page, { ...view, from: 0 }, mostPrinted));
  addEventListener('afterprint', () => draw(page, view));
}

/** Shows what a link leads to, though it be folded away. */
function unfold(): void {
  const details = document.getElementById(location.hash.slice(1))?.querySelector('details');
  if (details) details.open = true;
}

const page = readPage();
if (page !== undefined) {
  const rows = readRows(page.list);
  const view = { rows, order: rows, shown: rows, from: 0 };
  for (const add of [addSorting, addSearch, addPaging, addPrinting, choose]) add(page, view);
  document.getElementById('rest')?.remove();
}
addEventListener('hashchange', unfold);
unfold();
