import type { Evidence } from './evidence.ts';
import type { Problem } from './errors.ts';
import type { JsonObject } from './json.ts';
import type { Location } from './location.ts';
import type { ExampleKind } from './rule.ts';

/**
 * A state of a field: without a value in two ways, a list without elements, a value of another type than its own, or any other
 * value.
 */
export type FieldState = 'unset' | 'null' | 'empty' | 'wrongType' | 'value';

/** An example of a rule, and its verdict. */
export interface ExampleTest {
  /** The verdict that it should have. */
  readonly kind: ExampleKind;
  /** Its place among those of its kind, from 1. */
  readonly number: number;
  /** The verdict that it has; absent for a resource of a type that the rule is not about. */
  readonly found?: ExampleKind;
  /** The facts that decided; none where the rule does not apply. */
  readonly evidence: readonly Evidence[];
  /** The mistake in it, in words; absent where it is as it should be. */
  readonly problem?: string;
  readonly location: Location;
}

/** Something about a rule that no example shows. */
export interface CoverageGap {
  /** A verdict that no example has, a state in which no example has a field, or an outcome that a comparison never has. */
  readonly kind: 'verdict' | 'state' | 'outcome';
  /** The verdict, the field, or the comparison in words. */
  readonly of: string;
  /** The state, or `true` or `false` for the outcome. */
  readonly is?: Exclude<FieldState, 'value'> | 'true' | 'false';
  /** One sentence without its end, such as `no example in which name is unset`. */
  readonly message: string;
  /** The place in the rule that is not shown. */
  readonly location: Location;
  /**
   * An example that would show it, under the verdict that the rule gives it as it stands, and the text of it on one line; absent
   * where none was found.
   */
  readonly proposal?: { readonly kind: ExampleKind; readonly body: JsonObject; readonly yaml: string };
}

/** The examples of a rule, and how much of the rule they show. */
export interface RuleTest {
  readonly id: string;
  readonly name: string;
  readonly location: Location;
  readonly examples: readonly ExampleTest[];
  /** The number of verdicts, states and outcomes that there are to show. */
  readonly toShow: number;
  /** Those of them that no example shows. */
  readonly gaps: readonly CoverageGap[];
}

/** The tests of some rules. */
export interface RuleTests {
  readonly rules: readonly RuleTest[];
  /** Definitions of Azure Policy that were named: they have no examples to judge. */
  readonly notTested: readonly Problem[];
  /** True where a gap in what the examples show counts as much as a wrong example. */
  readonly strict: boolean;
}

/** True for a rule that has examples, all of which are right; with `strict`, they show all of it. */
export function isTestPassed({ examples, gaps }: RuleTest, strict: boolean): boolean {
  if (examples.length === 0 || (strict && gaps.length > 0)) return false;
  return examples.every(({ problem }) => problem === undefined);
}
