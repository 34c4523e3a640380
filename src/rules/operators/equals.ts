import type { Actual } from '../../model/rule.ts';
import type { Json } from '../../model/json.ts';
import { equalToOneOf } from '../kql/equality-and-order.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords, scalarSchema } from './scalar.ts';

export const equals: Operator = {
  kind: 'equality',
  note: 'The field has this value. "true" equals true.',
  example: { field: 'properties.enablePurgeProtection', equals: true },
  operand: scalarSchema,
  compile: equalTo,
  kql: (expected) => equalToOneOf([comparable(expected)]),
  describe: (expected, holds) => (holds ? expected : `not ${inWords(expected)}`),
  phrase: (expected, holds, show) => `${holds ? 'is' : 'is not'} ${show(expected)}`,
  samples: [
    { expected: true, holds: [true, 'TRUE'], fails: [false, 1, undefined] },
    { expected: 'Deny', holds: ['deny'], fails: ['Allow', ['Deny']] },
    { expected: 90, holds: [90, '90'], fails: [89, null] },
  ],
};

export const notEquals = negate(equals, {
  note: 'The field has another value, or none.',
  example: { field: 'properties.publicNetworkAccess', notEquals: 'Enabled' },
});

/** Equality as Azure Policy means it, prepared for one expected value. */
export function equalTo(expected: Json): (actual: Actual) => boolean {
  const wanted = comparable(expected);
  return (actual) => actual === expected || (wanted !== undefined && comparable(actual) === wanted);
}
