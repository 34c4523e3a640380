import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { ocsf } from '../../src/reporters/scan/ocsf.ts';
import { hostileTexts } from './hostile.ts';
import {
  aFinding,
  aReport,
  aVault,
  defaultContext,
  denied,
  rules,
  subscriptions,
  textOf,
} from './reports.ts';
import { sharedReports } from './shared-reports.ts';

function events(report: ScanReport, context = defaultContext): readonly JsonObject[] {
  const lines = textOf(ocsf, report, context).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line): JsonObject => JSON.parse(line));
}

/** The event of the only finding of a report. */
function eventOf(...finding: Parameters<typeof aFinding>): JsonObject {
  return events(aReport([aFinding(...finding)])).at(-1)!;
}

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

test.for(reports)(
  '$name: a line for the scan, for each gap, control and finding, each with its uid',
  ({ report }) => {
    const all = events(report);
    const gaps = new Set(report.unreadable.map(({ kind, scope }) => `${kind} ${scope.toLowerCase()}`));
    const gone = report.baseline?.gone ?? [];
    const controls = (report.frameworks ?? []).flatMap((framework) => framework.controls);
    expect(all).toHaveLength(1 + gaps.size + controls.length + report.findings.length + gone.length);
    const uids = all.map(({ finding_info }) => Object(finding_info).uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids).toEqual(expect.arrayContaining(report.findings.map(({ fingerprint }) => fingerprint)));
  },
);

/** The words of OCSF 1.5.0 for the numbers of a Compliance Finding. */
const captions = {
  activity: ['Unknown', 'Create', 'Update', 'Close'],
  severity: ['Unknown', 'Informational', 'Low', 'Medium', 'High', 'Critical'],
  status: ['Unknown', 'New', 'In Progress', 'Suppressed', 'Resolved'],
  compliance: ['Unknown', 'Pass', 'Warning', 'Fail'],
} as const;

test.for(reports)('$name: every line says in numbers what it says in words', ({ report }) => {
  for (const event of events(report)) {
    const { activity_id, severity_id, status_id, compliance } = event;
    const activity = captions.activity[Number(activity_id)];
    expect(event).toMatchObject({
      class_uid: 2003,
      class_name: 'Compliance Finding',
      category_uid: 2,
      category_name: 'Findings',
      type_uid: 200_300 + Number(activity_id),
      type_name: `Compliance Finding: ${activity}`,
      activity_name: activity,
      time: 1_795_424_412_345,
      severity: captions.severity[Number(severity_id)],
      status: captions.status[Number(status_id)],
      metadata: { version: '1.5.0', product: { name: 'purgeproof' } },
      compliance: { status: captions.compliance[Number(Object(compliance).status_id)] },
    });
  }
});

describe('a verdict', () => {
  test.for([
    [
      'nonCompliant',
      {
        severity_id: 4,
        status_id: 1,
        compliance: { status_id: 3, status: 'Fail', status_code: 'nonCompliant' },
      },
    ],
    ['unknown', { severity_id: 4, status_id: 1, compliance: { status_id: 2, status: 'Warning' } }],
    ['exempt', { severity_id: 4, status_id: 3, compliance: { status_id: 3, status: 'Fail' } }],
    ['compliant', { severity_id: 1, status_id: 4, compliance: { status_id: 1, status: 'Pass' } }],
  ] as const)('%s has its own states', ([compliance, states]) => {
    expect(eventOf('AKV002', aVault('kv-a'), { compliance })).toMatchObject(states);
  });

  test.for([
    ['AKV001', 5, 'Critical'],
    ['AKV002', 4, 'High'],
    ['AKV003', 3, 'Medium'],
    ['AKV007', 2, 'Low'],
  ] as const)('of %s has severity %d', ([ruleId, severity_id, severity]) => {
    expect(eventOf(ruleId, aVault('kv-a'))).toMatchObject({ severity_id, severity });
  });

  test.for([
    [undefined, { activity_id: 1, status_id: 1 }],
    ['new', { activity_id: 1, status_id: 1 }],
    ['unchanged', { activity_id: 2, status_id: 1 }],
    ['updated', { activity_id: 2, status_id: 1 }],
    ['absent', { activity_id: 3, status_id: 4 }],
  ] as const)('that is %s since the baseline has its activity', ([baselineState, states]) => {
    const parts = baselineState === undefined ? {} : { baselineState };
    expect(eventOf('AKV002', aVault('kv-a'), parts)).toMatchObject(states);
  });
});

test('the subscription is in the cloud of an event, and once more in its resource', () => {
  const { id, name } = subscriptions.production;
  expect(eventOf('AKV002', aVault('kv-a'))).toMatchObject({
    cloud: { provider: 'Azure', region: 'westeurope', account: { uid: id, name, type_id: 13 } },
    resources: [
      {
        uid: aVault('kv-a').id,
        name: 'kv-a',
        namespace: id,
        data: { subscriptionId: id, subscriptionName: name },
        group: { name: 'rg-payments' },
        region: 'westeurope',
      },
    ],
  });
});

test('an event has rule, standards, parameters, evidence, fix and exemption', () => {
  expect(eventOf('AKV002', aVault('kv-a'))).toMatchObject({
    metadata: { event_code: 'AKV002' },
    finding_info: { title: 'Purge protection is enabled', analytic: { uid: 'AKV002', type_id: 1 } },
    compliance: {
      control: 'AKV002',
      standards: ['CIS-Azure-6.0', 'MCSB', 'NIST-800-53-r5'],
      requirements: ['CIS-Azure-6.0/8.3.5', 'MCSB/DP-8', 'NIST-800-53-r5/CP-9'],
      status_details: ['enablePurgeProtection is unset, expected true'],
    },
    evidences: [
      {
        data: { field: 'properties.enablePurgeProtection', expected: true, actual: 'unset', state: 'unset' },
      },
    ],
    remediation: {
      desc: expect.stringContaining('Irreversible'),
      references: [expect.stringContaining('AKV002.md')],
    },
  });
  expect(eventOf('AKV003', aVault('kv-a'), { compliance: 'exempt' })).toMatchObject({
    compliance: { control_parameters: [{ name: 'minimumRetentionDays', value: '90' }] },
    comment: 'waiver with no end date: Accepted',
  });
});

describe('the line of the scan', () => {
  const first = (report: ScanReport, context = defaultContext) => events(report, context)[0]!;

  test('passes where everything was read', () => {
    expect(first(aReport([]))).toMatchObject({
      severity_id: 1,
      message: expect.stringMatching(/^All 60 /),
      compliance: { status_id: 1, status_code: 'complete', control: 'coverage' },
    });
  });

  test('warns where something was not, as gravely as the gravest rule', () => {
    const [scan, gap] = events(aReport([], { complete: false, unreadable: [denied] }));
    expect(scan).toMatchObject({
      severity_id: 5,
      status_id: 1,
      message: expect.stringContaining('INCOMPLETE'),
      compliance: { status_id: 2, status_code: 'incomplete' },
    });
    expect(gap).toMatchObject({
      severity_id: 5,
      compliance: { status_id: 2, status_details: [denied.reason] },
      cloud: { account: { uid: subscriptions.staging.id, name: 'Payments Staging' } },
      resources: [{ uid: denied.scope, type: 'subscription', namespace: subscriptions.staging.id }],
      remediation: { desc: denied.hint },
    });
  });

  test('names rules that no source reads', () => {
    const notJudged = [
      { type: 'Microsoft.Storage/storageAccounts', reason: 'No source of this scan reads it.' },
    ];
    const report = aReport([], { rules: rules.map((rule) => Object.assign({}, rule, { notJudged })) });
    expect(JSON.stringify(first(report)['compliance'])).toContain('AKV001 soft-delete was not judged on');
  });

  test('has the same uid in the next scan of the same scope, and another elsewhere', () => {
    const uid = (report: ScanReport, category?: string) => {
      const codeScanning = {
        ...defaultContext.codeScanning,
        ...(category === undefined ? {} : { category }),
      };
      return Object(first(report, { ...defaultContext, codeScanning })['finding_info']).uid;
    };
    const scope = { subscriptions: [subscriptions.platform], managementGroups: ['production'] };
    const once = uid(aReport([]));
    expect(uid(aReport([], { complete: false, finishedAt: '2026-12-01T00:00:00.000Z' }))).toBe(once);
    const others = [uid(aReport([], { scope })), uid(aReport([]), 'mine'), uid(sharedReports['offline']!)];
    expect(new Set([once, ...others]).size).toBe(4);
  });
});

test.for(hostileTexts)(
  '%s is the same text after it was read, but for half of a character',
  ([, hostile]) => {
    const text = hostile.replaceAll(/\p{Cs}/gu, '\ufffd');
    expect(eventOf('AKV002', aVault(hostile, { id: hostile }), { message: hostile })).toMatchObject({
      message: text,
      resources: [{ uid: text, name: text }],
    });
  },
);

test('the cloud and the tenant are named where they are known', () => {
  const [scan] = events(sharedReports['mixed']!, { ...defaultContext, cloud: 'AzureChinaCloud' });
  expect(scan).toMatchObject({
    metadata: { tenant_uid: '4f1c2a5e-8c1d-4a53-9b7e-0d2b7c9a6e11' },
    cloud: { cloud_partition: 'AzureChinaCloud' },
  });
});
