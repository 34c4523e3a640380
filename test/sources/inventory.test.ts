import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { UsageError } from '../../src/model/errors.ts';
import type { ResourceSource } from '../../src/model/source.ts';
import { inventorySource } from '../../src/sources/inventory/inventory.ts';
import { describeSource, listen } from './source-contract.ts';

const folder = path.join(import.meta.dirname, '../fixtures/inventories');

function fixture(name: string): ResourceSource {
  return inventorySource({ name, read: () => readFile(path.join(folder, name)) });
}

function inventory(text: string | Uint8Array): ResourceSource {
  return inventorySource({ name: 'inventory.json', read: () => Promise.resolve(Buffer.from(text)) });
}

async function failure(source: ResourceSource): Promise<UsageError> {
  const error: unknown = await listen(source).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof UsageError)) throw new Error('the source did not refuse it', { cause: error });
  return error;
}

describeSource('an inventory', () => fixture('az-graph.json'));

describe('shapes that people have at hand', () => {
  const all = ['hsm-orders', 'kv-billing', 'kv-orders'];
  test.for([
    ['az-graph.json', all],
    ['az-graph-old.json', all],
    ['graph-rest.json', all],
    ['graph-table.json', all],
    ['pages.json', all],
    ['pages.ndjson', all],
    ['rows.ndjson', all],
    ['arm-list.json', all],
    ['arm-vault.json', ['kv-orders']],
    ['az-keyvault-show.json', ['kv-orders']],
    ['same-twice.json', ['kv-orders']],
    ['no-type.json', ['kv-orders']],
    ['other-types.json', ['kv-orders', 'stlogs']],
    ['empty-list.json', []],
    ['az-graph-empty.json', []],
  ] as const)('%s is read whole', async ([name, names]) => {
    const { resources, unreadable, coverage } = await listen(fixture(name));
    expect(resources.map((resource) => resource.name).toSorted()).toEqual(names);
    expect(unreadable).toEqual([]);
    expect(coverage?.subscriptions.map(({ state }) => state)).toEqual(names.length > 0 ? ['read'] : []);
  });

  test('every shape of the same three rows gives the same resources', async () => {
    const expected = await listen(fixture('az-graph.json'));
    for (const name of [
      'az-graph-old.json',
      'graph-rest.json',
      'pages.json',
      'pages.ndjson',
      'rows.ndjson',
    ]) {
      expect((await listen(fixture(name))).resources).toEqual(expected.resources);
    }
  });

  test('the scope names the file, and the subscription by the row that describes it', async () => {
    const { events } = await listen(fixture('other-types.json'));
    const scope = { subscriptions: [], managementGroups: [], inventory: 'other-types.json' };
    expect(events[0]).toEqual({ kind: 'scope', scope, subscriptions: [] });
    const managementGroups = [
      { id: 'mg-platform', name: 'Platform' },
      { id: 'mg-root', name: 'Root' },
    ];
    const id = '11111111-1111-4111-8111-111111111111';
    expect(events).toContainEqual({
      kind: 'subscriptions',
      subscriptions: [{ id, name: 'platform-prod', managementGroups }],
    });
  });
});

describe('encodings', () => {
  test.for([
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 as PowerShell writes it', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
    ['CRLF', (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))],
  ] as const)('%s is read like plain UTF-8', async ([, encode]) => {
    const plain = await listen(fixture('rows.ndjson'));
    const text = await readFile(path.join(folder, 'rows.ndjson'), 'utf8');
    expect((await listen(inventory(encode(text)))).resources).toEqual(plain.resources);
  });

  test('standard input arrives in chunks, cut anywhere', async () => {
    const bytes = Buffer.from('[{"id":"/subscriptions/s/x","type":"a/b","properties":{"name":"straße"}}]');
    async function* chunks(): AsyncGenerator<Uint8Array> {
      await Promise.resolve();
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    }
    const { resources } = await listen(inventorySource({ name: '-', read: chunks }));
    expect(resources[0]?.body['properties']).toEqual({ name: 'straße' });
  });
});

describe('what a file says is missing makes the read incomplete', () => {
  test.for([
    ['az-graph-first-page.json', 'The last page says that more rows follow ("skip_token").'],
    ['az-graph-last-page.json', 'The file holds 3 of the 1003 rows that Azure reports.'],
    ['graph-rest-more.json', 'The last page says that more rows follow ("$skipToken").'],
    [
      'graph-rest-truncated.json',
      'Resource Graph reports that it left out rows ("resultTruncated": "true").',
    ],
    ['arm-list-more.json', 'The last page says that more rows follow ("nextLink").'],
  ] as const)('%s', async ([name, reason]) => {
    const { resources, unreadable, coverage } = await listen(fixture(name));
    expect(resources).toHaveLength(3);
    expect(unreadable).toEqual([expect.objectContaining({ scope: name, kind: 'inventory', reason })]);
    expect(coverage?.subscriptions.map(({ state }) => state)).toEqual(['truncated']);
  });

  test.for([
    [
      'the first of two pages announces more than both hold',
      '[{"totalRecords":3,"$skipToken":"x","data":[ROW]},{"totalRecords":3,"data":[]}]',
      'The file holds 1 of the 3 rows that Azure reports.',
    ],
    [
      'the total is text',
      '{"totalRecords":"2","data":[ROW]}',
      'The file holds 1 of the 2 rows that Azure reports.',
    ],
    [
      'an error beside the rows',
      '{"value":[],"error":{"code":"x"}}',
      'Azure reported an error along with the rows.',
    ],
    [
      'a row twice',
      '{"data":[ROW,ROW],"total_records":2}',
      'The file holds 1 of the 2 rows that Azure reports.',
    ],
    [
      'a row on both of two pages',
      '[{"data":[ROW],"skip_token":"x","total_records":2},{"data":[ROW],"total_records":2}]',
      'The file holds 1 of the 2 rows that Azure reports.',
    ],
    [
      'a link in another spelling',
      '{"value":[ROW],"NextLink":"x"}',
      'The last page says that more rows follow ("NextLink").',
    ],
    [
      'a token in another spelling',
      '{"Data":[ROW],"SkipToken":"x"}',
      'The last page says that more rows follow ("SkipToken").',
    ],
    [
      'a continuation token',
      '{"value":[ROW],"continuationToken":"x"}',
      'The last page says that more rows follow ("continuationToken").',
    ],
    [
      'the count of OData',
      '{"value":[ROW],"@odata.count":5}',
      'The file holds 1 of the 5 rows that Azure reports.',
    ],
    [
      'the count of ARM',
      '{"value":[ROW],"count":{"type":"Total","value":2}}',
      'The file holds 1 of the 2 rows that Azure reports.',
    ],
    ['a bare total', '{"data":[ROW],"total":2}', 'The file holds 1 of the 2 rows that Azure reports.'],
    [
      'errors beside the rows',
      '{"data":[ROW],"errors":[{}]}',
      'Azure reported an error along with the rows.',
    ],
  ] as const)('%s', async ([, text, reason]) => {
    const row = '{"id":"/subscriptions/s/x","type":"a/b","properties":{}}';
    const { unreadable } = await listen(inventory(text.replaceAll('ROW', row)));
    expect(unreadable.map((entry) => entry.reason)).toEqual([reason]);
  });

  test('of two lists in one page both are read', async () => {
    const row = { id: '/subscriptions/s/x', type: 'a/b', properties: {} };
    const { resources } = await listen(inventory(JSON.stringify({ value: [], data: [row] })));
    expect(resources.map(({ id }) => id)).toEqual([row.id]);
  });

  test('rows of az keyvault list have no properties: each is a gap, and none is guessed', async () => {
    const { resources, unreadable, coverage } = await listen(fixture('az-keyvault-list.json'));
    expect(resources.map(({ gaps }) => gaps)).toEqual([['properties'], ['properties']]);
    expect(unreadable.map(({ scope, kind }) => [scope, kind])).toEqual(
      resources.map(({ id }) => [id, 'resource']),
    );
    expect(unreadable[0]?.hint).toContain('az graph query');
    expect(coverage?.subscriptions.map(({ state }) => state)).toEqual(['partial']);
  });
});

describe('a file that cannot be understood is refused, and says where', () => {
  test('a value that is nested deeper than anything of Azure', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const { message } = await failure(
      inventory(`[{"id":"/subscriptions/s/x","type":"a/b","properties":{"enablePurgeProtection":${deep}}}]`),
    );
    expect(message).toBe('inventory.json  [0] is nested more than 100 levels deep');
  });

  test('a hundred levels are read, in a list and in a page', async () => {
    const row = (levels: number): string =>
      `{"id":"/subscriptions/s/x","type":"a/b","properties":{"a":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
    for (const [before, after] of [
      ['[', ']'],
      ['{"totalRecords":1,"data":[', ']}'],
    ] as const) {
      const { resources } = await listen(inventory(before + row(100) + after));
      expect(resources).toHaveLength(1);
      const { message } = await failure(inventory(before + row(101) + after));
      expect(message).toContain('[0] is nested more than 100 levels deep');
    }
  });

  test('lists within lists, as deep as they go', async () => {
    const { message } = await failure(inventory('['.repeat(100_000) + ']'.repeat(100_000)));
    expect(message).toMatch(/^inventory\.json {2}(\[0\]){8} is a list, not a resource$/);
  });

  test('a key that is given twice, at each place', async () => {
    const { message, hint } = await failure(
      inventory(
        '[{"id": "/subscriptions/s/x",\n  "properties": {"enablePurgeProtection": false,\n' +
          '    "enablePurgeProtection": true}}, {"tags": {}, "tags": null}]',
      ),
    );
    expect(message).toBe(
      'inventory.json:3:5  the key "enablePurgeProtection" is repeated in one object\n' +
        'inventory.json:3:51  the key "tags" is repeated in one object',
    );
    expect(hint).toContain('Keep one of the values.');
  });

  test('columns are counted from the beginning of the line, wherever the document begins', async () => {
    expect((await failure(inventory('{} {"id":"b","id":"b"}'))).message).toBe(
      'inventory.json:1:14  the key "id" is repeated in one object',
    );
    expect((await failure(inventory('["straße 😀", {"id":}]'))).message).toBe(
      'inventory.json:1:21  this is not JSON',
    );
  });

  test('separators without a document', async () => {
    expect((await failure(inventory('\u001E\n\u001E\n'))).message).toBe('inventory.json is empty.');
  });

  test('a key that is given twice, in a line of NDJSON', async () => {
    const { message } = await failure(inventory('{"id":"a"}\n\n{"id":"b","id":"b"}\n'));
    expect(message).toBe('inventory.json:3:11  the key "id" is repeated in one object');
  });

  test('keys that are given twice everywhere, a few of them', async () => {
    const { message } = await failure(inventory(`[${Array(1000).fill('{"a":1,"a":2}').join(',')}]`));
    expect(message.split('\n')).toHaveLength(6);
    expect(message).toMatch(/… and 995 more$/);
  });

  test.for([
    ['empty.json', /^empty\.json is empty\.$/],
    ['blank.json', /^blank\.json is empty\.$/],
    ['number.json', /^number\.json {2}the document is a number, not a resource$/],
    ['text.json', /^text\.json {2}the document is a string, not a resource$/],
    ['null.json', /^null\.json {2}the document is null, not a resource$/],
    ['object.json', /^object\.json {2}the document has no "id"$/],
    ['error.json', /^error\.json {2}the document is an error answer of Azure \(AuthorizationFailed: The /],
    [
      'not-json.json',
      /^not-json\.json {2}this is an error message .*, not an inventory in JSON: ERROR: Please run 'az login'/,
    ],
    ['cut-off.json', /^cut-off\.json:\d+:\d+ {2}the JSON ends too early$/],
    ['comma.json', /^comma\.json:2:15 {2}this is not JSON$/],
    ['token.json', /^token\.json:2:\d+ {2}this is not JSON$/],
    ['broken-line.ndjson', /^broken-line\.ndjson:2:81 {2}the JSON ends too early$/],
    ['numbers.json', /^numbers\.json {2}\[0\] is a number, not a resource$/],
    ['no-id.json', /^no-id\.json {2}\[1\] has no "id"$/],
    ['wrong-type.json', /^wrong-type\.json {2}\[0\] "id" and "type" name different resource types/],
    ['two-ids.json', /^two-ids\.json {2}\[0\] spells "id", "name" or "type" in two ways/],
    ['twice.json', /^twice\.json {2}\[1\] repeats .*\/kv-orders with different content$/],
    ['twice.ndjson', /^twice\.ndjson:2 {2}the document repeats .*\/kv-orders with/],
  ] as const)('%s', async ([name, message]) => {
    const read = (): Promise<Buffer> => readFile(path.join(folder, 'invalid', name));
    const error = await failure(inventorySource({ name, read }));
    expect(error.message).toMatch(message);
    expect(error.hint).not.toBe('');
  });

  test('bytes that are not text', async () => {
    expect((await failure(inventory(Uint8Array.of(0x1f, 0x8b, 8, 0)))).hint).toContain('gzip');
    expect((await failure(inventory(Uint8Array.of(0x5b, 0xe4, 0x5d)))).message).toContain('not UTF-8');
  });

  test('a file that cannot be read', async () => {
    expect((await failure(fixture('no-such-file.json'))).message).toContain('no such file');
  });
});

test('interrupted while it waits for standard input, it says so and has read nothing', async () => {
  const controller = new AbortController();
  const read = (): Promise<Uint8Array> =>
    new Promise((_, reject) => {
      controller.signal.addEventListener('abort', () => reject(new Error('the wait was broken off')));
      queueMicrotask(() => controller.abort());
    });
  const { resources, unreadable, coverage } = await listen(
    inventorySource({ name: '-', read }),
    controller.signal,
  );
  expect(resources).toEqual([]);
  expect(unreadable).toMatchObject([{ scope: '-', kind: 'interrupted' }]);
  expect(coverage).toBeDefined();
});
