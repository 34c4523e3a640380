/** A text of JSON, and how far it has been read. */
export interface JsonText {
  readonly text: string;
  at: number;
}

/** Where a text stops being JSON. It is caught where the file is read, never shown as a crash. */
export class NotJson extends Error {
  override readonly name = 'NotJson';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const blanks = /(?:[\s\uFEFF]+|\/\/[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
const literal = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;

/** The next character after blanks and comments, which it steps over; `''` at the end. */
export function nextCharacter(json: JsonText): string {
  blanks.lastIndex = json.at;
  blanks.test(json.text);
  json.at = blanks.lastIndex;
  return json.text.charAt(json.at);
}

/** Reads a string, with the text at its opening quote. Line breaks in it are kept: templates have them. */
export function readString(json: JsonText): string {
  const { text, at } = json;
  let end = text.indexOf('"', at + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  if (end === -1) throw new NotJson('a string is not closed', at);
  json.at = end + 1;
  const inside = text.slice(at + 1, end);
  return inside.includes('\\') ? unescaped(inside, at) : inside;
}

/** Reads a number, `true`, `false` or `null`. */
export function readLiteral(json: JsonText): number | boolean | null {
  literal.lastIndex = json.at;
  const word = literal.exec(json.text)?.[0];
  if (word === undefined) throw new NotJson('this is not JSON', json.at);
  json.at += word.length;
  const value: number | boolean | null = JSON.parse(word);
  return value;
}

/** An odd number of backslashes before a quote makes it part of the string. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote;
  while (text.charAt(before - 1) === '\\') before -= 1;
  return (quote - before) % 2 === 1;
}

function unescaped(inside: string, at: number): string {
  const characters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return inside.replaceAll(/\\(?:u([0-9A-Fa-f]{4})|([\s\S]))/g, (escape, code?: string, one?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    if (one === 'u') throw new NotJson(`${escape} begins no character`, at);
    return characters[one ?? ''] ?? one ?? '';
  });
}
