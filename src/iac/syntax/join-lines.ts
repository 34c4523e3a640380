import type { Token } from './token.ts';

/**
 * The tokens without the line ends that separate nothing in HCL: those inside parentheses, square brackets,
 * interpolations and comprehensions. In the braces of an object or a block they separate.
 */
export function joinLines(tokens: readonly Token[]): readonly Token[] {
  const joins: boolean[] = [];
  return tokens.filter(({ kind, text }, index) => {
    if (kind === 'newline') return joins.at(-1) !== true;
    if (kind === 'code' || (kind === 'mark' && (text === '(' || text === '['))) joins.push(true);
    else if (kind === 'mark' && text === '{') joins.push(isComprehension(tokens, index + 1));
    else if (kind === 'endCode' || (kind === 'mark' && /^[)\]}]$/.test(text))) joins.pop();
    return true;
  });
}

/** `{ for k, v in map : … }`; line ends are merged by the lexer, so at most one precedes the word. */
function isComprehension(tokens: readonly Token[], index: number): boolean {
  const first = tokens[index]?.kind === 'newline' ? index + 1 : index;
  return tokens[first]?.kind === 'word' && tokens[first].text === 'for' && tokens[first + 1]?.kind === 'word';
}
