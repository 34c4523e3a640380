import type { Json } from '../../model/json.ts';
import type { Holds, Operator } from '../operators/operator.ts';
import type { Field, Subject } from './field.ts';
import type { Truth } from './truth.ts';

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
