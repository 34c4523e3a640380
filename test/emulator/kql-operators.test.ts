import { describe, expect, test } from 'vitest';
import type { Row } from '../../emulator/kql/value.ts';
import { run } from './kql.ts';

const rows: readonly Row[] = [
  {
    id: '/a',
    name: 'A',
    type: 'x',
    location: 'west',
    properties: { n: 2, list: [1, 2] },
    tags: { env: 'prod' },
  },
  { id: '/b', name: 'b', type: 'x', location: 'west', properties: { n: 1, list: [] }, tags: null },
  { id: '/c', name: 'C', type: 'y', location: 'east', properties: { n: null, list: 'no array' }, tags: {} },
  { id: '/d', name: 'd', type: 'y', location: 'east', properties: { n: 2 }, tags: { env: 'dev', a: '1' } },
];

describe('operators', () => {
  test.for<[query: string, expected: readonly Row[]]>([
    ['project name, t = type | take 1', [{ name: 'A', t: 'x' }]],
    ['project id, properties.n | take 1', [{ id: '/a', properties_n: 2 }]],
    ["where name == 'A' | extend name = 'Z', m = name | project name, m", [{ name: 'Z', m: 'A' }]],
    ["where id == '/d' | project id, name, type | project-away n*", [{ id: '/d', type: 'y' }]],
    ["where id == '/d' | project id, name | project-rename label = name", [{ id: '/d', label: 'd' }]],
    ['order by name asc | project name', [{ name: 'A' }, { name: 'C' }, { name: 'b' }, { name: 'd' }]],
    ['order by name | project name | take 1', [{ name: 'd' }]],
    [
      'project name, n = toint(properties.n) | order by n asc, name desc | project name',
      [{ name: 'C' }, { name: 'b' }, { name: 'd' }, { name: 'A' }],
    ],
    [
      'project id, n = toint(properties.n) | order by n desc nulls first | project id | take 1',
      [{ id: '/c' }],
    ],
    [
      'project id, n = toint(properties.n) | sort by n | project id',
      ['/a', '/d', '/b', '/c'].map((id) => ({ id })),
    ],
    ['top 2 by id desc | project id', [{ id: '/d' }, { id: '/c' }]],
    ['count', [{ Count: 4 }]],
    [
      'distinct type, location',
      [
        { type: 'x', location: 'west' },
        { type: 'y', location: 'east' },
      ],
    ],
    [
      'summarize count() by type',
      [
        { type: 'x', count_: 2 },
        { type: 'y', count_: 2 },
      ],
    ],
    ['summarize n = countif(properties.n == 2), d = dcount(location)', [{ n: 2, d: 2 }]],
    [
      'summarize s = sum(toint(properties.n)), a = avg(toint(properties.n)), lo = min(toint(properties.n)), hi = max(name)',
      [{ s: 5, a: 5 / 3, lo: 1, hi: 'd' }],
    ],
    [
      'summarize make_list(toint(properties.n)), make_set(type)',
      [{ list_properties_n: [2, 1, 2], set_type: ['x', 'y'] }],
    ],
    ['where false | summarize count()', [{ count_: 0 }]],
    ['where false | summarize count() by type', []],
    [
      'summarize n = count() by big = toint(properties.n) > 1',
      [
        { big: true, n: 2 },
        { big: false, n: 1 },
        { big: null, n: 1 },
      ],
    ],
    [
      'project id, list = properties.list | mv-expand list',
      [
        { id: '/a', list: 1 },
        { id: '/a', list: 2 },
        { id: '/c', list: 'no array' },
        { id: '/d', list: null },
      ],
    ],
    [
      "where id == '/d' | project id, tags | mv-expand tags",
      [
        { id: '/d', tags: { env: 'dev' } },
        { id: '/d', tags: { a: '1' } },
      ],
    ],
    [
      "where id == '/a' | project id, x = properties.list | mv-expand x to typeof(string) limit 1",
      [{ id: '/a', x: '1' }],
    ],
  ])('%s', ([query, expected]) => {
    expect(run(`resources | ${query}`, rows)).toEqual(expected);
  });

  test('mv-expand makes 128 rows of one unless told otherwise', () => {
    const long = [{ id: '/l', properties: { list: Array.from({ length: 500 }, (_, index) => index) } }];
    expect(run('resources | mv-expand properties.list', long)).toHaveLength(128);
    expect(run('resources | mv-expand properties.list limit 400', long)).toHaveLength(400);
  });
});

describe('join and union', () => {
  const joined = (kind: string): string =>
    `resources | project type, left = id | join ${kind} (resources | where type == 'x' | project type, right = name) on type`;

  test.for<[kind: string, pairs: readonly string[]]>([
    ['', ['/a A', '/a b']],
    ['kind=innerunique', ['/a A', '/a b']],
    ['kind=inner', ['/a A', '/a b', '/b A', '/b b']],
    ['kind=leftouter', ['/a A', '/a b', '/b A', '/b b', '/c ', '/d ']],
  ])('join %s', ([kind, pairs]) => {
    const found = run(joined(kind), rows).map(({ left, right }) => `${text(left)} ${text(right)}`);
    expect(found).toEqual(pairs);
  });

  test('columns of the right table that clash are renamed as the binder says', () => {
    const [first] = run(
      'resources | project id | join (resources | project id) on $left.id == $right.id',
      rows,
    );
    expect(first).toEqual({ id: '/a', id1: '/a' });
  });

  test('union appends, and matches columns by name', () => {
    expect(run('resources | take 1 | union (resources | take 1) | count', rows)).toEqual([{ Count: 2 }]);
    expect(
      run(
        'union (resources | project id), (resources | project id, name) | where isempty(name) | count',
        rows,
      ),
    ).toEqual([{ Count: 4 }]);
  });
});

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
