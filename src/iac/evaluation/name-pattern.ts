/** A stretch of a name that the source text leaves open: between `min` and `max` characters. */
export interface Gap {
  readonly min: number;
  readonly max: number;
  /** Only letters and digits, as in a unique string. */
  readonly plain: boolean;
  /** Only the letters and digits of base 32, which lack 0, 1, 8 and 9. */
  readonly base32?: boolean;
  /** The derivation of the text from facts of the vault itself, where there is one. */
  readonly origin?: GapOrigin;
}

/** A fact of the vault that is named: Azure fills it in when the template is deployed. */
export type OwnFact = 'resourceGroupId' | 'resourceGroupName' | 'subscriptionId' | 'subscriptionGuid';

/** The source of a gap's text. A hash is a stretch of the `uniqueString` of a text of own facts. */
export type GapOrigin =
  | { readonly kind: 'own'; readonly fact: OwnFact }
  | { readonly kind: 'hash'; readonly of: NamePattern; readonly start: number; readonly end: number };

/** A name as far as source text shows it: literal stretches, and gaps between them. */
export type NamePattern = readonly (string | Gap)[];

/** Any text at all. */
export const anything: NamePattern = [{ min: 0, max: Infinity, plain: false }];

/** Names in Azure have at most 90 characters (resource groups); longer texts are only known by their beginning. */
export const longestLiteral = 1000;
const mostParts = 24;

/** A text: a name, or one that is too long to be one and may be a document. */
export interface TextValue {
  readonly pattern: NamePattern;
  /** All of a text without gaps of which the pattern has only the beginning. */
  readonly whole?: string;
}

/** A text without gaps. */
export function writtenText(text: string): TextValue {
  if (text.length <= longestLiteral) return { pattern: [text] };
  return { pattern: [text.slice(0, longestLiteral), ...anything], whole: text };
}

/** All of a text without gaps, however long it is; `undefined` for one with gaps. */
export function wholeText({ pattern, whole }: TextValue): string | undefined {
  return whole ?? literalOf(pattern);
}

/** Joins stretches of a name; neighbours of a kind become one. */
export function joinPatterns(patterns: readonly NamePattern[]): NamePattern {
  const joined: (string | Gap)[] = [];
  let length = 0;
  for (const part of patterns.flat()) {
    const last = joined.at(-1);
    if (typeof part === 'string') {
      if (part === '') continue;
      length += part.length;
      if (length > longestLiteral || joined.length >= mostParts) return [...joined, ...anything];
      if (typeof last === 'string') joined.splice(-1, 1, last + part);
      else joined.push(part);
    } else if (typeof last === 'object' && last.origin === undefined && part.origin === undefined) {
      joined.splice(-1, 1, mergedGap(last, part));
    } else joined.push(part);
  }
  return joined;
}

/** Of more patterns than are kept: the first literal stretch, where all have the same, and after it anything. */
export function sharedPattern(patterns: readonly NamePattern[]): NamePattern {
  const [first] = patterns[0] ?? [];
  const shared = typeof first === 'string' && patterns.every(([other]) => other === first);
  return shared ? [first, ...anything] : anything;
}

function mergedGap(one: Gap, other: Gap): Gap {
  return {
    min: one.min + other.min,
    max: one.max + other.max,
    plain: one.plain && other.plain,
    base32: one.base32 === true && other.base32 === true,
  };
}

/** The text of a pattern without gaps. */
export function literalOf(pattern: NamePattern): string | undefined {
  if (pattern.length === 0) return '';
  const [only] = pattern;
  return pattern.length === 1 && typeof only === 'string' ? only : undefined;
}

/** The pattern in lower case: names in Azure are compared in any letter case. */
export function lowerCase(pattern: NamePattern): NamePattern {
  return pattern.map((part) => (typeof part === 'string' ? part.toLowerCase() : part));
}
