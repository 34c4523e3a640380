import { holdsPart } from '../kql/containment.ts';
import { equalTo } from './equals.ts';
import { negate, type Operator } from './operator.ts';
import { comparable, inWords, scalarSchema } from './scalar.ts';

export const contains: Operator = {
  kind: 'containment',
  note: 'The text contains this text, or the array this element.',
  example: { field: 'tags.owner', contains: '@example.com' },
  operand: scalarSchema,
  compile(expected) {
    const isElement = equalTo(expected);
    const part = comparable(expected);
    return (actual) => {
      if (Array.isArray(actual)) return actual.some(isElement);
      return typeof actual === 'string' && part !== undefined && actual.toLowerCase().includes(part);
    };
  },
  kql: (expected) => holdsPart(comparable(expected)),
  describe: (expected, holds) => `a value ${holds ? 'with' : 'without'} ${inWords(expected)} in it`,
  phrase: (expected, holds, show) => `${holds ? 'contains' : 'does not contain'} ${show(expected)}`,
  samples: [
    { expected: 'purge', holds: ['Unpurged', ['get', 'PURGE']], fails: ['get', ['unpurged'], undefined] },
  ],
};

export const notContains = negate(contains, {
  note: 'The text does not contain this text, nor the array this element.',
  example: { field: 'name', notContains: 'test' },
});
