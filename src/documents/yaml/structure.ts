import type { CST } from 'yaml';

import type { Flaw } from '../decode-text.ts';

/** How deep lists and objects may be nested; the YAML composer and the compiler recurse. */
export const depthLimit = 100;

/** What the tokens of a file show before they are composed. A `fatal` flaw forbids to compose them. */
export interface Structure {
  readonly flaws: readonly Flaw[];
  readonly fatal: boolean;
}

/** Finds what YAML allows and this loader does not: more than one document, directives, anchors, tags, deep nesting. */
export function checkStructure(tokens: readonly CST.Token[]): Structure {
  const seen = survey(tokens);
  if (seen.deep !== undefined) {
    const message = `nested more than ${depthLimit} levels deep`;
    return { flaws: [{ offset: seen.deep.offset, message }], fatal: true };
  }
  if (seen.unclosed !== undefined) {
    const opened = seen.unclosed.type === 'flow-collection' ? 'bracket' : 'quote';
    return { flaws: flaw(seen.unclosed, () => `this ${opened} is never closed`), fatal: true };
  }
  const directive = tokens.find((token) => token.type === 'directive');
  const [, second] = tokens.filter((token) => token.type === 'document');
  return {
    flaws: [
      ...flaw(directive, () => 'YAML directives (%) are not supported; delete the line'),
      ...flaw(second, () => 'a second YAML document begins here; put it in a file of its own'),
      ...flaw(seen.tag, (name) => `tags such as ${name} are not supported; write the value without it`),
      ...flaw(
        seen.anchor,
        (name) =>
          `${name} is YAML for ${name.startsWith('&') ? 'an anchor' : 'an alias'}, which is not supported; ` +
          'write the value out, or put it in quotes',
      ),
    ],
    fatal: false,
  };
}

/** The first token of each kind that is refused: an alias bomb is one mistake, not thousands. */
interface Survey {
  deep?: CST.Token;
  anchor?: CST.Token;
  tag?: CST.Token;
  unclosed?: CST.Token;
}

function survey(tokens: readonly CST.Token[]): Survey {
  const seen: Survey = {};
  // A stack of our own: the point is to survive what would overflow the machine's.
  const open = tokens.toReversed();
  const depths = open.map(() => 0);
  for (let token = open.pop(); token !== undefined; token = open.pop()) {
    const depth = depths.pop() ?? 0;
    if (depth > depthLimit) return { deep: token };
    if (token.type === 'tag') seen.tag ??= token;
    if (token.type === 'anchor' || token.type === 'alias') seen.anchor ??= token;
    if (isUnclosed(token)) seen.unclosed ??= token;
    for (const child of childrenOf(token).toReversed()) {
      open.push(child);
      depths.push(depth + 1);
    }
  }
  return seen;
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
