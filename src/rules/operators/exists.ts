import { onValues } from '../kql/value.ts';
import type { Operator } from './operator.ts';
import { comparable } from './scalar.ts';

export const exists: Operator = {
  kind: 'presence',
  note: 'True: the field has a value. False: it is missing or null.',
  example: { field: 'tags.owner', exists: true },
  operand: { enum: [true, false, 'true', 'false'] },
  compile(expected) {
    const wanted = comparable(expected) === 'true';
    return (actual) => (actual !== undefined && actual !== null) === wanted;
  },
  kql: (expected) =>
    onValues(({ present, absent }) =>
      comparable(expected) === 'true'
        ? { mayHold: present, mayFail: absent }
        : { mayHold: absent, mayFail: present },
    ),
  describe: (expected, holds) => ((comparable(expected) === 'true') === holds ? 'set' : 'unset'),
  phrase(expected, holds, show) {
    const wanted = comparable(expected);
    if (wanted === 'true' || wanted === 'false') return (wanted === 'true') === holds ? 'is set' : 'is unset';
    return `${holds ? 'is' : 'is not'} set or unset as ${show(expected)} says`;
  },
  samples: [
    { expected: true, holds: [false, '', 0], fails: [null, undefined] },
    { expected: 'False', holds: [undefined, null], fails: [true, ''] },
  ],
};
