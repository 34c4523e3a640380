import { describe, expect, test } from 'vitest';
import { compareReports, reportToCompare } from '../../src/history/compare.ts';
import type { CoveragePart, Unreadable } from '../../src/model/coverage.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ReportRule, ScanReport } from '../../src/model/report.ts';
import { aCoverage, aFinding, aReport, aVault, rules, subscriptions } from '../reporters/reports.ts';

const { id: subscriptionId } = subscriptions.production;

function ruleOn(id: string, resourceType: string): ReportRule {
  return { ...rules[0]!, id, name: id.toLowerCase(), resourceType };
}

const judged = [
  ...rules,
  ruleOn('AKV201', 'Microsoft.KeyVault/deletedVaults, Microsoft.KeyVault/deletedManagedHSMs'),
  ruleOn('AKV301', 'Microsoft.KeyVault/vaults/keys, Microsoft.KeyVault/vaults/secrets'),
];

const deletedVault: Finding = {
  ...aFinding('AKV002', {
    id: `/subscriptions/${subscriptionId}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-a`,
    name: 'kv-a',
    type: 'Microsoft.KeyVault/deletedVaults',
    subscriptionId,
    resourceGroup: 'rg-payments',
    location: 'westeurope',
  }),
  ruleId: 'AKV201',
};

const vault = aVault('kv-a');
const key: Finding = {
  ...aFinding('AKV002', {
    ...vault,
    id: `${vault.id}/keys/one`,
    name: 'one',
    type: 'Microsoft.KeyVault/vaults/keys',
  }),
  ruleId: 'AKV301',
  fingerprint: 'a'.repeat(64),
};
/** What a scan says of the keys of a vault that it could not look into. */
const unread: Finding = {
  ...aFinding('AKV002', vault, { compliance: 'unknown' }),
  ruleId: 'AKV301',
  fingerprint: 'b'.repeat(64),
};

function compare(older: ScanReport, newer: ScanReport) {
  return compareReports(reportToCompare(older, 'old.json'), reportToCompare(newer, 'new.json'));
}

function withPart(part: CoveragePart | undefined, ...unreadable: readonly Unreadable[]): Partial<ScanReport> {
  return {
    complete: unreadable.length === 0,
    rules: judged,
    unreadable,
    coverage: aCoverage(part === undefined ? {} : { parts: [part] }),
  };
}

function gapAt(scope: string, kind: Unreadable['kind']): Unreadable {
  return { scope, kind, reason: 'refused', hint: '' };
}

function outcomeOf(finding: Finding, newer: Partial<ScanReport>): string {
  const name = finding === deletedVault ? 'deleted' : 'objects';
  const older = aReport([finding], withPart({ name, state: 'read' }));
  const { gone, uncompared } = compare(older, aReport([], newer));
  return [...gone.map(() => 'gone'), ...uncompared.map(({ reason }) => reason.kind)].join();
}

describe('a finding in a recycle bin', () => {
  test.for<[string, Partial<ScanReport>, string]>([
    ['that was read', withPart({ name: 'deleted', state: 'read' }), 'gone'],
    ['that is empty', withPart({ name: 'deleted', state: 'empty' }), 'gone'],
    ['that was not asked for', withPart(undefined), 'part'],
    [
      'that was denied',
      withPart({ name: 'deleted', state: 'denied' }, gapAt(subscriptionId, 'subscription')),
      'part',
    ],
    [
      'of a subscription whose bin was not read',
      withPart(
        { name: 'deleted', state: 'partial' },
        gapAt(`/subscriptions/${subscriptionId}`, 'subscription'),
      ),
      'gap',
    ],
    [
      'of a subscription whose bin was read, another was not',
      withPart({ name: 'deleted', state: 'partial' }, gapAt(subscriptions.staging.id, 'subscription')),
      'gone',
    ],
    [
      'where a gap is at no place that can be told',
      withPart({ name: 'deleted', state: 'partial' }, gapAt('deleted', 'resource')),
      'gap',
    ],
  ])('%s', ([, newer, expected]) => {
    expect(outcomeOf(deletedVault, newer)).toBe(expected);
  });
});

describe('a finding in a vault', () => {
  test.for<[string, Partial<ScanReport>, string]>([
    ['that was looked into', withPart({ name: 'objects', state: 'read' }), 'gone'],
    ['that was not looked into', withPart(undefined), 'part'],
    [
      'that could not be looked into',
      withPart({ name: 'objects', state: 'partial' }, gapAt(vault.id, 'resource')),
      'gap',
    ],
    [
      'that was looked into, another could not',
      withPart({ name: 'objects', state: 'partial' }, gapAt(`${vault.id}b`, 'resource')),
      'gone',
    ],
    [
      'that a filter leaves out',
      {
        ...withPart({ name: 'objects', state: 'read' }),
        scope: { subscriptions: [], managementGroups: [], filter: { vaults: ['kv-b'] } },
      },
      'filter',
    ],
    [
      'that a filter keeps',
      {
        ...withPart({ name: 'objects', state: 'read' }),
        scope: { subscriptions: [], managementGroups: [], filter: { vaults: ['KV-A'] } },
      },
      'gone',
    ],
  ])('%s', ([, newer, expected]) => {
    expect(outcomeOf(key, newer)).toBe(expected);
  });

  test('what is said of the whole vault is about the part that reads what is in it', () => {
    expect(outcomeOf(unread, withPart({ name: 'objects', state: 'read' }))).toBe('gone');
    expect(outcomeOf(unread, withPart(undefined))).toBe('part');
  });
});
