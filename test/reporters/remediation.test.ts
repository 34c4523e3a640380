import { describe, expect, test } from 'vitest';
import type { ApplyReport, Outcome } from '../../src/model/apply.ts';
import type { DeletedList } from '../../src/model/deleted-report.ts';
import type { JournalEntry } from '../../src/model/journal.ts';
import type { Plan } from '../../src/model/plan.ts';
import { risks } from '../../src/model/risk.ts';
import { sealPlan } from '../../src/remediation/plan-file.ts';
import { planVault } from '../../src/remediation/plan-vault.ts';
import { applyText } from '../../src/reporters/apply.ts';
import { deletedListText } from '../../src/reporters/deleted-list.ts';
import { journalText } from '../../src/reporters/journal.ts';
import { planFormats } from '../../src/reporters/plan/formats.ts';
import { planText } from '../../src/reporters/plan/text.ts';
import { aVault, anHsm, subscriptionId } from '../build.ts';
import { shippedRules } from '../shipped-rules.ts';
import { hostileTexts } from './hostile.ts';

const rules = shippedRules();
const plain = { color: false, width: 100 };
const bare = { terminal: plain, gaps: [] };

function aPlan(name = 'kv-payments'): Plan {
  const vaults = [
    aVault(
      {
        enableSoftDelete: true,
        softDeleteRetentionInDays: 7,
        networkAcls: { bypass: 'None', defaultAction: 'Allow', ipRules: [{ value: '10.0.0.1' }] },
      },
      { name },
    ),
    anHsm({ enableSoftDelete: true, enablePurgeProtection: false }, { name: 'hsm-payments' }),
  ];
  const planned = vaults.map((vault) => planVault(vault, { rules, isWanted: () => true, risks }));
  return sealPlan({
    schemaVersion: '1.0',
    tool: { name: 'purgeproof', version: '1.0.0' },
    createdAt: '2026-11-24T12:00:00.000Z',
    expiresAt: '2026-11-25T12:00:00.000Z',
    tenantId: '72f2a6c0-3b8e-4d5f-9a61-c04d8e7b1f35',
    scope: { subscriptions: [{ id: subscriptionId, name: 'prod-payments' }], managementGroups: [] },
    steps: planned.flatMap(({ step }) =>
      step === undefined
        ? []
        : [
            Object.assign(step, {
              preconditions: [{ kind: 'readOnlyLock', scope: '/s', message: 'A lock is in the way.' }],
            }),
          ],
    ),
    manual: planned.flatMap(({ manual }) => manual),
  });
}

function aReport(name = 'kv-payments', ending: ApplyReport['ending'] = 'finished'): ApplyReport {
  const outcomes: readonly Outcome[] = ['verified', 'drifted', 'lockedByScope', 'skipped'];
  return {
    schemaVersion: '1.0',
    tool: { name: 'purgeproof', version: '1.0.0' },
    planHash: '0'.repeat(64),
    startedAt: '2026-11-24T12:00:00.000Z',
    finishedAt: '2026-11-24T12:00:09.000Z',
    dryRun: false,
    ending,
    results: outcomes.map((outcome) => ({
      step: '0123456789ab',
      vault: { id: `/subscriptions/s/…/${name}`, name, type: 'Microsoft.KeyVault/vaults' },
      outcome,
      cause: `Why it is ${outcome}.`,
      hint: outcome === 'verified' ? '' : 'What to do.',
      sent: outcome !== 'skipped',
      changes: {},
      requestId: '5f0e2c1a',
      rules: [],
    })),
    summary: {
      verified: 1,
      sentNotVerified: 0,
      stillFailing: 0,
      drifted: 1,
      alreadyCompliant: 0,
      lockedByScope: 1,
      deniedByPolicy: 0,
      unauthorized: 0,
      notFound: 0,
      conflict: 0,
      failed: 0,
      skipped: 1,
    },
  };
}

function aJournal(
  vault = '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv',
): JournalEntry[] {
  const chain = { previous: '', at: '2026-11-24T12:00:00.000Z', who: '5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74' };
  const state = { hash: 'a'.repeat(64), properties: {} };
  const step = { step: '0123456789ab', vault, attempt: 1 };
  return [
    {
      ...chain,
      seq: 1,
      kind: 'run',
      schemaVersion: '1.0',
      tool: { name: 'purgeproof', version: '1.0.0' },
      planHash: '0'.repeat(64),
      tenantId: 'tenant',
      afterTornLine: true,
    },
    {
      ...chain,
      ...step,
      seq: 2,
      kind: 'intent',
      before: state,
      body: { properties: { enablePurgeProtection: true } },
    },
    {
      ...chain,
      ...step,
      seq: 3,
      kind: 'result',
      sent: true,
      outcome: 'verified',
      cause: 'It passes.',
      requestId: '1234',
      rules: [{ id: 'AKV002', verdict: 'compliant' }],
      after: { ...state, properties: { enablePurgeProtection: true } },
    },
  ];
}

function aDeletedList(name: string): DeletedList {
  return {
    schemaVersion: '1.0',
    complete: false,
    deleted: [
      {
        id: name,
        name,
        type: 'Microsoft.KeyVault/deletedVaults',
        subscriptionId: name,
        location: name,
        resourceId: name,
        deletionDate: name,
        scheduledPurgeDate: name,
        daysToPurge: null,
        purgeProtection: false,
        purgeable: true,
        wantedBy: [],
      },
    ],
    unreadable: [{ scope: name, kind: 'subscription', reason: name, hint: name }],
  };
}

/** The same entry as that of a purge. */
function ofPurge(entry: JournalEntry): JournalEntry {
  if (entry.kind === 'intent') return { ...entry, action: 'purge', body: {} };
  if (entry.kind === 'result') return { ...entry, action: 'purge', rules: [] };
  const { planHash: _, ...run } = entry;
  return run;
}

function join(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

describe('goldens', () => {
  test('a plan for the terminal', async () => {
    await expect(join(planText.render(aPlan(), { ...bare, planFile: 'plan.json' }))).toMatchFileSnapshot(
      'golden/plan.txt',
    );
  });

  test('the command that applies a plan raises the limit that the plan is above', () => {
    const plan = aPlan();
    const [step] = plan.steps;
    const commandFor = (amount: number): string => {
      const steps = Array.from({ length: amount }, () => step).filter((one) => one !== undefined);
      return join(planText.render({ ...plan, steps }, { ...bare, planFile: 'plan.json' }));
    };
    expect(commandFor(25)).not.toContain('--max-changes');
    expect(commandFor(26)).toMatch(/^ {2}purgeproof apply plan\.json .*--max-changes 26$/m);
  });

  test('a plan, vault by vault', async () => {
    const context = { ...bare, planFile: 'plan.json', detail: 'full' } as const;
    await expect(join(planText.render(aPlan(), context))).toMatchFileSnapshot('golden/plan-full.txt');
  });

  test('a plan for an approval', async () => {
    await expect(
      join(planFormats.markdown.render(aPlan(), { ...bare, planFile: 'plan.json' })),
    ).toMatchFileSnapshot('golden/plan.md');
  });

  test('what became of it', async () => {
    await expect(join(applyText.render(aReport(), plain))).toMatchFileSnapshot('golden/apply.txt');
  });

  test('a journal', async () => {
    await expect(join(journalText.render({ entries: aJournal(), torn: false }, plain))).toMatchFileSnapshot(
      'golden/journal.txt',
    );
  });

  test('a journal of a purge, which has no plan', async () => {
    const entries = aJournal().map(ofPurge);
    await expect(join(journalText.render({ entries, torn: false }, plain))).toMatchFileSnapshot(
      'golden/journal-purge.txt',
    );
  });

  test('an empty plan', () => {
    const empty = sealPlan({ ...aPlan(), steps: [], manual: [] });
    expect(join(planText.render(empty, bare))).toBe('There is nothing to do.\n');
    expect(join(planFormats.markdown.render(empty, bare))).toContain('There is nothing to do.');
  });

  test('an interrupted run says how to go on', () => {
    expect(join(applyText.render(aReport('kv', 'interrupted'), { color: false, width: 120 }))).toContain(
      'run the same command with the same journal',
    );
  });
});

describe('colours', () => {
  test('show what goes and what comes', () => {
    const context = { ...bare, terminal: { color: true, width: 100 } };
    expect(join(planText.render(aPlan(), context))).toContain(
      '\u001b[33m~\u001b[39m networkAcls.defaultAction: Allow → Deny',
    );
    const text = join(planText.render(aPlan(), { ...context, detail: 'full' }));
    expect(text).toContain('\u001b[31m-\u001b[39m networkAcls.defaultAction: Allow');
    expect(text).toContain('\u001b[32m+\u001b[39m networkAcls.defaultAction: Deny');
  });
});

describe('hostile text stays text', () => {
  const control = /[^\P{C}\n]/u;

  test.for(hostileTexts)('%s, in a terminal', ([, hostile]) => {
    const texts = [
      join(planText.render(aPlan(hostile), bare)),
      join(applyText.render(aReport(hostile), plain)),
      join(journalText.render({ entries: aJournal(hostile), torn: false }, plain)),
      join(
        deletedListText.render(aDeletedList(hostile), {
          terminal: plain,
          nameOf: () => hostile,
          disabled: [hostile],
        }),
      ),
    ].join('\n');
    expect(texts).not.toMatch(control);
    expect(texts).not.toMatch(/^\s*::[a-z]/im);
    expect(texts).not.toMatch(/##(vso)?\[/i);
  });

  test.for(hostileTexts)('%s, in Markdown', ([, hostile]) => {
    const text = join(planFormats.markdown.render(aPlan(hostile), bare));
    expect(text).not.toMatch(control);
    expect(text).not.toMatch(/<(?!\/?(?:code|details|summary)>)[a-z/!]/i);
    expect(text).not.toMatch(/\]\(/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });
});
