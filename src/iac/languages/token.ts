import type { Dialect } from './dialect.ts';

/**
 * `open`, `text`, `code`, `endCode`, `close` are the pieces of a string: `'kv-${env}'` is open, text, code, word,
 * endCode, close. `broken` ends a string that is not closed on its line.
 */
type TokenKind =
  | 'word'
  | 'number'
  | 'punctuator'
  | 'newline'
  | 'open'
  | 'text'
  | 'code'
  | 'endCode'
  | 'close'
  | 'heredoc'
  | 'broken'
  | 'end';

/** A token; `text` of a string's piece has its escapes resolved. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly at: number;
}

/** A text that is being cut into tokens. */
export interface LexerState {
  readonly text: string;
  readonly dialect: Dialect;
  /** Offset of `text` in its file. */
  readonly base: number;
  at: number;
  readonly tokens: Token[];
  /** For each open string `inString` or `inTemplate`; for each piece of code in one the number of its open braces. */
  readonly open: number[];
  /** The number of here documents around this text. */
  readonly templates: number;
  /** The number of blanks at the beginning of each line that are not part of a here document. */
  readonly indentation: number;
}

export const inString = -1;
export const inTemplate = -2;

/** The match of a sticky pattern at the current place, which it steps over. */
export function matchAt(pattern: RegExp, state: LexerState): RegExpExecArray | undefined {
  pattern.lastIndex = state.at;
  const found = pattern.exec(state.text) ?? undefined;
  if (found !== undefined) state.at = pattern.lastIndex;
  return found;
}

/** Steps over a match of a sticky pattern at the current place, if there is one: without making the match. */
export function stepOver(pattern: RegExp, state: LexerState): boolean {
  pattern.lastIndex = state.at;
  if (!pattern.test(state.text)) return false;
  state.at = pattern.lastIndex;
  return true;
}

/** Adds a token; `at` is its offset in the text of the state. */
export function emit({ tokens, base }: LexerState, token: Token): void {
  tokens.push(base === 0 ? token : { ...token, at: base + token.at });
}

/** Steps over the punctuator that opens an interpolation, if one is here. */
export function openCode(state: LexerState): boolean {
  const { at, dialect } = state;
  const text = dialect.code === undefined ? undefined : matchAt(dialect.code, state)?.[0];
  if (text === undefined) return false;
  state.open.push(0);
  emit(state, { kind: 'code', text, at });
  return true;
}

/** Up to the end of a line, or to the next interpolation. */
const plain = /(?:[^$%\n]|[$%](?![$%{]))+\n?|\n/y;
const escape = /\$\$\{|%%\{|[$%](?!\{)/y;

/**
 * Reads a piece of a here document, or of a string in Terraform's JSON: interpolations are code, but quotes, line ends
 * and backslashes are plain characters.
 */
export function readTemplatePiece(state: LexerState): void {
  const { dialect, at, text } = state;
  const startsLine = at === 0 || text[at - 1] === '\n';
  const line = matchAt(plain, state)?.[0];
  if (line !== undefined)
    return emit(state, { kind: 'text', text: startsLine ? unindented(line, state) : line, at });
  const escaped = matchAt(escape, state)?.[0];
  if (escaped !== undefined) return emit(state, { kind: 'text', text: dialect.unescape(escaped), at });
  if (!openCode(state)) state.at += 1;
}

/** Empty lines keep their blanks, as in HCL. */
function unindented(line: string, { indentation }: LexerState): string {
  return /^\s*\n$/.test(line) ? line : line.slice(indentation);
}

/** The number of blanks that every line begins with, empty lines aside. */
export function commonIndentation(body: string): number {
  const indentations = body.split('\n').flatMap((line) => (/\S/.test(line) ? [line.search(/\S/)] : []));
  return indentations.reduce((least, indentation) => Math.min(least, indentation), Infinity);
}
