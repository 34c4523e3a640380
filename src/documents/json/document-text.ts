/** `line:column` of an offset in a text. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
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

/** The closing quote of a string, or the end of the text. Strings of JSON hold no line ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return text.length;
}

const [quote, backslash, colon, openObject, closeObject] = [0x22, 0x5c, 0x3a, 0x7b, 0x7d];

/** An object of a text with more members than allowed; `offset` is that of its opening brace. */
interface WideObject {
  readonly offset: number;
}

/**
 * The first object of a JSON text that has more members than `most`. It is found in the text, before it is parsed: a
 * parser takes seconds and a gigabyte for millions of names. For other text than JSON the result means nothing.
 */
export function findWideObject(text: string, most: number): WideObject | undefined {
  const open: { readonly offset: number; members: number }[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at);
    else if (code === openObject) open.push({ offset: at, members: 0 });
    else if (code === closeObject) open.pop();
    else if (code === colon) {
      const object = open.at(-1);
      if (object === undefined) continue;
      object.members += 1;
      if (object.members > most) return { offset: object.offset };
    }
  }
  return undefined;
}
