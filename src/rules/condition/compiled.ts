import type { ScopedValues } from '../../model/scoped-values.ts';
import type { Evidence } from '../../model/evidence.ts';
import { isAtOrBelow } from '../../model/field-path.ts';
import type { Json } from '../../model/json.ts';
import type { Holds, Operator } from '../operators/operator.ts';
import type { Computation } from '../expression/value.ts';
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

/** A compiled comparison. A comparison of a literal `value` has no field, count or computation, and is no evidence. */
export interface CompiledComparison {
  readonly kind: 'comparison';
  readonly field?: Field;
  readonly count?: CompiledCount;
  /** Set where one side is worked out for each resource; then there is neither field nor count. */
  readonly computed?: Computed;
  readonly operator: Operator;
  readonly expected: Json;
  readonly holds: Holds;
  readonly test: Test;
}

/** Both sides of a comparison of which one is worked out for each resource. */
export interface Computed {
  /** The subject of the comparison, as the rule has it. */
  readonly words: string;
  readonly actual: (subject: Subject) => Computation;
  readonly expected: (subject: Subject) => Computation;
}

/** A compiled `count`: the array, and which of its elements are counted (all of them without `where`). */
export interface CompiledCount {
  readonly field: Field;
  readonly where?: Compiled;
}

/** The facts that made a condition come out as it did on a resource, in the order of the rule's text. */
export type EvidenceOf = (subject: Subject) => readonly Evidence[];

/** A rule made ready to judge: its parameters resolved, its conditions compiled. */
export interface CompiledRule {
  readonly rule: Rule;
  /** The values of its parameters in force. */
  readonly parameters: ParameterValues;
  /** The effect in force of a definition of Azure Policy, in lower case; empty where it cannot be known. */
  readonly effect?: string;
  /** Other values in some scopes; absent where there are none. See `rulesInForce`. */
  readonly byScope?: readonly ScopedValues[];
  readonly when?: Compiled;
  readonly require: Compiled;
  /** The explanations of both. */
  readonly explain: { readonly when?: EvidenceOf; readonly require: EvidenceOf };
  /** True when the rule is about resources of this type, and can be evaluated. */
  readonly appliesTo: (type: string) => boolean;
}

/** Compares the count; while elements are notKnown it is a range, and the answer counts if the whole range agrees. */
export function countTruth(count: CompiledCount, subject: Subject, holds: Holds): Truth {
  if (isListUnknown(count, subject)) return 'unknown';
  return amountTruth(amountOf(count, subject, count.field.readAll(subject)), holds);
}

/** The number of elements that are counted: a range, where some of them are unknown. */
export interface Amount {
  readonly least: number;
  readonly most: number;
}

/** Counts the elements of a list for which `where` holds. */
export function amountOf(
  count: Pick<CompiledCount, 'where'>,
  subject: Subject,
  elements: readonly Actual[],
): Amount {
  let least = 0;
  let most = 0;
  for (const element of elements) {
    const truth = elementTruth(count, subject, element);
    if (truth === true) least += 1;
    if (truth !== false) most += 1;
  }
  return { least, most };
}

/** The answer of a comparison for every amount of a range, where it is one and the same. */
export function amountTruth({ least, most }: Amount, holds: Holds): Truth {
  const answer = holds(least);
  for (let n = least + 1; n <= most; n += 1) {
    if (holds(n) !== answer) return 'unknown';
  }
  return answer;
}

/** True where it is not known how many elements there are. What is unknown in them matters to `where` alone. */
function isListUnknown({ field }: CompiledCount, { gaps }: Subject): boolean {
  return gaps.some((gap) => isAtOrBelow(field.path, gap));
}

/** True when `count` counts this element; inside `where` the counted path means the current element. */
export function elementTruth(count: Pick<CompiledCount, 'where'>, subject: Subject, element: Actual): Truth {
  if (count.where === undefined) return true;
  const { body, gaps, elements } = subject;
  return count.where.test({ body, gaps, elements: [...elements, element ?? null] });
}
