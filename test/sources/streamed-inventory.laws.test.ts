import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { inventorySource } from '../../src/sources/inventory/inventory.ts';
import { subscriptionId, vault } from '../cases/inventories.ts';
import { runs } from '../runs.ts';
import { listen, type ReadResult } from './source-contract.ts';

/** How a file comes: in chunks of so many bytes, with objects of no more bytes held whole, and perhaps a second time. */
interface Way {
  readonly chunk: number;
  readonly mostHeld?: number;
  readonly isRepeatable?: boolean;
}

/** More than any text of these tests: it comes in one chunk, and each of its documents is parsed as a whole. */
const whole: Way = { chunk: 1_000_000 };

/** All that reading a file leads to, but for how the resources are put together into events. */
async function outcome(bytes: Uint8Array, { chunk, ...way }: Way): Promise<object> {
  async function* read(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.slice(at, at + chunk);
  }
  try {
    return withoutEvents(await listen(inventorySource({ name: 'inventory.json', read, ...way })));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { message: error.message, hint: error.hint };
  }
}

function withoutEvents({ events, ...read }: ReadResult): object {
  return { ...read, subscriptions: events.filter(({ kind }) => kind === 'subscriptions') };
}

const chunks = fc.constantFrom(1, 2, 3, 5, 16, 100, 1000, 10_000);
const ways: fc.Arbitrary<Way> = fc.record(
  { chunk: chunks, mostHeld: fc.constantFrom(1, 10, 200, 2000), isRepeatable: fc.boolean() },
  { requiredKeys: ['chunk'] },
);

const rows: fc.Arbitrary<Json> = fc.oneof(
  { weight: 12, arbitrary: fc.nat(40).map((index) => vault(`kv-${index}`)) },
  { weight: 2, arbitrary: fc.nat(5).map((index) => vault(`kv-${index}`, { vaultUri: 'ß 😀 支払い "[{' })) },
  fc.constantFrom<Json>(
    vault('kv-0', {}, { properties: '{"enablePurgeProtection":true}' }),
    vault('kv-1', {}, { tags: null, Location: 'westeurope' }),
    { type: 'microsoft.resources/subscriptions', subscriptionId, name: 'Payments' },
    { id: '/subscriptions/s/x', type: 'a/b', properties: { items: [{ a: [] }] } },
    {},
    null,
    'text',
    -1.5e10,
  ),
);

const pages: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      before: fc.constantFrom<JsonObject>({}, { totalRecords: 3 }, { count: 2, $skipToken: 'x' }),
      list: fc.constantFrom('data', 'value', 'Data'),
      rows: fc.array(rows, { maxLength: 6 }),
      after: fc.constantFrom<JsonObject>({}, { nextLink: 'x' }, { skip_token: null }, { hasMore: true }),
    },
    { requiredKeys: ['before', 'list', 'rows', 'after'] },
  )
  .map(({ before, list, rows: held, after }) => Object.assign({}, before, { [list]: held }, after));

const documents: fc.Arbitrary<Json> = fc.oneof(
  rows,
  pages,
  fc.array(rows, { maxLength: 80 }),
  fc.array(fc.oneof(rows, pages, fc.array(rows, { maxLength: 2 })), { maxLength: 5 }),
);

const texts = fc
  .record({
    documents: fc.array(documents, { minLength: 1, maxLength: 3 }),
    indent: fc.constantFrom(undefined, 2, '\t'),
    between: fc.constantFrom('\n', '\r\n', '', ' ', '\u001E', '\n\uFEFF'),
  })
  .map(({ documents: written, indent, between }) =>
    written.map((document) => JSON.stringify(document, null, indent)).join(between),
  );

/** A text with a mistake at some place. */
const brokenTexts = fc
  .record({
    text: texts,
    at: fc.nat(),
    put: fc.constantFrom('', ',', '}', '[', '"', 'x', '\n', '\\', '\0', '"id":1,'),
  })
  .map(({ text, at, put }) => {
    const place = at % (text.length + 1);
    return put === '' ? text.slice(0, place) : text.slice(0, place) + put + text.slice(place);
  });

test('a file reads the same in one piece and in any number of pieces, and with little of it held', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(texts, brokenTexts), ways, async (text, way) => {
      const bytes = Buffer.from(text);
      expect(await outcome(bytes, way)).toEqual(await outcome(bytes, whole));
    }),
    { numRuns: runs(400) },
  );
});

test('so does every encoding', async () => {
  const encodings = fc.constantFrom(
    (text: string) => Buffer.from(text, 'utf16le'),
    (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    (text: string) => Buffer.from(`\uFEFF${text}`),
  );
  await fc.assert(
    fc.asyncProperty(texts, encodings, chunks, async (text, encode, chunk) => {
      expect(await outcome(encode(text), { chunk })).toEqual(await outcome(Buffer.from(text), whole));
    }),
    { numRuns: runs(100) },
  );
});

const fixtures = join(import.meta.dirname, '../fixtures');
const files = ['inventories', 'inventories/invalid', 'cases'].flatMap((folder) =>
  readdirSync(join(fixtures, folder), { withFileTypes: true, recursive: folder === 'cases' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name)),
);

test.each([{ chunk: 1 }, { chunk: 7, mostHeld: 1 }, { chunk: 1000, mostHeld: 100 }])(
  'so does every fixture: %j',
  async (way) => {
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const bytes = readFileSync(file);
      expect({ file, ...(await outcome(bytes, way)) }).toEqual({ file, ...(await outcome(bytes, whole)) });
    }
  },
);

test.each([
  { name: 'the same id with its members in another order', change: {}, ends: 'read' },
  { name: 'the same id with other content', change: { enableSoftDelete: false }, ends: 'refused' },
])('$name, written on other lines, is $ends', async ({ change, ends }) => {
  const again = vault('kv-1', { enableSoftDelete: true, ...change });
  const turned = Object.fromEntries(Object.entries(again).toReversed());
  const list = [vault('kv-1', { enableSoftDelete: true }), vault('kv-2'), turned, vault('kv-3')];
  const bytes = Buffer.from(JSON.stringify(list, null, 2));
  const unrepeated = await outcome(bytes, whole);
  expect(await outcome(bytes, { ...whole, isRepeatable: true })).toEqual(unrepeated);
  expect('message' in unrepeated).toBe(ends === 'refused');
});

test('a file is read a second time only where an id stands in it twice, written differently', async () => {
  const one = vault('kv-1', { enableSoftDelete: true });
  for (const { rows: list, times } of [
    { rows: [one, vault('kv-2')], times: 1 },
    { rows: [one, vault('kv-2'), one], times: 1 },
    { rows: [one, vault('kv-2'), Object.fromEntries(Object.entries(one).toReversed())], times: 2 },
  ]) {
    let readings = 0;
    const read = (): Promise<Uint8Array> => {
      readings += 1;
      return Promise.resolve(Buffer.from(JSON.stringify(list)));
    };
    const { resources } = await listen(inventorySource({ name: 'twice.json', read, isRepeatable: true }));
    expect({ resources: resources.length, readings }).toEqual({ resources: 2, readings: times });
  }
});

test('rows come before the file has been read to its end', async () => {
  let read = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (yield Buffer.from('{"data":['); ; read += 1)
      yield Buffer.from(`${JSON.stringify(vault(`kv-${read}`, { vaultUri: 'x'.repeat(10_000) }))},`);
  }
  for await (const event of inventorySource({ name: '-', read: endless }).read(new AbortController().signal, {
    scope: { subscriptions: [], managementGroups: [] },
    subscriptions: [],
  }))
    if (event.kind === 'resources') break;
  expect(read).toBeLessThan(200);
});
