import { endOfString } from './sequence.ts';

/** An object of a text with more members than allowed; `offset` is that of its opening brace. */
export interface WideObject {
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

const [quote, colon, openObject, closeObject] = [0x22, 0x3a, 0x7b, 0x7d];
