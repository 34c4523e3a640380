import type { Location } from '../../model/location.ts';
import { optional } from '../optional.ts';
import {
  anything,
  joinPatterns,
  literalOf,
  type NamePattern,
  sharedPattern,
  type TextValue,
  wholeText,
  writtenText,
} from './name-pattern.ts';

/** A value as far as source text shows it. Elements are evaluated when they are asked for. */
export type Value =
  | ({ readonly kind: 'text' } & TextValue)
  | { readonly kind: 'scalar'; readonly value: number | boolean | null }
  /** An open list may have items besides these, or not all of these. */
  | { readonly kind: 'list'; readonly items: readonly Lazy[]; readonly isOpen?: true }
  | {
      readonly kind: 'map';
      readonly entries: ReadonlyMap<string, Lazy>;
      /** True where there may be elements besides these. */
      readonly isOpen?: true;
      /** In a map that may lack its elements: what they are where it has them. */
      readonly ifThere?: ReadonlyMap<string, Lazy>;
      /** The place of an element, in a value that is passed to a template. */
      readonly placeOf?: PlaceOf;
    }
  /** Endless is what would be longer than anything that people write. */
  | { readonly kind: 'unknown'; readonly isEndless?: true };

type PlaceOf = (key: string) => Location | undefined;

/** Every value that an expression may take: several where it depends on a parameter or a condition. */
export type Values = readonly Value[];

/** Values that are worked out when they are asked for. */
export type Lazy = () => Values;

/** Evaluates a value once. While it is being evaluated it is unknown: that ends circles. */
export function lazy(make: Lazy): Lazy {
  let known: Values | undefined;
  return () => {
    if (known !== undefined) return known;
    known = unknown;
    known = make();
    return known;
  };
}

/** Nothing is known. */
export const unknown: Values = [{ kind: 'unknown' }];

/** Null: nothing is set. */
export const nothing: Values = [{ kind: 'scalar', value: null }];

/** No value at all: the evaluation fails, which only `try` can take. */
export const failed: Values = [];

/** Nothing is known, since it would be endless. */
export const endless: Values = [{ kind: 'unknown', isEndless: true }];

const mostAlternatives = 24;

/** A list or map with more elements than this is not a configuration that people write. */
const mostElements = 2_000;

/** One text without gaps. */
export function text(literal: string): Values {
  return [{ kind: 'text', ...writtenText(literal) }];
}

/** A list, or something unknown where it is endless. */
export function listOf(items: readonly Lazy[]): Values {
  return items.length > mostElements ? endless : [{ kind: 'list', items }];
}

/** A map, or something unknown where it is endless. Of keys that are repeated the last one holds. */
export function mapOf(entries: readonly (readonly [string, Lazy])[], placeOf?: PlaceOf): Values {
  if (entries.length > mostElements) return endless;
  return [{ kind: 'map', entries: new Map(entries), ...optional('placeOf', placeOf) }];
}

/** The same lists and maps, which may hold more than is known, or less. */
export function opened(values: Values): Values {
  return values.map((value) =>
    value.kind === 'list' || value.kind === 'map' ? { ...value, isOpen: true } : value,
  );
}

/** The values that each of these becomes. */
export function eachValue(values: Values | undefined, change: (value: Value) => Values): Values {
  return alternatives((values ?? unknown).flatMap(change));
}

/** These values, or anything else. */
export function orUnknown(values: Values): Values {
  return alternatives([...values, ...unknown]);
}

/** True for null: nothing is set. */
export function isNull(value: Value): boolean {
  return value.kind === 'scalar' && value.value === null;
}

/** True for a value whose elements are all known: a list or a map that is not open. */
export function isClosed(value: Value): boolean {
  return (value.kind === 'list' || value.kind === 'map') && value.isOpen !== true;
}

/** The alternatives without repetition; beyond a few dozen the rest is only known to be something. */
export function alternatives(values: readonly Value[]): Values {
  if (values.length < 2) return values;
  const distinct = new Map<string | Value, Value>();
  for (const value of values) {
    distinct.set(identityOf(value), value);
    if (distinct.size > mostAlternatives)
      return [...unknown, ...[...distinct.values()].slice(0, mostAlternatives)];
  }
  return [...distinct.values()];
}

function identityOf(value: Value): string | Value {
  if (value.kind === 'text') {
    const literal = wholeText(value);
    return literal === undefined ? `pattern ${JSON.stringify(value.pattern)}` : `text ${literal}`;
  }
  if (value.kind === 'scalar') return `scalar ${String(value.value)}`;
  return value.kind === 'unknown' ? 'unknown' : value;
}

/** The part of a text that a value becomes: `null` is empty, an object or an unknown could be anything. */
export function patternOf(value: Value): NamePattern {
  if (value.kind === 'text') return value.pattern;
  if (value.kind === 'scalar') return [String(value.value ?? '')];
  return anything;
}

/** The text that several parts make, one after the other, for every combination of their alternatives. */
export function concatenate(parts: readonly Values[]): Values {
  let patterns: readonly NamePattern[] = [[]];
  for (const part of parts) {
    patterns =
      patterns.length * part.length > mostAlternatives
        ? [sharedPattern(patterns)]
        : patterns.flatMap((before) => part.map((value) => joinPatterns([before, patternOf(value)])));
  }
  return alternatives(patterns.map((pattern) => ({ kind: 'text', pattern })));
}

/** The one literal that a value is: text without gaps, number, boolean or null; else `undefined`. */
export function scalarOf(values: Values): string | number | boolean | null | undefined {
  const [only] = values;
  if (values.length !== 1 || only === undefined) return undefined;
  if (only.kind === 'scalar') return only.value;
  return only.kind === 'text' ? literalOf(only.pattern) : undefined;
}

/** The one number that a value is; else `undefined`. */
export function numberOf(values: Values | undefined): number | undefined {
  const value = values === undefined ? undefined : scalarOf(values);
  return typeof value === 'number' ? value : undefined;
}

/** The key by which a map or list is asked: text without gaps, or an index. */
export function keyOf(value: Value): string | undefined {
  if (value.kind === 'scalar') return String(value.value);
  return value.kind === 'text' ? literalOf(value.pattern) : undefined;
}
