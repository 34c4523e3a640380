import type { Compiled, CompiledComparison } from '../condition/compiled.ts';
import { fieldPair } from './comparison.ts';
import { countPair } from './count.ts';
import { isInElement, type ConditionContext } from './field.ts';
import { irregularAround } from './irregular.ts';
import { allOf, anyOf, certain, opposite, type Pair, unknownToo, unsure } from './pair.ts';

/** Compiles a condition to its pair. */
export function conditionPair(condition: Compiled, around: ConditionContext): Pair {
  if (condition.kind === 'comparison') return comparisonPair(condition, around);
  if (condition.kind === 'not') return opposite(conditionPair(condition.part, around));
  const pairs = condition.parts.map((part) => conditionPair(part, around));
  return condition.kind === 'allOf' ? allOf(pairs) : anyOf(pairs);
}

function comparisonPair(comparison: CompiledComparison, around: ConditionContext): Pair {
  const { field, count } = comparison;
  const read = field ?? count?.field;
  const pair =
    field !== undefined
      ? fieldPair(comparison, field, around)
      : count !== undefined
        ? countPair(comparison, count, { ...around, conditionPair })
        : literalPair(comparison);
  // What is irregular in an element that is counted is so in the list, which is asked for as a whole.
  if (read === undefined || isInElement(read.path, around)) return pair;
  return unknownToo(pair, irregularAround(read.path, around.types));
}

function literalPair({ test }: CompiledComparison): Pair {
  const truth = test({ body: {}, gaps: [], elements: [] });
  return truth === 'unknown' ? unsure : certain(truth);
}
