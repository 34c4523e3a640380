import type { Json } from '../../model/json.ts';
import { equalToOneOf } from '../kql/equality.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords, scalarSchema } from './scalar.ts';

export const isIn: Operator = {
  operand: { type: 'array', items: scalarSchema },
  compile(expected) {
    const wanted = new Set(list(expected).map(comparable));
    wanted.delete(undefined);
    return (actual) => wanted.has(comparable(actual));
  },
  kql: (expected) => equalToOneOf(list(expected).map(comparable)),
  describe: (expected, holds) => `${holds ? 'one' : 'none'} of ${inWords(expected)}`,
  say(expected, holds, show) {
    const verb = holds ? 'is' : 'is not';
    if (!Array.isArray(expected)) return `${verb} listed in ${show(expected)}`;
    return `${verb}${expected.length === 1 ? '' : ' one of'} ${show(expected)}`;
  },
};

export const notIn = negate(isIn);

function list(expected: Json): readonly Json[] {
  return Array.isArray(expected) ? expected : [expected];
}
