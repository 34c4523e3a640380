import type { Finding } from '../../src/model/finding.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { aCoverage, aFinding, aReport, aVault, denied, subscriptions } from './reports.ts';
import { hostileTexts } from './hostile.ts';

const waiver = {
  category: 'waiver',
  reason: 'Rebuilt from code every night',
  owner: 'payments@contoso.example',
  ticket: 'SEC-1042',
  expiresOn: '2026-12-01',
} as const;

const mixedFindings: readonly Finding[] = [
  aFinding('AKV002', aVault('kv-payments-prod')),
  aFinding('AKV001', aVault('kv-payments-prod')),
  aFinding('AKV003', aVault('kv-payments-prod')),
  aFinding(
    'AKV007',
    aVault('kv-ledger', { subscriptionId: subscriptions.platform.id, resourceGroup: 'rg-core' }),
  ),
  aFinding('AKV101', aVault('hsm-root', { type: 'Microsoft.KeyVault/managedHSMs', location: 'northeurope' })),
  aFinding('AKV002', aVault('kv-sandbox'), { compliance: 'exempt', exemption: waiver }),
  aFinding('AKV003', aVault('kv-sandbox'), {
    compliance: 'exempt',
    exemption: { category: 'mitigated', reason: 'Nightly backup to another tenant' },
  }),
  aFinding('AKV002', aVault('kv-listed-only'), { compliance: 'unknown' }),
  aFinding('AKV007', aVault('kv-public'), {
    evidence: [],
    message: 'kv-public fails AKV007 private-endpoint',
  }),
];

function incompleteReport(): ScanReport {
  const [production, staging, platform] = aCoverage().subscriptions;
  return aReport(mixedFindings.slice(0, 3), {
    complete: false,
    scope: { subscriptions: Object.values(subscriptions), managementGroups: ['contoso-corp'] },
    unreadable: [
      denied,
      {
        scope: subscriptions.platform.id,
        kind: 'subscription',
        reason: 'Azure announced 500 rows and sent 412; it cut the answer short without a way to go on.',
        hint: 'Scan again; if it stays so, scan this subscription by itself.',
      },
    ],
    coverage: aCoverage({
      expectedFrom: 'managementGroup',
      subscriptions: [
        production!,
        { ...staging!, state: 'denied', expectedRows: 0, rows: 0 },
        { ...platform!, state: 'truncated', expectedRows: 500, rows: 412 },
      ],
      retries: 2,
      waitMs: 5000,
    }),
  });
}

/** Every text that comes from outside is hostile, in every place that a report shows. */
function hostileReport(): ScanReport {
  const findings = hostileTexts.map(([, text]) =>
    aFinding('AKV002', aVault(text, { resourceGroup: text, location: text }), {
      evidence: [{ field: 'tags.owner', expected: text, actual: { kind: 'read', value: { tag: text } } }],
    }),
  );
  const exempt = hostileTexts.map(([, text]) =>
    aFinding('AKV003', aVault(text), {
      compliance: 'exempt',
      exemption: { category: 'waiver', reason: text, owner: text, ticket: text, expiresOn: '2026-12-01' },
    }),
  );
  return aReport([...findings, ...exempt], {
    complete: false,
    unreadable: hostileTexts.map(([, text]) => ({ scope: text, kind: 'resource', reason: text, hint: text })),
    coverage: aCoverage({
      subscriptions: hostileTexts.map(([, name], index) => ({
        id: `id-${index}`,
        name,
        state: 'partial' as const,
        expectedRows: 2,
        rows: 1,
      })),
    }),
  });
}

/** More vaults than the table lists, so that the rest is counted; read while vaults came and went. */
function largeReport(): ScanReport {
  const [production, staging, platform] = aCoverage().subscriptions;
  const names = Array.from({ length: 64 }, (_, index) => `kv-estate-${String(index).padStart(3, '0')}`);
  return aReport(
    names.flatMap((name, index) => {
      const ruleIds = index % 3 === 0 ? ['AKV002', 'AKV003'] : ['AKV002'];
      return ruleIds.map((ruleId) => aFinding(ruleId, aVault(name)));
    }),
    {
      summary: { resources: 12_345, compliant: 49_280 },
      coverage: aCoverage({
        subscriptions: [production!, { ...staging!, rows: 19 }, { ...platform!, expectedRows: 1, rows: 2 }],
        queries: 16,
        pages: 14,
        waitMs: 4217,
      }),
    },
  );
}

/** The reports that every reporter is shown; their names are the names of the golden files. */
export const sharedReports: Readonly<Record<string, ScanReport>> = {
  clean: aReport([]),
  'clean-listed': aReport([
    aFinding('AKV002', aVault('kv-payments-prod'), { compliance: 'compliant' }),
    aFinding('AKV003', aVault('kv-payments-prod'), {
      compliance: 'compliant',
      evidence: [
        {
          field: 'properties.softDeleteRetentionInDays',
          expected: 'at least 90',
          actual: { kind: 'unset', words: 'unset (90 days by default)' },
        },
      ],
    }),
  ]),
  empty: aReport([], {
    summary: { resources: 0, compliant: 0, notApplicable: 0 },
    coverage: aCoverage({
      subscriptions: Object.values(subscriptions).map(({ id, name }) => ({
        id,
        name,
        state: 'empty' as const,
        expectedRows: 0,
        rows: 0,
      })),
    }),
  }),
  offline: aReport(mixedFindings.slice(0, 2), {
    scope: { subscriptions: [], managementGroups: [], inventory: 'vaults.json' },
    coverage: aCoverage({ expectedFrom: 'named', subscriptions: [] }),
  }),
  mixed: aReport(mixedFindings),
  incomplete: incompleteReport(),
  hostile: hostileReport(),
  large: largeReport(),
};
