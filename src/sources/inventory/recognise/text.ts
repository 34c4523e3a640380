import { shortLine, type Recognised } from './format.ts';
import { textFormats, type TextHead } from './text-formats.ts';

/** Recognises a text that is not JSON, with the line that shows its format; `undefined` where it is unknown. */
export function recogniseText(text: string): (Recognised & { readonly shown: string }) | undefined {
  const head = headOf(text);
  for (const { evidence, what, hint } of textFormats) {
    const line = evidence(head);
    if (line !== undefined) return { what, hint, shown: shortLine(line) };
  }
  return undefined;
}

const longestHead = 65_536;
const mostLines = 200;

function headOf(text: string): TextHead {
  const start = text.slice(0, longestHead).replace(/^\uFEFF/u, '');
  const lines = start.split(/\r\n|\n|\r/u).filter((line) => line.trim() !== '');
  return {
    text: start,
    lines: lines.slice(0, mostLines),
    first: lines[0] ?? '',
    last: lastLine(text),
    hasNul: text.includes('\0'),
  };
}

function lastLine(text: string): string {
  return text.slice(-4096).trimEnd().split('\n').at(-1) ?? '';
}
