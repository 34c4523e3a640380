import { expect, test } from 'vitest';
import { columns } from '../../src/reporters/terminal/columns.ts';

test('cells are aligned two spaces apart, without trailing spaces', () => {
  expect(
    columns([
      ['a', 'bb'],
      ['aaa', ''],
    ]),
  ).toBe('a    bb\naaa\n');
});

test('a cell of several lines continues below itself, and a column may be aligned to the right', () => {
  const rows = [
    ['rule', '2 vaults', 'turn it\non'],
    ['r', '12 vaults', 'ok'],
  ];
  expect(columns(rows, [1])).toBe('rule   2 vaults  turn it\n                 on\nr     12 vaults  ok\n');
});

test('colours take no columns, and East Asian characters take two', () => {
  expect(
    columns([
      ['\u001B[31mred\u001B[39m', 'x'],
      ['鍵', 'y'],
    ]),
  ).toBe('\u001B[31mred\u001B[39m  x\n鍵   y\n');
});
