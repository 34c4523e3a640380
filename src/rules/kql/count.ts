import type { Json } from '../../model/json.ts';
import type { Compiled, CompiledComparison, CompiledCount } from '../condition/compiled.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import { formOfPath } from '../../resource-types/form.ts';
import { type Elements, lengthOf, listElements, noneShown, traceOf } from './elements.ts';
import { always, and, atLeastOf, isAlways, type Kql, or, test } from './expression.ts';
import { isDoubtfulList, locate, memberOf, type Place, type ConditionContext } from './field.ts';
import { type Pair, unsure } from './pair.ts';

/** The surroundings of a count. The compiler of conditions is given along, because the two need each other. */
export interface CountContext extends ConditionContext {
  readonly conditionPair: (condition: Compiled, around: ConditionContext) => Pair;
}

/** Bounds of a count, over-approximated. */
interface Bounds {
  readonly atLeast: (count: number) => Kql;
  readonly atMost: (count: number) => Kql;
  /** The largest count that is told apart. */
  readonly largest: number;
  /** Rows in which the count may be larger than that. */
  readonly more: Kql;
  /** Rows in which it may be more than the 0 that KQL shows, or cannot be known. */
  readonly doubtful: Kql;
}

/** The pair of a comparison of a count: which counts satisfy it is worked out here, and written as bounds. */
export function countPair(comparison: CompiledComparison, count: CompiledCount, context: CountContext): Pair {
  const { expected, holds } = comparison;
  const largestNamed = largestNumberIn(expected);
  const bounds = lengthBounds(count, context, largestNamed) ?? whereBounds(count, context);
  if (bounds === undefined) return unsure;
  const tail =
    largestNamed === undefined || largestNamed > bounds.largest ? undefined : holds(bounds.largest + 1);
  const mayHold = within(holds, bounds, tail);
  const mayFail = within((n) => !holds(n), bounds, tail === undefined ? undefined : !tail);
  return holds(0)
    ? { mayHold, mayFail: or([mayFail, bounds.doubtful]) }
    : { mayHold: or([mayHold, bounds.doubtful]), mayFail };
}

/** Rows in which the count may be one of those wanted; `tail` says whether all larger ones are, if that is known. */
function within(wanted: (count: number) => boolean, bounds: Bounds, tail: boolean | undefined): Kql {
  const { largest, more } = bounds;
  const ranges = rangesOf(wanted, largest).map(([from, to]) => {
    const endless = to === largest && tail === true;
    return and([from === 0 ? always : bounds.atLeast(from), endless ? always : bounds.atMost(to)]);
  });
  const isCovered = tail === false || (tail === true && wanted(largest));
  return or(isCovered ? ranges : [...ranges, more]);
}

/** The ranges of counts up to the largest that are wanted, both ends included. */
function rangesOf(
  wanted: (count: number) => boolean,
  largest: number,
): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  for (let from = 0; from <= largest; from += 1) {
    const start = from;
    while (from <= largest && wanted(from)) from += 1;
    if (from > start) ranges.push([start, from - 1]);
  }
  return ranges;
}

/** The largest number that a comparison names: all larger counts compare alike. Unknown for patterns. */
function largestNumberIn(expected: Json): number | undefined {
  const scalars: readonly Json[] = Array.isArray(expected) ? expected : [expected];
  if (scalars.some((scalar) => typeof scalar === 'string' && scalar.includes('*'))) return undefined;
  return Math.max(0, ...scalars.map((scalar) => Math.ceil(Number(scalar))).filter(Number.isFinite));
}

const longestCompared = 1000;

/** All elements of one array: its length. */
function lengthBounds(
  count: CompiledCount,
  { scopes }: CountContext,
  largestNamed: number | undefined,
): Bounds | undefined {
  const { start, steps } = locate(count.field.path, scopes);
  const keys = steps.slice(0, -1).flatMap((step) => (step.kind === 'key' ? [step.key] : []));
  const array = keys.reduce<Place>(memberOf, start);
  const isSimple = steps.at(-1)?.kind === 'each' && keys.length === steps.length - 1;
  if (count.where !== undefined || !isSimple || array.kind !== 'dynamic') return undefined;
  const length = lengthOf(array.path);
  const largest = Math.min(largestNamed ?? 0, longestCompared);
  return {
    atLeast: (n) => test(`${length} >= ${n}`),
    atMost: (n) => test(`${length} <= ${n}`),
    largest,
    more: test(`${length} > ${largest}`),
    doubtful: isDoubtfulList(array),
  };
}

function whereBounds(count: CompiledCount, context: CountContext): Bounds | undefined {
  const { start, steps } = locate(count.field.path, context.scopes);
  if (start.kind === 'outside') return undefined;
  const elements = listElements(start, steps);
  const { where } = count;
  const pairs = elements.listed.map((element) => elementPair(element, count, context));
  const text =
    elements.json === undefined
      ? undefined
      : { path: count.field.path, json: elements.json, form: formOfPath(count.field.path, context.types) };
  const shown = where === undefined || text === undefined ? always : traceOf(where, text).mayHold;
  const none = where === undefined || text === undefined ? undefined : noneShown(where, text);
  const counted = pairs.map(({ mayHold }) => mayHold);
  return {
    atLeast: (n) => (n === 1 && !isAlways(shown) ? shown : or([atLeastOf(n, counted), elements.more])),
    atMost: (n) =>
      n === 0 && none !== undefined
        ? none
        : atLeastOf(
            pairs.length - n,
            pairs.map(({ mayFail }) => mayFail),
          ),
    largest: pairs.length,
    more: elements.more,
    doubtful: elements.doubtful,
  };
}

/** The pair of "this element exists and counts". */
function elementPair(element: Elements['listed'][number], count: CompiledCount, context: CountContext): Pair {
  const { where } = count;
  if (where === undefined) return { mayHold: element.exists, mayFail: element.missing };
  const scope = { path: count.field.path, element: element.place };
  const pair = context.conditionPair(where, { ...context, scopes: [...context.scopes, scope] });
  if (isFalseOfNothing(where, count.field.path, context.scopes.length)) return pair;
  return { mayHold: and([element.exists, pair.mayHold]), mayFail: or([element.missing, pair.mayFail]) };
}

/** True when `where` cannot count an element that is not there, so that its index need not be checked. */
function isFalseOfNothing(where: Compiled, path: string, depth: number): boolean {
  const elements = Array.from({ length: depth + 1 }, () => null);
  return isAbout(where, path) && where.test({ body: {}, gaps: [], elements }) === false;
}

function isAbout(condition: Compiled, path: string): boolean {
  if (condition.kind === 'not') return isAbout(condition.part, path);
  if (condition.kind !== 'comparison') return condition.parts.every((part) => isAbout(part, path));
  if (condition.field !== undefined) return isAtOrBelow(condition.field.path, path);
  return condition.count === undefined && condition.computed === undefined;
}
