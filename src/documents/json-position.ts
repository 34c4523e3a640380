/** A text of a file, and the line on which it starts. */
export interface PlacedText {
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

/** `file:line:column` of an offset. */
export function placeIn({ text, line, file }: PlacedText, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${file}:${line + before.length - 1}:${(before.at(-1)?.length ?? 0) + 1}`;
}

/** Where `JSON.parse` stumbled: V8 says so in most messages; "Unexpected token" comes without, and is searched for by halves. */
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
