import {
  type ErrorCode,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type ParsedNode,
  type YAMLError,
} from 'yaml';

import type { Json } from '../../model/json.ts';
import type { Flaw } from '../decode-text.ts';

/** A composed YAML node as JSON, and a flaw for each part of it that JSON cannot express. */
interface ConvertedNode {
  readonly value: Json;
  readonly flaws: readonly Flaw[];
}

/** Converts a node to JSON: keys are text and unique, numbers are finite and exact. */
export function nodeToJson(node: ParsedNode | null): ConvertedNode {
  const flaws: Flaw[] = [];
  return { value: toJson(node, flaws), flaws };
}

function toJson(node: Node | null, flaws: Flaw[]): Json {
  if (isSeq(node)) return node.items.map((item) => toJson(nodeOf(item), flaws));
  if (!isMap(node)) return isScalar(node) ? scalar(node.value, offsetOf(node), flaws) : null;
  const entries = new Map<string, { readonly value: Json; readonly offset: number }>();
  for (const pair of node.items) {
    const key = keyOf(pair, flaws);
    if (key === undefined) continue;
    const earlier = entries.get(key.name);
    const value = toJson(nodeOf(pair.value), flaws);
    if (earlier === undefined) entries.set(key.name, { value, offset: key.offset });
    else flaws.push({ offset: key.offset, message: `key "${key.name}" is given twice` });
  }
  return Object.fromEntries(Array.from(entries, ([name, { value }]) => [name, value]));
}

/** The text of a pair's key; `undefined` (and a flaw) where it is not text. */
function keyOf(pair: Pair, flaws: Flaw[]): { readonly name: string; readonly offset: number } | undefined {
  const key = nodeOf(pair.key);
  const offset = offsetOf(key);
  if (!isScalar(key)) {
    flaws.push({ offset, message: 'a key must be text, not a list or an object', lossy: true });
    return undefined;
  }
  if (typeof key.value !== 'string') {
    flaws.push({ offset, message: `a key must be text; put ${String(key.value)} in quotes`, lossy: true });
    return undefined;
  }
  if (key.value === '<<') {
    flaws.push({ offset, message: 'merge keys (<<) are not supported; write the keys out', lossy: true });
    return undefined;
  }
  return { name: key.value, offset };
}

function scalar(value: unknown, offset: number, flaws: Flaw[]): Json {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'number') return null;
  if (!Number.isFinite(value)) {
    flaws.push({
      offset,
      message: 'infinity and NaN are not numbers here; put the value in quotes',
      lossy: true,
    });
    return null;
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    flaws.push({ offset, message: 'this number is too large to be exact; put it in quotes' });
  }
  return value;
}

/** Offset of a node's first character. */
export function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** `yaml` types the parts of a pair as unknown; the composer only ever puts nodes or null there. */
export function nodeOf(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}

/** Words YAML's own errors: only those up to the first that misleads the parser, since the rest follow from it. */
export function syntaxFlaws(errors: readonly YAMLError[]): readonly Flaw[] {
  const sorted = errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
  const misleading = sorted.findIndex((error) => !harmless.has(error.code));
  const kept = misleading === -1 ? sorted : sorted.slice(0, misleading + 1);
  return kept.map((error) => ({ offset: error.pos[0], message: describeSyntaxError(error) }));
}

/** Errors after which the parser still reads the rest of the file as it was meant. */
const harmless: ReadonlySet<ErrorCode> = new Set(['TAB_AS_INDENT', 'BAD_DQ_ESCAPE', 'BAD_SCALAR_START']);

function describeSyntaxError({ code, message }: YAMLError): string {
  const known = wording[code];
  if (known !== undefined) return known;
  const [, wordsFor] = byMessage.find(([pattern]) => pattern.test(message)) ?? [];
  if (wordsFor !== undefined) return wordsFor;
  const text = message.replaceAll(/\s+/gu, ' ').trim();
  return `not valid YAML: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

const wording: Partial<Readonly<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'a tab is used as indentation; YAML allows spaces only',
  BAD_DQ_ESCAPE: 'unknown escape after a backslash in double quotes; write \\\\ or use single quotes',
  BAD_SCALAR_START: 'a value may not start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a ": " inside a value; put the value in quotes, or check the indentation',
  BLOCK_IN_FLOW: 'a comma or a closing bracket is missing above',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing after this key',
};

const byMessage: readonly (readonly [RegExp, string])[] = [
  [/closing .*quote/u, 'a quote is opened and not closed'],
  [/must end with a|expected to end with|sufficiently indented/iu, 'a bracket is opened and not closed'],
  [/Missing , or :|Missing , between/u, 'a comma is missing before this'],
  [/Missing space after :/u, 'a space is missing after ":"'],
  [/followed by map values/u, 'a ":" is missing after this key'],
  [/same column/u, 'the indentation does not fit the lines above'],
  [/Unexpected ,|Unexpected empty item/u, 'there is an extra comma'],
  [/without - indicator/u, 'the indentation does not fit the list above; is a "-" missing?'],
  [/Block scalar header/u, 'text may not follow | or > on the same line'],
  [/Unexpected flow-(map|seq)-end/u, 'a bracket is closed that was never opened'],
  [
    /at node end|in YAML stream|in YAML document/u,
    'this does not belong here; check indentation and quotes above',
  ],
  [/Comments must be separated/u, 'a space is missing before #'],
  [/indented/iu, 'the indentation does not fit the lines above'],
];
