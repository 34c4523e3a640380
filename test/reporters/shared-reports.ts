import { compareCode, withBaseline } from '../../src/usecases/compare.ts';
import { reportToCompare } from '../../src/history/compare.ts';
import type { ControlRule, ReportControl } from '../../src/model/control.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ReportRule, ScanReport } from '../../src/model/report.ts';
import { reportRule } from '../../src/usecases/report/report-rule.ts';
import { describeVerdicts } from '../../src/usecases/scan/finding.ts';
import { compileRule, judge } from '../../src/rules/evaluate.ts';
import { aRule, aVault as anAzureVault } from '../build.ts';
import { allOf, anyOf, isTrue } from '../rules/conditions.ts';
import { shippedRules } from '../shipped-rules.ts';
import { aCoverage, aFinding, aReport, aVault, denied, rules, subscriptions } from './reports.ts';
import { hostileTexts } from './hostile.ts';

type ControlVerdict = ReportControl['verdict'];

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

/** All rules, of which one is otherwise. */
function rulesWith(id: string, parts: Partial<ReportRule>): readonly ReportRule[] {
  return rules.map((rule) => (rule.id === id ? Object.assign({}, rule, parts) : rule));
}

/** Every text that comes from outside is hostile, in every place that a report shows. */
function hostileReport(): ScanReport {
  const findings = hostileTexts.map(([, text]) =>
    aFinding('AKV002', aVault(text, { resourceGroup: text, location: text }), {
      evidence: [{ field: 'tags.owner', expected: text, actual: { kind: 'read', value: { tag: text } } }],
      parameters: { [text]: text, list: [text] },
      declaredAt: { file: text, line: 3, column: 1 },
    }),
  );
  const exempt = hostileTexts.map(([, text]) =>
    aFinding('AKV003', aVault(text), {
      compliance: 'exempt',
      exemption: { category: 'waiver', reason: text, owner: text, ticket: text, expiresOn: '2026-12-01' },
    }),
  );
  const parametersByScope = hostileTexts.map(([, text]) => ({
    scope: { managementGroup: text, tag: { [text]: text } },
    parameters: { [text]: [text] },
  }));
  return aReport([...findings, ...exempt], {
    rules: rulesWith('AKV002', { parametersByScope }),
    frameworks: hostileTexts.map(([, text]) => ({
      name: text,
      title: text,
      version: text,
      controls: [
        aControl(text, 'unknown', { title: text, rules: [{ ...aControlRule('unknown'), reason: text }] }),
      ],
      notCovered: [{ id: text, title: text }],
    })),
    complete: false,
    unreadable: hostileTexts.map(([, text]) => ({ scope: text, kind: 'resource', reason: text, hint: text })),
    deployed: hostileTexts.map(([, text]) => ({
      declared: aVault(text),
      declaredAt: { file: text, line: 3, column: 1 },
      state: 'notKnown',
      reason: text,
    })),
    coverage: aCoverage({
      subscriptions: hostileTexts.map(([, name], index) => ({
        id: `id-${index}`,
        name,
        state: 'partial' as const,
        expectedRows: 2,
        rows: 1,
      })),
      parts: hostileTexts.map(([, text]) => ({
        name: 'access' as const,
        state: 'read' as const,
        notLookedAt: [{ kind: 'denyAssignments' as const, scope: text, reason: text }],
      })),
    }),
  });
}

function aControlRule(verdict: ControlVerdict, parts: Partial<ControlRule> = {}): ControlRule {
  const verdicts = { compliant: 0, nonCompliant: 0, exempt: 0, unknown: 0, notApplicable: 0 };
  return { ruleId: 'AKV002', mappedBy: 'author', verdict, verdicts, ...parts };
}

function aControl(id: string, verdict: ControlVerdict, parts: Partial<ReportControl> = {}): ReportControl {
  return { id, title: undefined, verdict, coverage: 'part', rules: [aControlRule(verdict)], ...parts };
}

/** Controls of every verdict, of a known framework and of one that only rules know. */
function controlsReport(): ScanReport {
  const whole = { title: 'Purge protection is enabled', coverage: 'whole' } as const;
  const official = { mappedBy: 'framework' } as const;
  const unjudged = { ruleId: 'AKV301', reason: 'Objects are read with --include objects.' };
  return aReport(
    [aFinding('AKV002', aVault('kv-a')), aFinding('AKV001', aVault('kv-b'), { compliance: 'unknown' })],
    {
      frameworks: [
        {
          name: 'CIS-Azure-6.0',
          title: 'CIS Microsoft Azure Foundations Benchmark',
          version: '6.0.0',
          controls: [
            aControl('8.3.5', 'nonCompliant', { ...whole, rules: [aControlRule('nonCompliant', official)] }),
            aControl('8.3.6', 'compliant', { ...whole, rules: [aControlRule('compliant', official)] }),
            aControl('8.3.10', 'exempt', { ...whole, rules: [aControlRule('exempt', official)] }),
          ],
          notCovered: [
            { id: '8.3.1', title: 'Keys expire, where RBAC is on' },
            { id: '8.3.2', title: undefined },
          ],
        },
        {
          name: 'Own baseline',
          title: undefined,
          version: undefined,
          controls: [
            aControl('KV-1', 'unknown', { rules: [aControlRule('unknown', { ruleId: 'AKV001' })] }),
            aControl('KV-2', 'notJudged', {
              title: 'Backups are made',
              rules: [
                aControlRule('compliant', { mappedBy: 'azurePolicy' }),
                aControlRule('notJudged', unjudged),
              ],
            }),
            aControl('KV-3', 'compliant'),
            aControl('KV-4', 'notApplicable', {
              rules: [aControlRule('notApplicable', { ruleId: 'AKV101' })],
            }),
          ],
          notCovered: [],
        },
      ],
    },
  );
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

/** Alternatives of which none holds or can be read, and elements that were counted, as the program itself explains them. */
function alternativesReport(): ScanReport {
  const own = aRule(anyOf(isTrue('a'), allOf(isTrue('b'), anyOf(isTrue('c'), isTrue('d')))));
  const rules = [...shippedRules(['AKV005', 'AKV006']), compileRule(own, {})];
  const accessPolicies = [
    {
      objectId: '11111111-1111-1111-1111-111111111111',
      permissions: { keys: ['purge'], secrets: ['Purge'] },
    },
  ];
  const vaults = [
    anAzureVault(
      { accessPolicies, publicNetworkAccess: 'Enabled', a: false, b: false, c: false },
      { tags: { owner: 'nobody-lists-tags' } },
    ),
    anAzureVault({}, { name: 'kv-hidden', gaps: ['properties'] }),
  ];
  const findings = vaults.flatMap((vault) =>
    rules.flatMap((rule) => {
      const verdict = judge(rule, vault);
      return verdict === 'nonCompliant' || verdict === 'unknown'
        ? [describeVerdicts(vault)(rule, verdict)]
        : [];
    }),
  );
  return aReport(findings, { rules: rules.map((rule) => reportRule(rule)) });
}

const place = 'infra/main.bicep';
const declared = (name: string) => ({
  ...aVault(name, { subscriptionId: '', resourceGroup: '', location: '' }),
  id: `undeployed:${place}#${name}`,
});
const at = (line: number) => ({ file: place, line, column: 5 });

/** Code of a pull request, compared with the code before it, beside what is deployed. */
function changedReport(): ScanReport {
  const scope = { subscriptions: [], managementGroups: [], code: { form: 'source', path: 'infra' } } as const;
  const code = (findings: readonly Finding[]): ScanReport =>
    aReport(findings, { scope, coverage: aCoverage({ parts: [{ name: 'template', state: 'read' }] }) });
  const old = aFinding('AKV002', declared('kv-old'), { declaredAt: at(40) });
  const touched = aFinding('AKV003', declared('kv-touched'), { declaredAt: at(31) });
  const now = code([
    aFinding('AKV002', declared('kv-web'), { declaredAt: at(12) }),
    touched,
    aFinding('AKV002', declared('kv-*'), { compliance: 'unknown', declaredAt: at(52) }),
    old,
  ]);
  const texts = (text: string, ...names: readonly string[]) =>
    names.map((name) => [declared(name).id.toLowerCase(), text] as const);
  const same = texts('same', 'kv-old');
  const changed = texts('after', 'kv-web', 'kv-touched', 'kv-*', 'kv-new');
  const before = { report: code([old, touched]), declared: new Map(same) };
  const commit = { id: '3f2a'.repeat(10), name: 'main', committedAt: '2026-11-20T08:00:00.000Z' };
  const compared = compareCode({ report: now, declared: new Map([...same, ...changed]) }, before, commit);
  const live = aVault('kv-web');
  const passes = aFinding('AKV002', live, {
    compliance: 'compliant',
    evidence: [
      { field: 'properties.enablePurgeProtection', expected: true, actual: { kind: 'read', value: true } },
    ],
  });
  return {
    ...compared,
    deployed: [
      {
        declared: declared('kv-web'),
        declaredAt: at(12),
        state: 'deployed',
        id: live.id,
        findings: [passes],
      },
      {
        declared: declared('kv-touched'),
        declaredAt: at(30),
        state: 'deployed',
        id: aVault('kv-touched').id,
        findings: [aFinding('AKV003', aVault('kv-touched'))],
      },
      {
        declared: declared('kv-*'),
        declaredAt: at(50),
        state: 'notKnown',
        reason: 'Its name is not known in full.',
      },
      {
        declared: declared('kv-new'),
        declaredAt: at(60),
        state: 'notDeployed',
        reason: 'Nothing of this name is in 3 subscriptions.',
      },
      {
        declared: declared('kv-old'),
        declaredAt: at(40),
        state: 'notKnown',
        reason: 'Not all of Azure could be read.',
      },
    ],
  };
}

/** Code that is not deployed, judged by other parameters in some scopes. */
function tunedReport(): ScanReport {
  const parametersByScope = [
    { scope: { name: 'kv-prod-*', tag: { env: 'prod' } }, parameters: { minimumRetentionDays: 60 } },
    { scope: { managementGroup: 'sandboxes' }, parameters: { minimumRetentionDays: 7 } },
  ];
  return aReport(
    [
      aFinding('AKV003', declared('kv-prod-web'), {
        parameters: { minimumRetentionDays: 60 },
        declaredAt: at(12),
      }),
      aFinding('AKV003', declared('kv-other'), { declaredAt: at(31) }),
      aFinding('AKV002', declared('kv-other'), { compliance: 'unknown', declaredAt: at(34) }),
    ],
    {
      scope: { subscriptions: [], managementGroups: [], code: { form: 'bicep', path: place } },
      coverage: aCoverage({ expectedFrom: 'named', subscriptions: [] }),
      rules: rulesWith('AKV003', { parametersByScope }),
    },
  );
}

/** Compared with an earlier one, of which not all could be compared. */
function comparedReport(): ScanReport {
  const [production, staging, platform] = aCoverage().subscriptions;
  const staged = aVault('kv-staged', { subscriptionId: subscriptions.staging.id });
  const baseline = aReport(
    [
      aFinding('AKV002', aVault('kv-payments-prod')),
      aFinding('AKV003', aVault('kv-payments-prod'), { severity: 'low' }),
      aFinding('AKV002', aVault('kv-fixed')),
      aFinding('AKV003', aVault('kv-fixed')),
      aFinding('AKV002', aVault('kv-sandbox'), { compliance: 'exempt', exemption: waiver }),
      aFinding('AKV002', staged),
    ],
    { finishedAt: '2026-11-16T09:00:00.000Z' },
  );
  const report = aReport([...mixedFindings.slice(0, 3), aFinding('AKV002', aVault('kv-sandbox'))], {
    complete: false,
    unreadable: [denied],
    coverage: aCoverage({
      subscriptions: [production!, { ...staging!, state: 'denied', rows: 0 }, platform!],
    }),
  });
  return withBaseline(report, reportToCompare(baseline, 'last-week.json'));
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
  controls: controlsReport(),
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
  filtered: aReport(mixedFindings.slice(0, 3), {
    scope: {
      subscriptions: Object.values(subscriptions),
      managementGroups: [],
      filter: { resourceGroups: ['rg-payments'], vaults: ['kv-pay*', 'kv-tpyo'], tags: ['env=prod'] },
    },
    complete: false,
    unreadable: [
      {
        scope: 'name kv-tpyo',
        kind: 'filter',
        reason: 'Nothing in scope matches it and the rest of the filter, so nothing was checked for it.',
        hint: 'Check the spelling.',
      },
    ],
  }),
  offline: aReport(mixedFindings.slice(0, 2), {
    scope: { subscriptions: [], managementGroups: [], inventory: 'vaults.json' },
    coverage: aCoverage({ expectedFrom: 'named', subscriptions: [] }),
  }),
  mixed: aReport(mixedFindings, {
    identity: {
      tenantId: '4f1c2a5e-8c1d-4a53-9b7e-0d2b7c9a6e11',
      objectId: '9d0b6c1f-3a52-4f0e-8f6d-5c1e2b7a9034',
      name: 'alex@contoso.example',
    },
  }),
  tuned: tunedReport(),
  alternatives: alternativesReport(),
  baseline: comparedReport(),
  changed: changedReport(),
  incomplete: incompleteReport(),
  hostile: hostileReport(),
  large: largeReport(),
};
