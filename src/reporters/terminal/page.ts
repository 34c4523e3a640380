import stringWidth from 'fast-string-width';
import type { PageBlock } from '../../model/page.ts';
import type { Terminal } from '../format.ts';
import { terminalText } from '../text/terminal.ts';
import { columns } from './columns.ts';
import { styleFor, type TerminalStyle } from './style.ts';
import { wrap } from './wrap.ts';

/** The last column of a table is wrapped; where less is left for it, a row is laid out in lines. */
const leastCellWidth = 24;

/** A page of documentation laid out for a terminal: headings at the margin, the rest below them; code is never wrapped. */
export function* pageText(blocks: readonly PageBlock[], terminal: Terminal): Iterable<string> {
  const style = styleFor(terminal);
  for (const [index, block] of blocks.entries()) {
    const above = blocks[index - 1];
    const isClose = above === undefined || above.kind === 'heading' || isLabel(above);
    yield `${isClose ? '' : '\n'}${blockText(block, style)}`;
  }
}

/** `Bicep:`, which belongs to what follows it. */
function isLabel(block: PageBlock): boolean {
  return block.kind === 'paragraph' && block.text.endsWith(':');
}

function blockText(block: PageBlock, style: TerminalStyle): string {
  const { bold, cyan, underline } = style.colors;
  switch (block.kind) {
    case 'heading':
      return `${bold(terminalText(block.text))}\n`;
    case 'paragraph':
      return block.text
        .split('\n')
        .map((line) => hanging(line, { label: block.isStrong === true ? '' : '  ', style }))
        .join('');
    case 'list':
      return block.lines.map((line) => listItem(line, style)).join('');
    case 'links':
      return block.links.map((link) => `  ${underline(terminalText(link))}\n`).join('');
    case 'table':
      return tableText(block, style);
    case 'code':
      return block.text
        .split('\n')
        .map((line) => `    ${cyan(terminalText(line))}`.trimEnd())
        .map((line) => `${line}\n`)
        .join('');
  }
}

function listItem(line: string, style: TerminalStyle): string {
  const [, indent = '', text = line] = /^( *)- (.*)$/s.exec(line) ?? [];
  return hanging(text, { label: `  ${indent}• `, style });
}

interface Hanging {
  /** Before the first line; the others are indented by its width. */
  readonly label: string;
  readonly style: TerminalStyle;
}

function hanging(text: string, { label, style }: Hanging): string {
  const width = stringWidth(label);
  return wrap(withCode(text, style), Math.max(10, style.width - width))
    .map((line, index) => `${index === 0 ? label : ' '.repeat(width)}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** Paints spans of code word by word, so that lines can be broken between them; without colours their backticks stay. */
function withCode(text: string, { colors }: TerminalStyle): string {
  const safe = terminalText(text);
  if (!colors.isColorSupported) return safe;
  return safe.replaceAll(/`` (.+?) ``|`([^`]+)`/g, (_, long: string | undefined, short: string | undefined) =>
    (long ?? short ?? '')
      .split(' ')
      .map((word) => colors.cyan(word))
      .join(' '),
  );
}

function tableText(
  { head, rows }: Extract<PageBlock, { readonly kind: 'table' }>,
  style: TerminalStyle,
): string {
  const { dim } = style.colors;
  const cells = [
    head.map((cell) => dim(cell)),
    ...rows.map((row) => row.map((cell) => withCode(cell, style))),
  ];
  const left = cells.map((row) => row.slice(0, -1));
  const leftWidth = Math.max(
    ...columns(left)
      .split('\n')
      .map((line) => stringWidth(line)),
  );
  const room = style.width - leftWidth - 4;
  if (room < leastCellWidth)
    return rows
      .map((row) =>
        row.map((cell, index) => hanging(`${head[index] ?? ''}: ${cell}`, { label: '  ', style })),
      )
      .map((lines) => lines.join(''))
      .join('\n');
  const wrapped = cells.map((row, index) =>
    (left[index] ?? []).concat(wrap(row.at(-1) ?? '', room).join('\n')),
  );
  return columns(wrapped.map(([first = '', ...others]) => [`  ${first}`].concat(others)));
}
