import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openArchiveToAdd } from '../../src/files/archive/scan-archive.ts';
import { shippedRules } from '../../src/files/shipped-rules.ts';
import type { ScanArchive } from '../../src/model/archive.ts';
import { UsageError } from '../../src/model/errors.ts';
import { compileRule } from '../../src/rules/evaluate.ts';
import { openArchiver } from '../../src/usecases/archive/archiver.ts';
import { scan } from '../../src/usecases/scan.ts';
import { aVault, subscriptionId } from '../build.ts';
import { fullCoverage, listSource } from './list-source.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-archiver-'));
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

const compiled = shippedRules.map((rule) => compileRule(rule, {}));
const prepared = {
  settings: {
    cloud: 'AzureCloud',
    target: { kind: 'live', subscriptions: [], managementGroups: [], include: [] },
  },
  policies: { compiled, exemptions: [] },
} as const;

/** Scans one vault, and archives the scan. */
async function archive(
  store: ScanArchive,
  { isTrendWanted = true, isStopped = false, source = listSource([[aVault({})]]) } = {},
) {
  const { signal } = isStopped ? { signal: AbortSignal.abort() } : new AbortController();
  const archiver = openArchiver(prepared, { archive: store, signal });
  const report = await scan({
    tool: { name: 'purgeproof', version: '0.0.0' },
    rules: compiled,
    ...archiver.recording.watch({ sources: [source] }),
    onEvent: archiver.recording.onEvent,
    exemptions: [],
    now: () => new Date('2026-11-24T12:00:00Z'),
    includeCompliant: false,
    signal: new AbortController().signal,
  });
  return archiver.archive(report, isTrendWanted);
}

test('a scan is added, and the trend of all scans comes where a document shows it', async () => {
  const store = await openArchiveToAdd({ folder: 'audit', cwd });
  const { added, trend, error } = await archive(store);
  expect(error).toBeUndefined();
  expect(added?.path).toMatch(/^audit.2026-11-24T12-00-00\.000Z\./);
  expect(trend?.points).toMatchObject([{ at: '2026-11-24T12:00:00.000Z', complete: true }]);
  expect(await archive(store, { isTrendWanted: false })).not.toHaveProperty('trend');
});

test('a scan that was stopped is not archived', async () => {
  const store = await openArchiveToAdd({ folder: 'audit', cwd });
  expect(await archive(store, { isStopped: true })).toEqual({});
  expect(readdirSync(cwd)).toEqual([]);
});

test('a scan whose source was cut off is not archived, whoever stopped it', async () => {
  const store = await openArchiveToAdd({ folder: 'audit', cwd });
  expect(await archive(store, { source: listSource([[aVault({})]], { coverage: undefined }) })).toEqual({});
  expect(readdirSync(cwd)).toEqual([]);
});

test('a scan with a gap is archived as incomplete, and the trend takes nothing in it for a repair', async () => {
  const store = await openArchiveToAdd({ folder: 'audit', cwd });
  await archive(store);
  const coverage = {
    ...fullCoverage,
    subscriptions: fullCoverage.subscriptions.map((one) =>
      Object.assign({}, one, { state: 'denied', rows: 0 }),
    ),
  };
  const unreadable = [{ scope: subscriptionId, kind: 'subscription', reason: 'denied', hint: '' }] as const;
  const source = listSource([[]], { coverage, unreadable });
  const { trend, error } = await archive(store, { source });
  expect(error).toBeUndefined();
  expect(trend?.points.map(({ complete }) => complete).toSorted()).toEqual([false, true]);
  expect(trend?.repairs.count).toBe(0);
  expect(trend?.oldestOpen.length).toBeGreaterThan(0);
});

test('what the disk refuses does not end the scan', async () => {
  const store = await openArchiveToAdd({ folder: 'audit', cwd });
  const full = new UsageError('Cannot archive the scan in audit: the disk is full.');
  expect(await archive({ ...store, add: () => Promise.reject(full) })).toEqual({ error: full });
});
