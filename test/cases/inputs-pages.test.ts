import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { run } from '../cli/run.ts';
import { cases, scan, subscriptionId, vault, vaults } from './inventories.ts';

describe('C1: a bare list that ends where a page ends', () => {
  test.for([
    [99, 0],
    [100, 3],
    [101, 0],
    [999, 0],
    [1000, 3],
    [1001, 0],
  ] as const)('of %i rows: exit %i', async ([rows, code]) => {
    const { code: exit, report } = await scan(vaults(rows));
    expect(exit).toBe(code);
    expect(report?.unreadable.map(({ hint }) => hint.includes('--inventory-complete'))).toEqual(
      code === 3 ? [true] : [],
    );
  });

  test.for([
    ['one row a line', (rows: JsonObject[]) => rows.map((row) => JSON.stringify(row)).join('\n'), 3],
    ['as PowerShell 5.1 wraps it', (rows: JsonObject[]) => JSON.stringify({ value: rows, Count: 100 }), 3],
    ['with its data alone', (rows: JsonObject[]) => JSON.stringify({ data: rows }), 3],
    [
      'with the count of the page alone',
      (rows: JsonObject[]) => JSON.stringify({ count: 100, data: rows }),
      3,
    ],
    [
      'after another list',
      (rows: JsonObject[]) => `[${JSON.stringify(vault('kv-first'))}]${JSON.stringify(rows)}`,
      3,
    ],
    [
      'before another list',
      (rows: JsonObject[]) => `${JSON.stringify(rows)}[${JSON.stringify(vault('kv-last'))}]`,
      0,
    ],
    ['with its total', (rows: JsonObject[]) => JSON.stringify({ data: rows, total_records: 100 }), 0],
    ['with an empty token', (rows: JsonObject[]) => JSON.stringify({ Data: rows, SkipToken: null }), 0],
    ['as ARM lists', (rows: JsonObject[]) => JSON.stringify({ value: rows }), 0],
  ] as const)('100 rows %s', async ([, write, code]) => {
    expect((await scan(write(vaults(100)))).code).toBe(code);
  });

  test('the user may say that it is whole, by a flag', async () => {
    expect((await scan(vaults(100), ['--inventory-complete'])).code).toBe(0);
    const announced = JSON.stringify({ data: vaults(100), skip_token: 'x' });
    expect((await scan(announced, ['--inventory-complete'])).code).toBe(3);
  });

  test('which means nothing without an inventory', async () => {
    const { code, stderr } = await run(['scan', '--inventory-complete'], { cwd: cases });
    expect([code, stderr]).toEqual([2, expect.stringContaining('says that an inventory is whole')]);
  });
});

describe('C6: a sequence of documents is read', () => {
  test.for(['all', 'shows', 'arrays'])('%s.json', async (name) => {
    const { report, code } = await scan(`C6-appended-documents/${name}.json`);
    expect([code, report?.complete, report?.summary.resources]).toEqual([1, true, 2]);
  });

  const [one, two] = [JSON.stringify(vault('kv-a')), JSON.stringify(vault('kv-b'), null, 2)];
  test.for([
    ['without anything between them', `${one}${two}`],
    ['with a byte order mark before each', `\uFEFF${one}\n\uFEFF${two}`],
    ['with the separators of RFC 7464', `\u001E${one}\n\u001E${two}\n`],
    ['one on a line, one on several', `${one}\n${two}`],
    [
      'with brackets and quotes in their texts',
      `${one}\n${JSON.stringify(vault('kv-b', {}, { tags: { a: '}]"\\' } }))}`,
    ],
  ] as const)('%s', async ([, text]) => {
    expect((await scan(text)).report?.summary.resources).toBe(2);
  });

  test('a fault is told at its line and column', async () => {
    expect((await scan(`${two}\n{"id": x}\n`)).stderr).toMatch(
      /^error: standard input:\d\d:8 {2}this is not JSON/,
    );
    expect((await scan(`${one}\n{"id": \n${one}`)).stderr).toContain(
      'standard input:2:8  the JSON ends too early',
    );
  });

  test('the last page decides whether more was announced', async () => {
    const page = (rows: JsonObject[], skip_token: string | null) =>
      JSON.stringify({ data: rows, skip_token });
    expect((await scan(`${page([vault('kv-a')], 'x')}\n${page([vault('kv-b')], null)}`)).code).toBe(0);
    expect((await scan(`${page([vault('kv-a')], 'x')}\n${page([vault('kv-b')], 'y')}`)).code).toBe(3);
  });
});

describe('an announced page is not the first page of another list', () => {
  const arm = 'https://management.azure.com/subscriptions';
  const listOf = (subscription: string) =>
    `${arm}/${subscription}/providers/Microsoft.KeyVault/vaults?api-version=2023-07-01&$skiptoken=x`;
  const other = 'AAAAAAAA-0000-4000-8000-000000000002';
  const [here, there] = [
    { value: [vault('kv-a')], nextLink: listOf(subscriptionId.toUpperCase()) },
    { value: [vault('kv-a')], nextLink: listOf(other) },
  ];
  const first = { data: [vault('kv-a')], total_records: 2, count: 1, skip_token: 'x' };
  test.for([
    ['the rest of the list', [here, { value: [vault('kv-b')] }], 0],
    ['an empty rest', [here, { value: [] }], 0],
    ['the list of another subscription', [there, { value: [vault('kv-b')] }], 3],
    ['the rest of the answer', [first, { data: [vault('kv-b')], total_records: 2, count: 1 }], 0],
    ['the answer to another query', [first, { data: [vault('kv-b')], total_records: 1, count: 1 }], 3],
  ] as const)('%s', async ([, pages, exit]) => {
    const { code, report } = await scan(JSON.stringify(pages));
    const reasons = report?.unreadable.map(({ reason }) => reason.replace(/^.* page after it /, ''));
    expect([code, reasons]).toEqual([exit, exit === 0 ? [] : ['is of another list.']]);
  });
});

test('vaults next to the rows of a page, under a name of their own, are read too', async () => {
  const bad = vault('kv-bad', { enablePurgeProtection: false });
  for (const name of ['rows', 'vaults', 'items']) {
    const { code, report } = await scan(JSON.stringify({ value: [vault('kv-a')], [name]: [bad] }));
    expect([name, code, report?.summary.resources]).toEqual([name, 1, 2]);
  }
});

describe('announcements of further pages that nobody knows', () => {
  test.for([
    [{ hasMore: true }, 'hasMore'],
    [{ next: 'https://x' }, 'next'],
    [{ links: { next: 'https://x' } }, 'links.next'],
    [{ pagination: { nextCursor: 'abc' } }, 'pagination.nextCursor'],
    [{ 'x-ms-continuation': 'abc' }, 'x-ms-continuation'],
    [{ totalPages: 3 }, 'totalPages'],
    [{ partial: 'true' }, 'partial'],
  ] as const)('%j: incomplete', async ([announced, name]) => {
    const { code, report } = await scan(JSON.stringify({ value: [vault('kv-a')], ...announced }));
    expect([code, report?.unreadable.map(({ reason }) => reason)]).toEqual([
      3,
      [`A page may say that more rows follow ("${name}"), in a way that purgeproof does not know.`],
    ]);
  });

  test.for([
    [{ hasMore: false }],
    [{ next: null, links: { next: '' }, pagination: {} }],
    [{ totalPages: 1, page: 1, pageSize: 1000 }],
    [{ nextMarker: 'none' }],
  ] as const)('%j: complete', async ([announced]) => {
    expect((await scan(JSON.stringify({ value: [vault('kv-a')], ...announced }))).code).toBe(0);
  });
});

test('a table of Resource Graph with 100 rows and without its total is incomplete', async () => {
  const columns = ['id', 'name', 'type', 'properties'].map((name) => ({ name, type: 'string' }));
  const rows = vaults(100).map((row) => columns.map(({ name }) => row[name] ?? null));
  expect((await scan(JSON.stringify({ data: { columns, rows } }))).code).toBe(3);
  expect((await scan(JSON.stringify({ totalRecords: 100, data: { columns, rows } }))).code).toBe(0);
});

test('a configuration may say that its own inventory is whole, which says nothing of another', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'purgeproof-inputs-'));
  await writeFile(join(cwd, 'list.json'), JSON.stringify(vaults(100)));
  await writeFile(join(cwd, 'purgeproof.yaml'), 'inventory: list.json\ninventoryComplete: true\n');
  const config = ['scan', '--config', 'purgeproof.yaml'];
  const codes = [await run(config, { cwd }), await run([...config, '--inventory', 'list.json'], { cwd })];
  await rm(cwd, { recursive: true });
  expect(codes.map(({ code }) => code)).toEqual([0, 3]);
});
