import { type CST, Lexer } from 'yaml';

import type { Flaw } from '../decode-text.ts';

/** The levels to which lists and objects may be nested; the YAML composer and the compiler recurse. */
const depthLimit = 100;

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
    if (!markers.has(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** Markers that the lexer puts between pieces of the text: a document begins, a flow ends, a scalar follows. */
const markers: ReadonlySet<string> = new Set(['\x02', '\x18', '\x1f']);

function isSpace(lexeme: string): boolean {
  return lexeme.trim() === '';
}

/** Counts how deep brackets nest, and how many list and key signs (`- - -`) follow in a row, each inside the one before. */
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

/** Flaws of the tokens of a file before they are composed. A `fatal` flaw forbids to compose them. */
interface Structure {
  readonly flaws: readonly Flaw[];
  readonly fatal: boolean;
}

/** Finds what YAML allows and this loader does not: more than one document, directives, anchors, tags, deep nesting. */
export function checkStructure(tokens: readonly CST.Token[]): Structure {
  const first = scanTokens(tokens);
  if (first.deep !== undefined) {
    const message = `nested more than ${depthLimit} levels deep`;
    return { flaws: [{ offset: first.deep.offset, message }], fatal: true };
  }
  if (first.unclosed !== undefined) {
    const opened = first.unclosed.type === 'flow-collection' ? 'bracket' : 'quote';
    return { flaws: flaw(first.unclosed, () => `this ${opened} is never closed`), fatal: true };
  }
  const directive = tokens.find((token) => token.type === 'directive');
  const [, second] = tokens.filter((token) => token.type === 'document');
  return {
    flaws: [
      ...flaw(directive, () => 'YAML directives (%) are not supported; delete the line'),
      ...flaw(second, () => 'a second YAML document begins here; put it in a file of its own'),
      ...flaw(first.tag, (name) => `tags such as ${name} are not supported; write the value without it`),
      ...flaw(
        first.anchor,
        (name) =>
          `${name} is YAML for ${name.startsWith('&') ? 'an anchor' : 'an alias'}, which is not supported; ` +
          'write the value out, or put it in quotes',
      ),
    ],
    fatal: false,
  };
}

/** The first token of each kind that is refused: an alias bomb is one mistake, not thousands. */
interface TokenScan {
  deep?: CST.Token;
  anchor?: CST.Token;
  tag?: CST.Token;
  unclosed?: CST.Token;
}

function scanTokens(tokens: readonly CST.Token[]): TokenScan {
  const first: TokenScan = {};
  // A stack of our own: the point is to survive what would overflow the machine's.
  const open = tokens.toReversed();
  const depths = open.map(() => 0);
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    const depth = depths.pop() ?? 0;
    if (depth > depthLimit) return { deep: token };
    if (token.type === 'tag') first.tag ??= token;
    if (token.type === 'anchor' || token.type === 'alias') first.anchor ??= token;
    if (isUnclosed(token)) first.unclosed ??= token;
    for (const child of childrenOf(token).toReversed()) {
      open.push(child);
      depths.push(depth + 1);
    }
  }
  return first;
}

function isUnclosed(token: CST.Token): boolean {
  if (token.type === 'flow-collection') return !token.end.some(({ type }) => type.startsWith('flow-'));
  const quote = quotes[token.type];
  return (
    quote !== undefined && 'source' in token && (token.source.length < 2 || !token.source.endsWith(quote))
  );
}

const quotes: Readonly<Record<string, string>> = {
  'single-quoted-scalar': "'",
  'double-quoted-scalar': '"',
};

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document')
    return token.value === undefined ? [...token.start] : [...token.start, token.value];
  if (token.type === 'block-scalar') return [...token.props];
  if (!('items' in token)) return [];
  const children: CST.Token[] = [];
  for (const item of token.items) {
    children.push(...item.start);
    if (item.key !== undefined && item.key !== null) children.push(item.key);
    if (item.sep !== undefined) children.push(...item.sep);
    if (item.value !== undefined) children.push(item.value);
  }
  return children;
}

function flaw(token: CST.Token | undefined, wording: (source: string) => string): readonly Flaw[] {
  if (token === undefined) return [];
  const source = 'source' in token ? token.source : '';
  const name = source.length > 40 ? `${source.slice(0, 40)}…` : source;
  const lossy = token.type !== 'document' && token.type !== 'directive';
  return [{ offset: 'offset' in token ? token.offset : 0, message: wording(name), lossy }];
}
