import type { Json, JsonObject } from '../../model/json.ts';
import { type KqlOperator, oppositeOperator } from '../kql/value.ts';

/** What a condition reads: a JSON value, or `undefined` where the field is missing or null. */
export type Actual = Json | undefined;

/** A comparison whose expected value is settled. */
export type Holds = (actual: Actual) => boolean;

/** A value or a parameter, marked up for a sentence. */
type Show = (value: Json) => string;

/** One word of Azure Policy's condition language: a function, the schema of its operand, its wording. */
export interface Operator {
  /** JSON Schema (2020-12) of the expected value. */
  readonly operand: JsonObject;
  /** Prepares the comparison once; the result is called for every resource. */
  readonly compile: (expected: Json) => Holds;
  /** The same comparison in KQL, which may say less than the function but never more. */
  readonly kql: (expected: Json) => KqlOperator;
  /** The expectation as evidence shows it, after "expected": the value itself, or words. `holds` false: the opposite. */
  readonly describe: (expected: Json, holds: boolean) => Json;
  /** What a sentence says of a field: `is at least 90`. `holds` false: the opposite. */
  readonly say: (expected: Json, holds: boolean, show: Show) => string;
}

/** The opposite word: holds wherever `operator` does not, so also where the field is missing. */
export function negate(operator: Operator): Operator {
  return {
    operand: operator.operand,
    compile(expected) {
      const holds = operator.compile(expected);
      return (actual) => !holds(actual);
    },
    kql: (expected) => oppositeOperator(operator.kql(expected)),
    describe: (expected, holds) => operator.describe(expected, !holds),
    say: (expected, holds, show) => operator.say(expected, !holds, show),
  };
}
