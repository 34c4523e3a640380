import { expect, test } from 'vitest';
import { didYouMean, nearest } from '../../src/documents/suggestions.ts';

const versions = ['CIS-Azure-2.0', 'CIS-Azure-2.1', 'CIS-Azure-6.0', 'ISO-27001-2022', 'SOC-2', 'SOC-2023'];
const rules = ['AKV001', 'AKV002', 'AKV007', 'AKV101', 'purge-protection'];

test.for<readonly [string, readonly string[], string | undefined]>([
  ['severty', ['severity', 'rule'], 'severity'],
  ['nothing', ['severity', 'rule'], undefined],
  // Of several versions the nearest, which is the latest of those before it.
  ['CIS-Azure-7.0', versions, 'CIS-Azure-6.0'],
  ['CIS-Azure-1.0', versions, 'CIS-Azure-2.0'],
  ['CIS-Azure-2.2', versions, 'CIS-Azure-2.1'],
  ['cis-azur-2.0', versions, 'CIS-Azure-2.0'],
  // Without a version the latest.
  ['CIS-Azure', versions, 'CIS-Azure-6.0'],
  ['CIS-Azure-', versions, 'CIS-Azure-6.0'],
  ['ISO-27001', versions, 'ISO-27001-2022'],
  ['SOC-3', versions, 'SOC-2'],
  ['AKV009', rules, 'AKV007'],
  ['AKV02', rules, 'AKV002'],
  ['purge', rules, 'purge-protection'],
  ['pu', rules, undefined],
  ['', rules, undefined],
])('%s', ([written, known, right]) => {
  expect(nearest(written, known)).toBe(right);
  expect(nearest(written, known.toReversed())).toBe(right);
});

test('the words of a message', () => {
  expect(didYouMean('CIS-Azure-7.0', versions)).toBe(' Did you mean CIS-Azure-6.0?');
  expect(didYouMean('x', versions)).toBe('');
});
