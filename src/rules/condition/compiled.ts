import type { Json } from '../../model/json.ts';
import type { Holds, Operator } from '../operators/operator.ts';
import type { Field, Subject } from './field.ts';
import type { ParameterValues } from './template.ts';
import type { Truth } from './truth.ts';
import type { Actual, Rule } from '../../model/rule.ts';

/** Decides a condition on a resource. */
export type Test = (subject: Subject) => Truth;

/** A condition as closures: `test` decides; the rest is kept so that a verdict can be explained. */
export type Compiled =
  | { readonly kind: 'allOf' | 'anyOf'; readonly parts: readonly Compiled[]; readonly test: Test }
  | { readonly kind: 'not'; readonly part: Compiled; readonly test: Test }
  | CompiledComparison;

/** A compiled comparison. A comparison of a literal `value` has neither field nor count, and is no evidence. */
export interface CompiledComparison {
  readonly kind: 'comparison';
  readonly field?: Field;
  readonly count?: CompiledCount;
  readonly operator: Operator;
  readonly expected: Json;
  readonly holds: Holds;
  readonly test: Test;
}

/** A compiled `count`: the array, and which of its elements are counted (all of them without `where`). */
export interface CompiledCount {
  readonly field: Field;
  readonly where?: Compiled;
}

/** A rule made ready to judge: its parameters resolved, its conditions compiled. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The values of its parameters in force. */
  readonly parameters: ParameterValues;
  readonly when?: Compiled;
  readonly require: Compiled;
  /** True when the rule is about resources of this type. */
  readonly appliesTo: (type: string) => boolean;
}

/** Compares the count; while elements are unknown it is a range, and the answer counts if the whole range agrees. */
export function countTruth(
  count: CompiledCount,
  subject: Subject,
  holds: (actual: Actual) => boolean,
): Truth {
  if (count.field.isUnknown(subject)) return 'unknown';
  let least = 0;
  let most = 0;
  for (const element of count.field.readAll(subject)) {
    const truth = elementTruth(count, subject, element);
    if (truth === true) least += 1;
    if (truth !== false) most += 1;
  }
  const answer = holds(least);
  for (let n = least + 1; n <= most; n += 1) {
    if (holds(n) !== answer) return 'unknown';
  }
  return answer;
}

/** True when `count` counts this element; inside `where` the counted path means the current element. */
export function elementTruth(count: CompiledCount, subject: Subject, element: Actual): Truth {
  if (count.where === undefined) return true;
  const { body, gaps, elements } = subject;
  return count.where.test({ body, gaps, elements: [...elements, element ?? null] });
}
