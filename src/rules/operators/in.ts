import type { Json } from '../../model/json.ts';
import { equalToOneOf } from '../kql/equality-and-order.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords, scalarSchema } from './scalar.ts';

export const isIn: Operator = {
  kind: 'membership',
  note: 'The field has one of these values.',
  example: { field: 'location', in: ['westeurope', 'northeurope'] },
  operand: { type: 'array', items: scalarSchema },
  compile(expected) {
    const wanted = new Set(list(expected).map(comparable));
    wanted.delete(undefined);
    return (actual) => wanted.has(comparable(actual));
  },
  kql: (expected) => equalToOneOf(list(expected).map(comparable)),
  describe: (expected, holds) => `${holds ? 'one' : 'none'} of ${inWords(expected)}`,
  phrase(expected, holds, show) {
    const verb = holds ? 'is' : 'is not';
    if (!Array.isArray(expected)) return `${verb} listed in ${show(expected)}`;
    return `${verb}${expected.length === 1 ? '' : ' one of'} ${show(expected)}`;
  },
  samples: [
    { expected: ['Disabled', 'SecuredByPerimeter'], holds: ['disabled'], fails: ['Enabled', undefined] },
    { expected: ['a', 90], holds: ['A', '90'], fails: ['b', ['a']] },
  ],
};

export const notIn = negate(isIn, {
  note: 'The field has none of these values.',
  example: { field: 'properties.sku.name', notIn: ['standard'] },
});

function list(expected: Json): readonly Json[] {
  return Array.isArray(expected) ? expected : [expected];
}
