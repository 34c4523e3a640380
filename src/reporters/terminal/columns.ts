import stringWidth from 'fast-string-width';
import { pad } from './wrap.ts';

const gap = '  ';

/**
 * Rows of cells as aligned columns, two spaces apart, each line ending in a line break. A cell may be painted and may
 * have several lines. Columns whose index is in `right` are aligned to the right.
 */
export function columns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths = columnWidths(rows);
  return rows
    .flatMap((row) => {
      const cells = row.map((cell) => cell.split('\n'));
      const height = Math.max(...cells.map((lines) => lines.length));
      return Array.from({ length: height }, (_, index) => cells.map((lines) => lines[index] ?? ''));
    })
    .map((line) => line.map((cell, index) => align(cell, widths[index] ?? 0, right.includes(index))))
    .map((cells) => `${cells.join(gap).trimEnd()}\n`)
    .join('');
}

/** True where no line of a table is wider than this: a table is never wrapped. */
export function isWithin(table: string, width: number): boolean {
  return widthOf(table) <= width;
}

/** The width of the widest line of a table. */
export function widthOf(table: string): number {
  return Math.max(...table.split('\n').map((line) => stringWidth(line)));
}

function columnWidths(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, ...cell.split('\n').map((line) => stringWidth(line)));
  return widths;
}

function align(cell: string, width: number, toTheRight: boolean): string {
  return toTheRight ? ' '.repeat(Math.max(0, width - stringWidth(cell))) + cell : pad(cell, width);
}
