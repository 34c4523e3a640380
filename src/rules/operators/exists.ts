import type { Operator } from './operator.ts';
import { comparable } from './scalar.ts';

export const exists: Operator = {
  operand: { enum: [true, false, 'true', 'false'] },
  compile(expected) {
    const wanted = comparable(expected) === 'true';
    return (actual) => (actual !== undefined && actual !== null) === wanted;
  },
  describe: (expected) => (comparable(expected) === 'true' ? 'set' : 'unset'),
};
