import { emit, type LexerState, matchAt, openCode } from './lexer-state.ts';

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
