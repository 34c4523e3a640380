import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import { isAtOrBelow, parsePath } from '../../model/field-path.ts';
import { type Form, formAt, patternOfForm } from '../../resource-types/form.ts';
import { always, type Kql } from './expression.ts';
import { allOf, anyOf, opposite, type Pair, unsure } from './pair.ts';

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
