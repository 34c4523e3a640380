import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import { always } from './expression.ts';
import { allOf, anyOf, opposite, type Pair, unsure } from './pair.ts';

/** The array of a `count`: its path, and its JSON text in KQL. */
export interface CountedArray {
  readonly path: string;
  readonly json: string;
}

/** What the text of an array cannot do without if a condition may hold, or may fail, for some element of it. */
export function traceOf(condition: Compiled, array: CountedArray): Pair {
  if (condition.kind === 'comparison') return comparisonTrace(condition, array);
  if (condition.kind === 'not') return opposite(traceOf(condition.part, array));
  const pairs = condition.parts.map((part) => traceOf(part, array));
  return condition.kind === 'allOf' ? allOf(pairs) : anyOf(pairs);
}

function comparisonTrace({ field, operator, expected }: CompiledComparison, array: CountedArray): Pair {
  if (field === undefined || !isAtOrBelow(field.path, array.path)) return unsure;
  const trace = operator.kql(expected).within(array.json);
  // Every element of a list inside: an empty list leaves no trace.
  return field.path.slice(array.path.length).includes('[*]') ? { ...trace, mayHold: always } : trace;
}
