import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import { fieldPair } from './comparison.ts';
import { countPair } from './count.ts';
import type { Scope } from './field.ts';
import { allOf, anyOf, certain, opposite, type Pair, unsure } from './pair.ts';

/** Compiles a condition to its pair. `scopes` are the elements of the `count`s around it, outermost first. */
export function conditionPair(condition: Compiled, scopes: readonly Scope[]): Pair {
  if (condition.kind === 'comparison') return comparisonPair(condition, scopes);
  if (condition.kind === 'not') return opposite(conditionPair(condition.part, scopes));
  const pairs = condition.parts.map((part) => conditionPair(part, scopes));
  return condition.kind === 'allOf' ? allOf(pairs) : anyOf(pairs);
}

function comparisonPair(comparison: CompiledComparison, scopes: readonly Scope[]): Pair {
  if (comparison.field !== undefined) return fieldPair(comparison, comparison.field, scopes);
  if (comparison.count !== undefined) {
    return countPair(comparison, comparison.count, { scopes, conditionPair });
  }
  const truth = comparison.test({ body: {}, gaps: [], elements: [] });
  return truth === 'unknown' ? unsure : certain(truth);
}
