import { isAtOrBelow, parsePath, type Step } from '../../model/field-path.ts';
import { always, and, isAlways, type Kql, never, or, test } from './expression.ts';
import { isDoubtfulList, memberOf, type Place } from './field.ts';
import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import { type Form, formAt, patternOfForm } from '../../resource-types/form.ts';
import { allOf, anyOf, opposite, type Pair, unsure } from './pair.ts';

/** One element that `[*]` may stand for, by its index. */
interface Element {
  readonly place: Place;
  readonly exists: Kql;
  readonly missing: Kql;
}

/** The elements of a path with `[*]`: the first few one by one, and whether there are more. */
export interface Elements {
  readonly listed: readonly Element[];
  readonly more: Kql;
  /** Rows in which the evaluator may find elements, or cannot read the list, though KQL shows none. */
  readonly doubtful: Kql;
  /** The JSON text of the outermost array, which holds them all. */
  readonly json?: string;
}

/** A condition on an element; `guarded` when an index beyond the array would confuse it. */
export interface ElementTest {
  readonly of: (element: Element) => Kql;
  readonly guarded: boolean;
}

// How many elements are listed at each depth of `[*]`: longer arrays are looked through as text, or kept.
const limits = [3, 3, 1];

/** Lists the elements that a path selects. */
export function listElements(start: Place, steps: readonly Step[], depth = 0): Elements {
  const [step, ...rest] = steps;
  if (start.kind === 'outside') return { listed: [], more: always, doubtful: never };
  if (step === undefined)
    return { listed: [{ place: start, exists: always, missing: never }], more: never, doubtful: never };
  if (step.kind === 'key') return listElements(memberOf(start, step.key), rest, depth);
  if (start.kind !== 'dynamic') return { listed: [], more: never, doubtful: never };
  const { path } = start;
  const length = lengthOf(path);
  const limit = limits[depth] ?? 0;
  const inner = Array.from({ length: limit }, (_, index) => {
    const element = { kind: 'dynamic', path: `${path}[${index}]` } as const;
    return bounded(listElements(element, rest, depth + 1), `${length} > ${index}`, `${length} <= ${index}`);
  });
  return {
    listed: inner.flatMap(({ listed }) => listed),
    more: or([test(`${length} > ${limit}`), ...inner.map(({ more }) => more)]),
    doubtful: isDoubtfulList(start),
    json: `tostring(${path})`,
  };
}

/** The length of an array; 0 for any other value. */
export function lengthOf(path: string): string {
  return `coalesce(array_length(${path}), 0)`;
}

/** Rows in which some element passes: by the text of the array if that says anything, else one by one. */
export function someElement({ listed, more }: Elements, passes: ElementTest, shown: Kql): Kql {
  if (!isAlways(shown)) return shown;
  const each = listed.map((element) =>
    passes.guarded ? and([element.exists, passes.of(element)]) : passes.of(element),
  );
  return or([...each, more]);
}

/** Rows in which every listed element passes, which are more than those in which all do. */
export function everyElement({ listed }: Elements, passes: ElementTest): Kql {
  return and(
    listed.map((element) =>
      passes.guarded ? or([element.missing, passes.of(element)]) : passes.of(element),
    ),
  );
}

/** An element of an array inside exists only where that array is long enough; else the array around it decides. */
function bounded(elements: Elements, exists: string, missing: string): Elements {
  const listed = elements.listed.map((element) =>
    isAlways(element.exists) ? { ...element, exists: test(exists), missing: test(missing) } : element,
  );
  return { ...elements, listed };
}

/** The array of a `count`: its path, and its JSON text in KQL. */
export interface CountedArray {
  readonly path: string;
  readonly json: string;
  /** The form of its elements. */
  readonly form: Form | 'mixed' | undefined;
}

/** The pair of rows in which the text of an array shows that a condition may hold, or may fail, for some element of it. */
export function traceOf(condition: Compiled, array: CountedArray): Pair {
  if (condition.kind === 'comparison') return comparisonTrace(condition, array);
  if (condition.kind === 'not') return opposite(traceOf(condition.part, array));
  const pairs = condition.parts.map((part) => traceOf(part, array));
  return condition.kind === 'allOf' ? allOf(pairs) : anyOf(pairs);
}

/**
 * Rows in which a condition holds for no element, as the text of the array shows it; other arrays that are well-formed have
 * one. `undefined` where their text alone does not say so.
 */
export function noneShown(condition: Compiled, array: CountedArray): Kql | undefined {
  if (condition.kind !== 'comparison' || condition.field === undefined) return undefined;
  const { field, operator, expected } = condition;
  const { form } = array;
  const steps = parsePath(field.path.slice(array.path.length));
  const name = steps.at(-1);
  if (!isAtOrBelow(field.path, array.path) || typeof form !== 'object' || name?.kind !== 'key')
    return undefined;
  // The text is that of the outermost array, where a list inside shares its names with what is around it.
  if (array.path.indexOf('[*]') !== array.path.length - '[*]'.length) return undefined;
  const isOnlyOne = namesIn(form).filter((one) => one === name.key).length === 1;
  const isText = formAt(form, field.path.slice(array.path.length))?.type === 'string';
  return isOnlyOne && isText && patternOfForm(form) !== undefined
    ? operator.kql(expected).notShown?.(array.json, name.key)
    : undefined;
}

/** The names of the parts at any depth. */
function namesIn({ parts, each }: Form): readonly string[] {
  const names = Array.from(parts, ([name, part]) => [name, ...namesIn(part)]).flat();
  return each === undefined ? names : [...names, ...namesIn(each)];
}

function comparisonTrace({ field, operator, expected }: CompiledComparison, array: CountedArray): Pair {
  if (field === undefined || !isAtOrBelow(field.path, array.path)) return unsure;
  const trace = operator.kql(expected).within(array.json);
  // Every element of a list inside: an empty list leaves no trace.
  return field.path.slice(array.path.length).includes('[*]') ? { ...trace, mayHold: always } : trace;
}
