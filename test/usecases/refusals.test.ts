import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import type { JournalStore } from '../../src/model/journal.ts';
import { risks } from '../../src/model/risk.ts';
import { sealPlan } from '../../src/remediation/plan-file.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { planLock } from '../../src/files/apply/file-lock.ts';
import { type ApplyRequest, applyExitCode } from '../../src/usecases/apply.ts';
import { withoutRightsOn } from '../ordinary-user.ts';
import { shippedRules } from '../shipped-rules.ts';
import { aTenant, type Estate, estate, fastClock } from './estate.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90, enableRbacAuthorization: false };

function aCompany(count = 2): Estate {
  const vaults = Array.from({ length: count }, (_, index) => [`kv-${index}`, unprotected] as const);
  return estate(aTenant(Object.fromEntries(vaults)), { rules: shippedRules(['AKV002', 'AKV004']) });
}

function aFolder(): string {
  return mkdtempSync(join(tmpdir(), 'purgeproof-refusal-'));
}

/** How a plan for the tenant is refused, and that nothing was sent for it. */
async function refusalOf(tenant: Estate, request: Partial<ApplyRequest>): Promise<string> {
  const { plan } = await tenant.plan();
  try {
    await tenant.apply(plan, request);
    return 'not refused';
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return `${error.message} (${tenant.patches().length} sent)`;
  }
}

describe('refused, with nothing sent', () => {
  test.for<[string, Partial<ApplyRequest>, RegExp]>([
    [
      'a plan that has expired',
      { clock: { ...fastClock, now: () => new Date('2026-11-25T12:00:00Z') } },
      /expired on 2026-11-25T12:00:00\.000Z/,
    ],
    [
      'a plan of another tenant',
      { identity: { tenantId: 'elsewhere', objectId: 'me' } },
      /made in tenant .*, and you are signed in to elsewhere/,
    ],
    [
      'risks that were not allowed',
      { limits: { allow: [], maxChanges: 25 } },
      /disruptive: 2, irreversible: 2/,
    ],
    [
      'one risk that was not allowed',
      { limits: { allow: ['irreversible'], maxChanges: 25 } },
      /disruptive: 2\)/,
    ],
    [
      'more changes than allowed',
      { limits: { allow: risks, maxChanges: 1 } },
      /changes 2 resources, and at most 1/,
    ],
    ['a step that the plan does not have', { selection: { only: ['kv-9'], rules: [] } }, /no step kv-9/],
    [
      'a rule that the plan does not have',
      { selection: { only: [], rules: ['AKV009'] } },
      /no step for rule AKV009/,
    ],
    ['a person who says no', { confirm: async () => false }, /was not confirmed/],
  ])('%s', async ([, request, words]) => {
    const refusal = await refusalOf(aCompany(), request);
    expect(refusal).toMatch(words);
    expect(refusal).toContain('(0 sent)');
  });

  test.for(['2026-13-45T99:99:99.000Z', 'tomorrow', ''])(
    'a plan that expires on %j, which is no date',
    async (expiresAt) => {
      const tenant = aCompany();
      const { plan } = await tenant.plan();
      const undated = sealPlan({ ...plan, expiresAt });
      const refusal = await tenant.apply(undated).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(UsageError);
      expect(String(refusal)).toContain('expired');
      expect(tenant.patches()).toEqual([]);
    },
  );

  test('what is left out needs no leave', async () => {
    const tenant = aCompany();
    const { plan } = await tenant.plan();
    const limits = { allow: ['irreversible'], maxChanges: 1 } as const;
    const report = await tenant.apply(plan, { selection: { only: ['kv-1'], rules: ['AKV002'] }, limits });
    expect(report.summary.verified).toBe(1);
  });
});

describe('a journal that cannot be kept: refused, with nothing sent', () => {
  test.for<[string, () => string, RegExp]>([
    ['its folder is missing', () => join(aFolder(), 'missing', 'j'), /its folder does not exist/],
    [
      'its folder is a file',
      () => {
        const file = join(aFolder(), 'file');
        writeFileSync(file, '');
        return join(file, 'j');
      },
      /part of its path is not a folder/,
    ],
    [
      'it is a folder',
      () => {
        const folder = join(aFolder(), 'folder');
        mkdirSync(folder);
        return folder;
      },
      /it is a folder/,
    ],
    ['it is a device', () => '/dev/full', /not a regular file/],
    ['its file system is read-only', () => '/proc/journal', /does not exist|may not be written|read-only/],
    [
      'it points to a device',
      () => {
        const link = join(aFolder(), 'link');
        symlinkSync('/dev/full', link);
        return link;
      },
      /not a regular file/,
    ],
  ])('%s', async ([, path, words]) => {
    const refusal = await refusalOf(aCompany(), { journal: journalFile(path()) });
    expect(refusal).toMatch(words);
    expect(refusal).toContain('(0 sent)');
  });

  test('its folder may not be written', async () => {
    const folder = aFolder();
    chmodSync(folder, 0o555);
    const store = journalFile(join(folder, 'j'));
    const journal = { ...store, open: () => withoutRightsOn(folder, () => store.open()) };
    const refusal = await refusalOf(aCompany(), { journal });
    expect(refusal).toMatch(/permission denied.*0 sent/);
  });

  test('the disk is full from the beginning', async () => {
    expect(await refusalOf(aCompany(), { journal: fullAfter(journalFile(join(aFolder(), 'j')), 0) })).toMatch(
      /disk is full.*0 sent/,
    );
  });

  test('the disk is full before the first intent', async () => {
    const tenant = estate(aTenant({ 'kv-0': unprotected }), { rules: shippedRules(['AKV002']) });
    expect(await refusalOf(tenant, { journal: fullAfter(journalFile(join(aFolder(), 'j')), 1) })).toMatch(
      /disk is full.*0 sent/,
    );
  });
});

/** A disk that takes so many entries. */
function fullAfter(store: JournalStore, entries: number): JournalStore {
  let left = entries;
  return {
    ...store,
    async append(text) {
      left -= 1;
      if (left < 0) throw new UsageError('Cannot write to the journal: the disk is full.');
      await store.append(text);
    },
  };
}

describe('a disk that fills up on the way', () => {
  test.for([2, 3, 4, 5, 7, 9])(
    'after %i entries: nothing is sent without an intent, and the run ends',
    async (entries) => {
      const tenant = aCompany(6);
      const { plan } = await tenant.plan();
      const path = join(aFolder(), 'j');
      const report = await tenant.apply(plan, { journal: fullAfter(journalFile(path), entries) });
      expect(report.ending).toBe('journalFailed');
      expect(applyExitCode(report)).toBe(3);
      const intents = readFileSync(path, 'utf8').match(/"kind":"intent"/g) ?? [];
      expect(tenant.patches()).toHaveLength(intents.length);
      expect(report.results.filter(({ sent }) => sent)).toHaveLength(intents.length);

      const rest = await tenant.apply(plan, { journal: journalFile(path) });
      expect(rest.summary.verified).toBe(6);
      expect(tenant.patches()).toHaveLength(6);
    },
  );
});

describe('a journal that is there already', () => {
  async function applied(): Promise<{ tenant: Estate; path: string; text: string }> {
    const tenant = aCompany(3);
    const { plan } = await tenant.plan();
    const path = join(aFolder(), 'j');
    await tenant.apply(plan, {
      journal: journalFile(path),
      selection: { only: ['kv-0', 'kv-1'], rules: [] },
    });
    return { tenant, path, text: readFileSync(path, 'utf8') };
  }

  test('holds one entry before and one after each write, with who, when, what and how it was', async () => {
    const { text } = await applied();
    const entries = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries.map(({ kind }) => String(kind)).toSorted()).toEqual([
      'intent',
      'intent',
      'result',
      'result',
      'run',
    ]);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(entries.every(({ who, at }) => who.length === 36 && at === '2026-11-24T12:00:00.000Z')).toBe(true);
    const intent = entries.find(({ kind }) => kind === 'intent');
    const result = entries.find(({ kind, step }) => kind === 'result' && step === intent.step);
    expect(intent.before.properties).toEqual({ enableRbacAuthorization: false });
    expect(intent.body).toEqual({
      properties: { enablePurgeProtection: true, enableRbacAuthorization: true },
    });
    expect(result).toMatchObject({ outcome: 'verified', sent: true, attempt: 1 });
    expect(result.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(result.after.properties).toEqual({ enablePurgeProtection: true, enableRbacAuthorization: true });
    expect(result.rules).toEqual([
      { id: 'AKV002', verdict: 'compliant' },
      { id: 'AKV004', verdict: 'compliant' },
    ]);
  });

  test('of another plan is refused', async () => {
    const { path } = await applied();
    const other = estate(aTenant({ 'kv-x': unprotected }));
    expect(await refusalOf(other, { journal: journalFile(path) })).toMatch(/belongs to another plan.*0 sent/);
  });

  test.for<[string, (lines: readonly string[]) => string]>([
    ['a line that is gone from the middle', (lines) => lines.toSpliced(2, 1).join('\n')],
    ['the first line gone', (lines) => lines.slice(1).join('\n')],
    ['two lines swapped', ([a, b = '', c = '', ...rest]) => [a, c, b, ...rest].join('\n')],
    ['a line that was edited', (lines) => lines.join('\n').replace('"attempt":1', '"attempt":2')],
    ['a line that was cut in the middle', (lines) => lines.with(1, lines[1]!.slice(0, 40)).join('\n')],
    ['text that is no journal', () => 'hello\nworld\n'],
    ['zeros between two lines', (lines) => lines.with(2, `\0\0\0${lines[2]}`).join('\n')],
    ['an empty line', (lines) => lines.toSpliced(2, 0, '').join('\n')],
  ])('with %s is refused, with nothing sent', async ([, damage]) => {
    const { tenant, path, text } = await applied();
    const { plan } = await tenant.plan({ findings: [] });
    expect(plan.steps).toEqual([]);
    const before = tenant.patches().length;
    const original = await aCompany(3).plan();
    writeFileSync(path, damage(text.split('\n')));
    const applying = tenant.apply(original.plan, { journal: journalFile(path) });
    await expect(applying).rejects.toThrow(/the journal is damaged/);
    expect(tenant.patches()).toHaveLength(before);
  });

  test.for([1, 2, 30, 200])(
    'without its last %i bytes is resumed from, and nothing is sent twice',
    async (cut) => {
      const { tenant, path, text } = await applied();
      const { plan } = await aCompany(3).plan();
      writeFileSync(path, text.slice(0, -cut));
      for (let run = 1; run <= 2; run += 1) {
        const report = await tenant.apply(plan, { journal: journalFile(path) });
        expect(report.summary.verified).toBe(3);
      }
      expect(tenant.patches()).toHaveLength(3);
    },
  );

  test('that another apply holds is refused, with nothing sent, and the lock is named', async () => {
    const tenant = aCompany();
    const path = join(aFolder(), 'j');
    const { plan } = await tenant.plan();
    let refused: unknown;
    // As from another machine, where the plan itself is not seen to be in use.
    const temporary = aFolder();
    const lock = planLock({ file: join(temporary, 'plan.json'), hash: plan.hash, temporary });
    const other = async (): Promise<boolean> => {
      refused = await tenant
        .apply(plan, { lock, journal: journalFile(path) })
        .catch((error: unknown) => error);
      return tenant.patches().length === 0;
    };
    const report = await tenant.apply(plan, { journal: journalFile(path), confirm: other });
    expect(report.summary.verified).toBe(2);
    expect(refused).toBeInstanceOf(UsageError);
    expect(refused).toMatchObject({ hint: expect.stringContaining(`${path}.lock`) });
    expect(tenant.patches()).toHaveLength(2);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test.for<[string, object, boolean]>([
    ['a process of this machine that has died', { pid: 2 ** 30, host: hostname() }, true],
    ['a process that lives', { pid: process.pid, host: hostname() }, false],
    ['another machine', { pid: 2 ** 30, host: 'elsewhere' }, false],
    ['nobody knows whom', {}, false],
  ])('with the lock of %s', async ([, holder, isTaken]) => {
    const tenant = aCompany();
    const path = join(aFolder(), 'j');
    writeFileSync(`${path}.lock`, JSON.stringify(holder));
    const refusal = await refusalOf(tenant, { journal: journalFile(path) });
    expect(refusal).toMatch(isTaken ? /^not refused$/ : /Another run is using this journal\. \(0 sent\)/);
    expect(existsSync(`${path}.lock`)).toBe(!isTaken);
  });

  test.for(['token: important\n', 'token: important', '{"schemaVersion":"1.0"}', '{"seq":1}\n', '\n'])(
    'that is no journal (%j) is refused and left as it is',
    async (text) => {
      const path = join(aFolder(), 'j');
      writeFileSync(path, text);
      const refusal = await refusalOf(aCompany(), { journal: journalFile(path) });
      expect(refusal).toMatch(/the journal is damaged: .* \(0 sent\)/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  test('an empty file is a new journal', async () => {
    const tenant = aCompany();
    const { plan } = await tenant.plan();
    const path = join(aFolder(), 'j');
    writeFileSync(path, '');
    expect((await tenant.apply(plan, { journal: journalFile(path) })).summary.verified).toBe(2);
  });

  test('a dry run does not make one', async () => {
    const tenant = aCompany();
    const { plan } = await tenant.plan();
    const path = join(aFolder(), 'j');
    await tenant.apply(plan, { journal: journalFile(path), dryRun: true });
    expect(existsSync(path)).toBe(false);
  });
});
