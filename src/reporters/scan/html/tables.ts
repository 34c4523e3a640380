import { htmlText } from '../../text/html.ts';
import { count } from '../../words/counts.ts';

/** A table. Cells are HTML already; the first of each row is its head. */
interface HtmlTable {
  /** Plain text. */
  readonly caption: string;
  /** Plain text. */
  readonly head: readonly string[];
  readonly rows: readonly HtmlRow[];
  /** Columns of numbers, by their index. */
  readonly numeric?: readonly number[];
}

/** The cells of a row; with the id that links go to, or classes of single cells. */
export interface HtmlRow {
  readonly cells: readonly string[];
  readonly id?: string;
  /** By the index of the cell. */
  readonly classes?: Readonly<Record<number, string>>;
}

/** A table that can be scrolled where the page is narrow; nothing without a row. */
export function* htmlTable({ caption, head, rows, numeric = [] }: HtmlTable): Iterable<string> {
  if (rows.length === 0) return;
  const attribute = (index: number, given: string | undefined): string => {
    const names = [given ?? '', numeric.includes(index) ? 'number' : ''].filter((name) => name !== '');
    return names.length === 0 ? '' : ` class="${names.join(' ')}"`;
  };
  const columns = head.map((text, index) => `<th scope="col"${attribute(index, '')}>${htmlText(text)}</th>`);
  const label = htmlText(caption);
  yield `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table>\n<caption>${label}</caption>\n`;
  yield `<thead><tr>${columns.join('')}</tr></thead>\n<tbody>\n`;
  for (const { cells, id, classes } of rows) {
    const [first = '', ...others] = cells;
    const rest = others.map((cell, index) => `<td${attribute(index + 1, classes?.[index + 1])}>${cell}</td>`);
    yield `<tr${id === undefined ? '' : ` id="${id}"`}><th scope="row">${first}</th>${rest.join('')}</tr>\n`;
  }
  yield '</tbody></table></div>\n';
}

/** A table of which the rows after the first ones are folded away, and counted; in print they are there. */
export function* foldedTable(
  table: HtmlTable,
  { most, one }: { readonly most: number; readonly one: string },
): Iterable<string> {
  const { rows, caption } = table;
  if (rows.length <= most) {
    yield* htmlTable(table);
    return;
  }
  yield* htmlTable({ ...table, rows: rows.slice(0, most) });
  const others = rows.slice(most);
  yield `<details><summary>${count(others.length, `more ${one}`)}</summary>\n`;
  yield* htmlTable({ ...table, caption: `${caption}, continued`, rows: others });
  yield '</details>\n';
}
