import { describe, expect, test } from 'vitest';
import { compareReports, reportToCompare } from '../../src/history/compare.ts';
import type { SubscriptionState } from '../../src/model/coverage.ts';
import type { Finding, FindingExemption } from '../../src/model/finding.ts';
import type { ReportRule, ScanReport } from '../../src/model/report.ts';
import { aCoverage, aFinding, aReport, aVault, denied, rules, subscriptions } from '../reporters/reports.ts';

const vault = aVault('kv-a');
const failed = aFinding('AKV002', vault);
const waiver: FindingExemption = { category: 'waiver', reason: 'Accepted', expiresOn: '2026-12-01' };

function compare(older: ScanReport, newer: ScanReport) {
  return compareReports(reportToCompare(older, 'old.json'), reportToCompare(newer, 'new.json'));
}

/** What a comparison says of one finding, from one state to another. */
function outcome(before: readonly Finding[], after: readonly Finding[]): string {
  const { added, gone, updated, unchanged, uncompared } = compare(aReport(before), aReport(after));
  expect(uncompared).toEqual([]);
  return [
    ...added.map(() => 'new'),
    ...gone.map(() => 'gone'),
    ...updated.map(({ changed, direction }) => `${direction}: ${changed.join(', ')}`),
    ...Array.from({ length: unchanged }, () => 'unchanged'),
  ].join('; ');
}

const unknown = aFinding('AKV002', vault, { compliance: 'unknown' });
const exempt = aFinding('AKV002', vault, { compliance: 'exempt', exemption: waiver });
const compliant = aFinding('AKV002', vault, { compliance: 'compliant' });
const other = aFinding('AKV003', vault);

test.for<[string, readonly Finding[], readonly Finding[], string]>([
  ['nothing', [], [], ''],
  ['a failure that was not there', [], [failed], 'new'],
  ['a failure that is not there', [failed], [], 'gone'],
  ['the same', [failed], [failed], 'unchanged'],
  ['a failure listed as compliant now', [failed], [compliant], 'gone'],
  ['a failure listed as compliant before', [compliant], [failed], 'new'],
  ['what is compliant on both sides', [compliant], [compliant], ''],
  ['a failure that is exempt now', [failed], [exempt], 'better: compliance, exemption'],
  ['an exemption that ended', [exempt], [failed], 'worse: compliance, exemption'],
  ['an exemption that hides what is unknown', [unknown], [exempt], 'better: compliance, evidence, exemption'],
  ['a failure that cannot be judged now', [failed], [unknown], 'neither: compliance, evidence'],
  ['a failure that could not be judged before', [unknown], [failed], 'worse: compliance, evidence'],
  [
    'an exemption behind which nothing is known',
    [exempt],
    [unknown],
    'worse: compliance, evidence, exemption',
  ],
  ['a higher severity', [failed], [{ ...failed, severity: 'critical' }], 'worse: severity'],
  ['a lower severity', [failed], [{ ...failed, severity: 'low' }], 'better: severity'],
  ['another resource that fails', [failed], [failed, other], 'new; unchanged'],
])('%s', ([, before, after, expected]) => {
  expect(outcome(before, after)).toBe(expected);
});

test('other evidence is a change, and the order of its keys is none', () => {
  const [fact] = failed.evidence;
  const withValue = (value: { readonly a: number; readonly b?: number }): Finding => ({
    ...failed,
    evidence: [{ ...fact!, actual: { kind: 'read', value: { ...value } } }],
  });
  expect(outcome([withValue({ a: 1, b: 2 })], [withValue({ b: 2, a: 1 })])).toBe('unchanged');
  expect(outcome([withValue({ a: 1 })], [withValue({ a: 2 })])).toBe('neither: evidence');
});

test('another day on which an exemption ends is a change', () => {
  const later = aFinding('AKV002', vault, {
    compliance: 'exempt',
    exemption: { ...waiver, expiresOn: '2027-12-01' },
  });
  expect(outcome([exempt], [later])).toBe('neither: exemption');
});

test('a title, a message, a name of a rule, a region and a fix make no difference', () => {
  const reworded: Finding = {
    ...failed,
    ruleName: 'another-name',
    message: 'In other words',
    resource: { ...vault, location: 'northeurope' },
    remediation: { risk: 'safe', manual: 'Another way' },
  };
  expect(outcome([failed], [reworded])).toBe('unchanged');
});

const [production, staging, platform] = aCoverage().subscriptions;

function covering(state: SubscriptionState): Partial<ScanReport> {
  const complete = state === 'read' || state === 'empty';
  return {
    complete,
    coverage: aCoverage({
      subscriptions: [{ ...production!, state, rows: complete ? 20 : 3 }, staging!, platform!],
    }),
  };
}

test.for<[string, Partial<ScanReport>, string]>([
  ['a subscription that was denied', covering('denied'), 'subscription'],
  ['a subscription that was read in part', covering('partial'), 'subscription'],
  ['a subscription that was cut short', covering('truncated'), 'subscription'],
  ['a disabled one of which not everything came', covering('disabled'), 'subscription'],
  [
    'a disabled one of which Azure shows nothing',
    {
      coverage: aCoverage({
        subscriptions: [{ ...production!, state: 'disabled', expectedRows: 0, rows: 0 }, staging!, platform!],
      }),
    },
    'subscription',
  ],
  [
    'a subscription that is out of scope',
    { coverage: aCoverage({ subscriptions: [staging!] }) },
    'subscription',
  ],
  ['a rule that was left out', { rules: rules.filter(({ id }) => id !== 'AKV002') }, 'rule'],
  [
    'a rule that was not judged on the type',
    {
      rules: rules.map((rule) => ({
        ...rule,
        notJudged: [{ type: vault.type.toLowerCase(), reason: 'No source' }],
      })),
    },
    'type',
  ],
  [
    'a rule that is about other types now',
    { rules: rules.map((rule) => ({ ...rule, resourceType: 'Microsoft.KeyVault/managedHSMs' })) },
    'type',
  ],
  [
    'a filter by resource group',
    { scope: { subscriptions: [], managementGroups: [], filter: { resourceGroups: ['rg-other'] } } },
    'filter',
  ],
  [
    'a filter by name',
    { scope: { subscriptions: [], managementGroups: [], filter: { vaults: ['kv-b*'] } } },
    'filter',
  ],
  [
    'a filter by tag, which reports do not list',
    { scope: { subscriptions: [], managementGroups: [], filter: { tags: ['env=prod'] } } },
    'filter',
  ],
  [
    'a resource of which a part could not be read',
    {
      complete: false,
      unreadable: [{ scope: vault.id.toUpperCase(), kind: 'resource', reason: '', hint: '' }],
    },
    'gap',
  ],
  [
    'an interruption',
    { complete: false, unreadable: [{ scope: 'scan', kind: 'interrupted', reason: '', hint: '' }] },
    'interrupted',
  ],
])('%s leaves a finding neither gone nor new', ([, gap, kind]) => {
  const [whole, gapped] = [aReport([failed]), aReport([], gap)];
  const forward = compare(whole, gapped);
  expect(forward).toMatchObject({ complete: false, gone: [], added: [] });
  expect(forward.uncompared).toMatchObject([{ in: 'older', reason: { kind }, finding: failed }]);
  const backward = compare(gapped, whole);
  expect(backward).toMatchObject({ complete: false, gone: [], added: [] });
  expect(backward.uncompared).toMatchObject([{ in: 'newer', reason: { kind }, finding: failed }]);
});

test.for<[string, Partial<ScanReport>]>([
  ['another subscription that was denied', { complete: false, unreadable: [denied] }],
  [
    'a management group that could not be listed',
    { complete: false, unreadable: [{ ...denied, kind: 'managementGroup', scope: 'corp' }] },
  ],
  [
    'a gap at another resource',
    {
      complete: false,
      unreadable: [{ scope: `${vault.id}-2`, kind: 'resource', reason: '', hint: '' }],
    },
  ],
  [
    'a filter that keeps the vault',
    {
      scope: {
        subscriptions: [],
        managementGroups: [],
        filter: { resourceGroups: ['RG-pay*'], vaults: ['kv-b', vault.id.toUpperCase()] },
      },
    },
  ],
  [
    'a subscription that is disabled, and was read',
    { coverage: aCoverage({ subscriptions: [{ ...production!, state: 'disabled' }, staging!, platform!] }) },
  ],
])('%s does not hide that a finding is gone', ([, parts]) => {
  expect(compare(aReport([failed]), aReport([], parts))).toMatchObject({ gone: [failed], uncompared: [] });
});

test('what a filter may have left out is gone where it is listed as compliant', () => {
  const filter = { tags: ['env=prod'] };
  const scope = { subscriptions: [], managementGroups: [], filter };
  expect(compare(aReport([failed], { scope }), aReport([compliant], { scope }))).toMatchObject({
    complete: true,
    gone: [failed],
    uncompared: [],
  });
});

test('a scope that became smaller is not complete, though nothing was found there', () => {
  const { lost, complete } = compare(
    aReport([]),
    aReport([], {
      rules: rules.slice(1),
      coverage: aCoverage({ subscriptions: [production!, platform!] }),
      scope: { subscriptions: [], managementGroups: [], filter: { vaults: ['kv-*'] } },
    }),
  );
  expect(complete).toBe(false);
  expect(lost).toEqual([
    { kind: 'subscription', what: subscriptions.staging.id },
    { kind: 'rule', what: 'AKV001' },
    { kind: 'filter', what: '' },
  ]);
  expect(compare(aReport([], { rules: rules.slice(1) }), aReport([]))).toMatchObject({
    complete: true,
    lost: [],
  });
});

describe('a rule whose types', () => {
  const hsms = 'Microsoft.KeyVault/managedHSMs';
  const both = rules.map((rule) => Object.assign({}, rule, { resourceType: `${vault.type}, ${hsms}` }));
  const first = (change: Partial<ReportRule>) => [Object.assign({}, both[0], change), ...both.slice(1)];
  test.for<[string, Partial<ReportRule>]>([
    ['are not all judged any more', { notJudged: [{ type: hsms.toLowerCase(), reason: 'No source' }] }],
    ['are fewer now', { resourceType: vault.type }],
  ])('%s may hide that something became worse there', ([, change]) => {
    expect(compare(aReport([], { rules: both }), aReport([], { rules: first(change) }))).toMatchObject({
      complete: false,
      lost: [{ kind: 'rule', what: `AKV001 on ${hsms}` }],
    });
    // The other way round nothing is lost.
    expect(compare(aReport([], { rules: first(change) }), aReport([], { rules: both })).lost).toEqual([]);
  });
});

describe('a scan of code', () => {
  const at = (path: string, parameters?: string): Partial<ScanReport> => ({
    scope: {
      subscriptions: [],
      managementGroups: [],
      code: { form: 'bicep', path, ...(parameters === undefined ? {} : { parameters }) },
    },
    coverage: aCoverage({ subscriptions: [], parts: [{ name: 'template', state: 'read' }] }),
  });
  test.for<[string, Partial<ScanReport>, Partial<ScanReport>, string]>([
    ['of other code', at('infra/main.bicep'), at('other/main.bicep'), 'other/main.bicep'],
    [
      'by other parameters',
      at('main.bicep', 'prod.bicepparam'),
      at('main.bicep', 'dev.bicepparam'),
      'main.bicep',
    ],
    ['where Azure was read before', {}, at('main.bicep'), 'main.bicep'],
    ['where code was read before', at('main.bicep'), {}, ''],
  ])('%s does not tell that a finding is gone, or new', ([, before, after, what]) => {
    const reason = { kind: 'code', what };
    const compared = compare(aReport([failed], before), aReport([], after));
    expect(compared).toMatchObject({ gone: [], uncompared: [{ in: 'older', reason }], complete: false });
    expect(compared.lost).toContainEqual(reason);
    expect(compare(aReport([], after), aReport([failed], before))).toMatchObject({
      added: [],
      uncompared: [{ in: 'newer', reason }],
    });
  });

  test('of the same code tells, however its path is written', () => {
    for (const path of ['infra', './infra', 'infra/'])
      expect(compare(aReport([failed], at('infra')), aReport([], at(path)))).toMatchObject({
        gone: [failed],
        lost: [],
      });
  });
});

test('rules that were judged with other parameters are named', () => {
  const [first, ...others] = rules;
  const tuned = [{ ...first!, parameters: { minimumRetentionDays: 30 } }, ...others];
  expect(compare(aReport([]), aReport([], { rules: tuned })).tuned).toEqual(['AKV001']);
});
