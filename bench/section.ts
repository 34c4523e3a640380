/** One chapter of docs/performance.md. Cells are Markdown. */
export interface Section {
  readonly title: string;
  /** What is measured and how; a paragraph each. */
  readonly text: readonly string[];
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A section as Markdown. */
export function renderSection({ title, text, head, rows }: Section): string {
  const table = rows.length === 0 ? [] : [line(head), line(head.map(() => '---')), ...rows.map(line)];
  return [`## ${title}`, ...text, table.join('\n')].filter((part) => part !== '').join('\n\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** `1.04 ×`, `28 ×`: a ratio in three significant digits. */
export function times(ratio: number): string {
  return `${significant(ratio)} ×`;
}

/** A number in three significant digits, thousands grouped. */
export function significant(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en');
}

/** `met` or `**missed**`. */
export function judged(met: boolean): string {
  return met ? 'met' : '**missed**';
}
