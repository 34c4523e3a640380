import type { Block } from './cut.ts';

/** A Markdown table as blocks that are never torn: the first carries the head. Cells are safe already. */
export function* tableBlocks(head: string, rows: Iterable<readonly string[]>): Iterable<Block> {
  const columns = head.split('|').length - 2;
  let before = `\n${head}\n|${' --- |'.repeat(columns)}\n`;
  for (const cells of rows) {
    yield { text: `${before}| ${cells.join(' | ')} |\n`, rows: 1 };
    before = '';
  }
}
