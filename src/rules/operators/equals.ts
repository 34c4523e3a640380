import type { Json } from '../../model/json.ts';
import { equalToOneOf } from '../kql/equality.ts';
import { type Actual, negate, type Operator } from './operator.ts';
import { comparable, inWords, scalarSchema } from './scalar.ts';

export const equals: Operator = {
  operand: scalarSchema,
  compile: equalTo,
  kql: (expected) => equalToOneOf([comparable(expected)]),
  describe: (expected, holds) => (holds ? expected : `not ${inWords(expected)}`),
  say: (expected, holds, show) => `${holds ? 'is' : 'is not'} ${show(expected)}`,
};

export const notEquals = negate(equals);

/** Equality as Azure Policy means it, prepared for one expected value. */
export function equalTo(expected: Json): (actual: Actual) => boolean {
  const wanted = comparable(expected);
  return (actual) => actual === expected || (wanted !== undefined && comparable(actual) === wanted);
}
