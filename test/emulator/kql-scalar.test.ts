import { describe, expect, test } from 'vitest';
import { evaluator, now, run, type Case } from './kql.ts';

const row = { name: 'North-America kv01', id: 'É', properties: { due: '2026-03-31T00:00:00Z' } };

describe('text operators', () => {
  const cases: readonly Case[] = [
    ["name has 'america'", true],
    ["name has 'amer'", false],
    ["name has_cs 'america'", false],
    ["name !has 'amer'", true],
    ["name hasprefix 'amer'", true],
    ["name hassuffix 'RICA'", true],
    ["name has 'north-america'", true],
    ["name has_any ('x', 'KV01')", true],
    ["name has_all ('north', 'x')", false],
    ["name contains 'h-a'", true],
    ["name contains_cs 'H-A'", false],
    ["name !contains 'zzz'", true],
    ["name startswith 'north'", true],
    ["name startswith_cs 'north'", false],
    ["name !endswith '01'", false],
    ["name matches regex '^North.*[0-9]{2}$'", true],
    ["name matches regex '(?i)AMERICA'", true],
    ["name in~ ('NORTH-america KV01')", true],
    ["name !in ('x')", true],
    ["name in (dynamic(['x', ['North-America kv01']]))", true],
    // Case-insensitive operators fold ASCII only.
    ["id =~ 'é'", false],
    ["tolower(id) == 'é'", true],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });
});

describe('text functions', () => {
  const cases: readonly Case[] = [
    ["substring('123456', 1)", '23456'],
    ["substring('123456', 2, 2)", '34'],
    ["substring('123456', -2, 2)", '56'],
    ["split('aa_bb', '_')", ['aa', 'bb']],
    ["split('aaa_bbb_ccc', '_', 1)", ['bbb']],
    ["split('', '_')", ['']],
    ["split('a__b', '_')", ['a', '', 'b']],
    ["indexof('abcdefg', 'cde')", 2],
    ["indexof('abcdefg', 'x')", -1],
    ["extract('x=([0-9]+)', 1, 'a x=456')", '456'],
    ["extract('x=([0-9]+)', 1, 'a x=456', typeof(long))", 456],
    ["extract('y=(.)', 1, 'a')", ''],
    ["countof('a:1, A:2, b:3', '(?i)a:[0-9]', 'regex')", 2],
    ["replace_string('a.b.c', '.', '$&')", 'a$&b$&c'],
    ["trim('[-]+', '--a-b--')", 'a-b'],
    ["strlen('abc')", 3],
    ["toupper('a') == 'A'", true],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %j', ([expression, value]) => {
    expect(valueOf(expression)).toEqual(value);
  });
});

describe('numbers and time', () => {
  const cases: readonly Case[] = [
    ['7 / 2', 3],
    ['-7 / 2', -3],
    ['7 / 2.0', 3.5],
    ['1 / 0', null],
    ['-14 % 12', 10],
    ['14 % -12', 2],
    ['bin(7, 5)', 5],
    ['floor(-1.5, 1)', -2],
    ['round(2.567, 2)', 2.57],
    ['min_of(3, 1, 2)', 1],
    ['max_of(3, 1, 2)', 3],
    ['0x1F', 31],
    ['now() - ago(1d) == 1d', true],
    ['todatetime(properties.due) > now()', true],
    ["datetime_diff('day', todatetime(properties.due), now())", 30],
    ["datetime_diff('month', datetime(2026-01-31), datetime(2025-12-01))", 1],
    ["todatetime('not a date')", null],
    ['tostring(datetime(2026-03-01 12:00:00))', '2026-03-01T12:00:00.0000000Z'],
    ['tostring(3d)', '3.00:00:00'],
    ['now()', now],
  ];
  const valueOf = evaluator(cases, row);

  test.for(cases)('%s is %s', ([expression, value]) => {
    expect(valueOf(expression)).toBe(value);
  });

  test('hash spreads, keeps its sign, and its modulus does not', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ name: String(index) }));
    const results = run(
      'resources | project m = hash(name) % 4, n = hash(name, 7), same = hash(name) % 7',
      rows,
    );
    expect(new Set(results.map((result) => result['m']))).toEqual(new Set([0, 1, 2, 3]));
    for (const { n, same } of results) expect(n).toBe(same);
    expect(run('resources | where hash(name) < 0', rows)).not.toEqual([]);
  });
});
