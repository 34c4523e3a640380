import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { number } from '../../src/reporters/words/counts.ts';

test('whole numbers are grouped as in English', () => {
  expect([0, 999, 1000, 1_234_567].map(number)).toEqual(['0', '999', '1,000', '1,234,567']);
  fc.assert(
    fc.property(
      fc.nat(Number.MAX_SAFE_INTEGER),
      (amount) => number(amount) === amount.toLocaleString('en-US'),
    ),
  );
});
