import { expect, test } from 'vitest';
import { loadRules } from '../../../src/rules/load/rules.ts';
import { refusalOf } from './fixtures.ts';

test.for([
  ['5 MB of nothing', new Uint8Array(5 * 1024 * 1024), 'the file is 5.0 MB; the limit is 1 MB'],
  ['1 MB of nothing', new Uint8Array(1024 * 1024), 'a NUL byte is not text; is this the right file?'],
  ['1 MB of line ends', new Uint8Array(1024 * 1024).fill(10), 'the file is empty'],
  ['1 MB of brackets', new Uint8Array(1024 * 1024).fill(91), 'nested more than 100 levels deep'],
  ['1 MB of spaces', new Uint8Array(1024 * 1024).fill(32), 'the file is empty'],
  ['a rule of 30,000 conditions', ruleOf(30_000), 'this is not a rule: it holds more than 10000 values'],
] as const)('%s is one mistake', ([, bytes, message]) => {
  const problems = refusalOf(() => loadRules([{ file: 'big.yaml', bytes, builtIn: false }]));
  expect(problems).toEqual([
    { file: 'big.yaml', line: 1, column: message.includes('deep') ? 101 : 1, message },
  ]);
});

function ruleOf(conditions: number): Uint8Array {
  return new TextEncoder().encode(`require:\n  anyOf:\n${'    - { field: name }\n'.repeat(conditions)}`);
}
