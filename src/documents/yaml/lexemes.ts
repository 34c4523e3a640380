import { Lexer } from 'yaml';

import { depthLimit } from './structure.ts';
import type { Flaw } from '../decode-text.ts';

/** More than any file of rules, exemptions or settings of 1 MB needs; the parser takes some microseconds for each. */
const mostLexemes = 600_000;

/**
 * Finds what makes a file not worth parsing, and reads no further: brackets or list signs that nest too deep, and more
 * words and signs than a file has. `text` holds no control characters but white space.
 */
export function lexemeFlaw(text: string): Flaw | undefined {
  const nesting = nestingCounter();
  let [offset, count] = [0, 0];
  for (const lexeme of new Lexer().lex(text)) {
    if (!isSpace(lexeme)) count += 1;
    if (count > mostLexemes)
      return { offset, message: `the file has more than ${mostLexemes} words and signs; split it` };
    if (nesting.after(lexeme) > depthLimit)
      return { offset, message: `nested more than ${depthLimit} levels deep` };
    if (!marks.has(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** What the lexer puts between the pieces of the text: where a document begins, a flow ends, a scalar follows. */
const marks: ReadonlySet<string> = new Set(['\x02', '\x18', '\x1f']);

function isSpace(lexeme: string): boolean {
  return lexeme.trim() === '';
}

/** How deep brackets nest, and how many list and key signs (`- - -`) stand in a row, each inside the one before. */
function nestingCounter(): { readonly after: (lexeme: string) => number } {
  let [brackets, signs] = [0, 0];
  return {
    after(lexeme) {
      if (lexeme === '[' || lexeme === '{') brackets += 1;
      else if (lexeme === ']' || lexeme === '}') brackets = Math.max(0, brackets - 1);
      if (brackets === 0 && (lexeme === '-' || lexeme === '?')) signs += 1;
      else if (!isSpace(lexeme) || lexeme.includes('\n')) signs = 0;
      return Math.max(brackets, signs);
    },
  };
}
