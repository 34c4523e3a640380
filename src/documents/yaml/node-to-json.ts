import { isMap, isScalar, isSeq, type Node, type Pair, type ParsedNode } from 'yaml';

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
