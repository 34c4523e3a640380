import type { Actual } from '../../model/rule.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { type KqlOperator, oppositeOperator } from '../kql/value.ts';

/** A comparison whose expected value is known. */
export type Holds = (actual: Actual) => boolean;

/** Formats a value or a parameter for a sentence. */
type Show = (value: Json) => string;

/** The kind of comparison, from which the loader derives the fields and operands that make sense. */
export type OperatorKind =
  | 'equality'
  | 'membership'
  | 'order'
  | 'wildcard'
  | 'pattern'
  | 'containment'
  | 'key'
  | 'presence';

/** An expected value with fields on which the comparison holds and fails; `undefined` is a missing field. */
interface Sample {
  readonly expected: Json;
  readonly holds: readonly Actual[];
  readonly fails: readonly Actual[];
}

/** The parts of an operator that its negation does not share: how editors and the reference explain it. */
interface Explanation {
  /** A sentence that says when the operator holds. */
  readonly note: string;
  /** A condition that uses it, as a rule file may hold it. */
  readonly example: JsonObject;
}

/** One operator of Azure Policy's condition language: its function, operand, KQL, wording, documentation and samples. */
export interface Operator extends Explanation {
  readonly kind: OperatorKind;
  /** JSON Schema (2020-12) of the expected value. */
  readonly operand: JsonObject;
  /** Prepares the comparison once; the result is called for every resource. */
  readonly compile: (expected: Json) => Holds;
  /** The same comparison in KQL, which may match more rows than the function, never fewer. */
  readonly kql: (expected: Json) => KqlOperator;
  /** The expectation as evidence shows it, after "expected": the value itself, or words. `holds` false: the opposite. */
  readonly describe: (expected: Json, holds: boolean) => Json;
  /** The predicate of a sentence about a field: `is at least 90`. `holds` false: the opposite. */
  readonly phrase: (expected: Json, holds: boolean, show: Show) => string;
  /** Cases that the contract test runs through the function and through KQL. */
  readonly samples: readonly Sample[];
}

/** The opposite operator: it holds wherever `operator` does not, so also where the field is missing. */
export function negate(operator: Operator, explanation: Explanation): Operator {
  return {
    ...explanation,
    kind: operator.kind,
    operand: operator.operand,
    compile(expected) {
      const holds = operator.compile(expected);
      return (actual) => !holds(actual);
    },
    kql: (expected) => oppositeOperator(operator.kql(expected)),
    describe: (expected, holds) => operator.describe(expected, !holds),
    phrase: (expected, holds, show) => operator.phrase(expected, !holds, show),
    samples: operator.samples.map(({ expected, holds, fails }) => ({ expected, holds: fails, fails: holds })),
  };
}
