import type { Block } from './cut.ts';

/** The kind of a table's rows, for the count of what a shortened report leaves out. */
type RowKind = 'findings' | 'gaps' | 'extra';

/** A Markdown table. Cells are safe already. */
export interface MarkdownTable {
  /** `| One | Two |` */
  readonly head: string;
  readonly rows: Iterable<readonly string[]>;
  readonly kind: RowKind;
}

/** A titled table as blocks that are never torn: the first carries title and head. None without a row. */
export function* tableBlocks(title: string, { head, rows, kind }: MarkdownTable): Iterable<Block> {
  const columns = head.split('|').length - 2;
  let before = `\n### ${title}\n\n${head}\n|${' --- |'.repeat(columns)}\n`;
  for (const cells of rows) {
    const text = `${before}| ${cells.join(' | ')} |
`;
    yield kind === 'extra' ? { text } : { text, [kind]: 1 };
    before = '';
  }
}
