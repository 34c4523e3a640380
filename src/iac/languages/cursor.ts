import type { Dialect } from './dialect.ts';
import type { Token } from './token.ts';

/** A piece of text that is not understood. It is caught where the statement begins, never shown as a crash. */
export class SyntaxFailure extends Error {
  override readonly name = 'SyntaxFailure';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** A place in the tokens of a file. Tokens from `limit` on belong to the next statement. */
export interface Cursor {
  readonly tokens: readonly Token[];
  readonly dialect: Dialect;
  index: number;
  limit: number;
  depth: number;
}

/** Deeper nesting than this is not infrastructure code that people write. */
const deepest = 100;

/** The token at the cursor; at the limit an `end`. */
export function peek(cursor: Cursor, ahead = 0): Token {
  const index = cursor.index + ahead;
  const token = cursor.tokens[Math.min(index, cursor.limit)] ?? cursor.tokens.at(-1);
  if (token !== undefined && index < cursor.limit) return token;
  return { kind: 'end', text: '', at: token?.at ?? 0 };
}

/** Steps over the token at the cursor and returns it. */
export function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

/** True when the token at the cursor, or one further `ahead`, is this punctuator or word. */
export function sees(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return (
    token.text === text && (token.kind === 'punctuator' || token.kind === 'word' || token.kind === 'endCode')
  );
}

/** Steps over this punctuator or word, if it is there. */
export function accept(cursor: Cursor, text: string): boolean {
  const seen = sees(cursor, text);
  if (seen) cursor.index += 1;
  return seen;
}

/** Steps over this punctuator or word. Throws `SyntaxFailure` where there is another token. */
export function expect(cursor: Cursor, text: string): void {
  if (!accept(cursor, text)) throw failure(cursor, `expected ${text}`);
}

/** Steps over a word and returns it. Throws `SyntaxFailure` where there is another token. */
export function expectWord(cursor: Cursor): string {
  if (peek(cursor).kind !== 'word') throw failure(cursor, 'expected a name');
  return take(cursor).text;
}

/** Steps over ends of lines. */
export function skipNewlines(cursor: Cursor): void {
  while (peek(cursor).kind === 'newline') cursor.index += 1;
}

/** Throws `SyntaxFailure` where anything is left before the limit. */
export function expectEnd(cursor: Cursor): void {
  skipNewlines(cursor);
  if (peek(cursor).kind !== 'end') throw failure(cursor, 'expected the end');
}

/** Reads something nested one level deeper. Throws `SyntaxFailure` where that is too deep. */
export function nested<T>(cursor: Cursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > deepest) throw failure(cursor, 'nested too deep');
  const value = read();
  cursor.depth -= 1;
  return value;
}

/** The failure to throw at the token under the cursor. */
export function failure(cursor: Cursor, expectation: string): SyntaxFailure {
  const { kind, text, at } = peek(cursor);
  if (kind === 'broken') return new SyntaxFailure('a string or comment is not closed', at);
  const found =
    kind === 'end' ? 'the statement ends' : kind === 'newline' ? 'the line ends' : `"${text}" stands`;
  return new SyntaxFailure(`${expectation}, but ${found} here`, at);
}
