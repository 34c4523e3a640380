import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { JournalEntry, JournalStore } from '../../src/model/journal.ts';
import { sha256 } from '../../src/remediation/canonical-json.ts';
import { readJournal } from '../../src/remediation/journal-text.ts';
import { sealPlan } from '../../src/remediation/plan-file.ts';
import { type NewEntry, openJournal, runEntry } from '../../src/usecases/write/journal.ts';
import { runs } from '../runs.ts';
import { fastClock } from './estate.ts';

const tool = { name: 'purgeproof', version: '1.0.0' };
const plan = sealPlan({
  schemaVersion: '1.0',
  tool,
  createdAt: '2026-11-24T12:00:00.000Z',
  expiresAt: '2026-11-25T12:00:00.000Z',
  tenantId: 'tenant',
  scope: { subscriptions: [], managementGroups: [] },
  steps: [],
  manual: [],
});
const run = { tool, tenantId: plan.tenantId, planHash: plan.hash };
const state = { hash: 'a'.repeat(64), properties: {} };
const intent: NewEntry = {
  kind: 'intent',
  step: 's',
  vault: '/v/Schlüssel-金庫',
  attempt: 1,
  before: state,
  body: { properties: { enablePurgeProtection: true } },
};
const result: NewEntry = {
  kind: 'result',
  step: 's',
  vault: '/v/Schlüssel-金庫',
  attempt: 1,
  sent: true,
  outcome: 'verified',
  cause: 'It passes.',
  requestId: 'r',
  rules: [{ id: 'AKV002', verdict: 'compliant' }],
  after: state,
};

/** A disk in memory. */
function memory(bytes: Uint8Array): JournalStore & { readonly content: () => Uint8Array } {
  let content = bytes;
  return {
    name: 'j.ndjson',
    content: () => content,
    open: async () => content,
    read: async () => content,
    append: async (text) => {
      content = Buffer.concat([content, Buffer.from(text)]);
    },
    close: async () => {},
  };
}

async function written(before: Uint8Array, entries: readonly NewEntry[]): Promise<Uint8Array> {
  const store = memory(before);
  const identity = { tenantId: 'tenant', objectId: 'me' };
  const journal = await openJournal({ store, planHash: plan.hash, identity, clock: fastClock });
  await Promise.all(entries.map((entry) => journal.append(entry)));
  return store.content();
}

const whole = await written(new Uint8Array(), [runEntry(run), intent, result, intent, result]);
const lineEnds = [...whole.keys()].filter((index) => whole[index] === 0x0a);

/** `,"hash":"…"}` and the line break. */
const sealLength = 76;

function readUnlessDamaged(bytes: Uint8Array): readonly JournalEntry[] | undefined {
  try {
    return readJournal(bytes, 'j').entries;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function isPrefix(some: readonly JournalEntry[], all: readonly JournalEntry[]): boolean {
  return some.every((entry, index) => JSON.stringify(entry) === JSON.stringify(all[index]));
}

describe('laws of the journal', () => {
  test('cut off anywhere, it is read as far as it goes, and can be gone on with', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (end) => {
        const cut = whole.slice(0, end);
        const { entries } = readJournal(cut, 'j');
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
        const more = readJournal(await written(cut, [runEntry(run), intent]), 'j');
        expect(more.entries).toHaveLength(entries.length + 2);
        expect(more.torn).toBe(false);
      }),
      { numRuns: runs(300) },
    );
  });

  test('cut off again and again, it still is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 4 }), async (cuts) => {
        let bytes = whole;
        for (const cut of cuts) {
          const torn = bytes.slice(0, Math.max(0, bytes.length - cut));
          bytes = await written(torn, [runEntry(run), intent, result]);
          expect(readJournal(bytes, 'j').entries.at(-1)?.kind).toBe('result');
        }
      }),
      { numRuns: runs(100) },
    );
  });

  test('a byte that was changed in any line but the last is found', () => {
    const lastLine = lineEnds.at(-2) ?? 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: lastLine - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (index, difference) => {
          const changed = Uint8Array.from(whole);
          changed[index] = (changed[index] ?? 0) ^ difference;
          expect(() => readJournal(changed, 'j')).toThrow(/^j:\d+:1 {2}the journal is damaged/);
        },
      ),
      { numRuns: runs(1000) },
    );
  });

  test('a byte that was changed in the last line never gives another entry', () => {
    const start = (lineEnds.at(-2) ?? 0) + 1;
    const { entries } = readJournal(whole, 'j');
    for (let index = start; index < whole.length; index += 1) {
      for (const difference of [1, 2, 16, 32, 128]) {
        const changed = Uint8Array.from(whole);
        changed[index] = (changed[index] ?? 0) ^ difference;
        const read = readUnlessDamaged(changed);
        // Without its end, a line looks like one that a crash cut off.
        const isCutOff = index >= whole.length - sealLength && read !== undefined && isPrefix(read, entries);
        expect(read === undefined || isCutOff).toBe(true);
      }
    }
  });

  test('a last line that has lost its hash was changed', () => {
    const text = new TextDecoder().decode(whole);
    const bare = text.replace(/,"hash":"[0-9a-f]{64}"\}\n$/, '}\n');
    expect(bare).not.toBe(text);
    expect(readUnlessDamaged(Buffer.from(bare))).toBeUndefined();
  });

  test('one of version 1.0, whose lines have no hash, can be gone on with', async () => {
    let previous = '';
    const old = [runEntry(run), intent, result].map((entry, index) => {
      const chain = { seq: index + 1, previous, at: '2026-11-24T12:00:00.000Z', who: 'me' };
      const line = JSON.stringify({
        ...chain,
        ...entry,
        ...(index === 0 ? { schemaVersion: '1.0', afterTornLine: false } : {}),
      });
      previous = sha256(line);
      return `${line}\n`;
    });
    const before = Buffer.from(old.join(''));
    expect(readJournal(before, 'j').entries).toHaveLength(3);
    const after = await written(before, [runEntry(run), intent]);
    expect(readJournal(after, 'j').entries.map(({ hash }) => hash === undefined)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('no line may be missing but at the end', () => {
    for (const end of lineEnds.slice(0, -1)) {
      const start = (lineEnds[lineEnds.indexOf(end) - 1] ?? -1) + 1;
      const without = Buffer.concat([whole.slice(0, start), whole.slice(end + 1)]);
      expect(() => readJournal(without, 'j')).toThrow(/the journal is damaged/);
    }
  });
});
