/** A text of a file, and the line on which it starts. */
export interface PlacedText {
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

/** `file:line:column` of an offset. */
export function placeIn({ text, line, file }: PlacedText, offset: number): string {
  return `${file}:${lineAndColumn(text, offset, line)}`;
}

/** `line:column` of an offset, in a text that starts on line `first`. */
export function lineAndColumn(text: string, offset: number, first = 1): string {
  const before = text.slice(0, offset).split('\n');
  return `${first + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The offset at which `JSON.parse` failed. V8 puts it in most messages; without it, "Unexpected token" is found by bisection. */
export function errorOffset(error: unknown, text: string): number {
  const message = error instanceof Error ? error.message : '';
  const known = /position (\d+)/.exec(message)?.[1];
  if (known !== undefined) return Number(known);
  if (!message.startsWith('Unexpected token')) return text.length;
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token');
  }
}
