import type { Operator } from './operator.ts';

export const exists: Operator = {
  operand: { enum: [true, false, 'true', 'false'] },
  compile(expected) {
    const wanted = String(expected) === 'true';
    return (actual) => (actual !== undefined && actual !== null) === wanted;
  },
  describe: (expected) => (String(expected) === 'true' ? 'set' : 'unset'),
};
