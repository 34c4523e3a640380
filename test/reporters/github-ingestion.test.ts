import type { Log, Result, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import { notices, refusals, render } from './github-ingestion.ts';
import { aFinding, aReport, aVault, rules } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

describe('what GitHub is known to refuse', () => {
  test.for(reports)('is nothing of the report $name', ({ report }) => {
    expect(refusals([render(report)])).toStrictEqual([]);
  });

  test('is nothing where titles, descriptions, names and places are empty', () => {
    const report = aReport(
      [aFinding('AKV002', aVault('', { location: '', resourceGroup: '' }), { message: '' })],
      { rules: rules.map((rule) => ({ ...rule, name: '', title: '', description: '', helpUri: '' })) },
    );
    const ruleHelp = () => ({ text: '', markdown: '' });
    expect(refusals([render(report, { ruleHelp })])).toStrictEqual([]);
  });

  test('is nothing where texts are endless and controls countless', () => {
    const endless = 'a{b}'.repeat(5000);
    const controls = { Framework: Array.from({ length: 100 }, (_, index) => `control-${index}`) };
    const report = aReport([aFinding('AKV002', aVault(endless), { message: endless })], {
      rules: [{ ...rules[1]!, name: 'a'.repeat(5000), title: endless, description: endless, controls }],
    });
    expect(refusals([render(report)])).toStrictEqual([]);
  });

  test.for([
    ['a file name like a scheme', 'debian:8/vaults.bicep', 'debian%3A8/vaults.bicep'],
    ['spaces and signs', 'infra/my vaults/50%#1?.bicep', 'infra/my%20vaults/50%25%231%3F.bicep'],
    ['backward slashes', 'infra\\vaults.bicep', 'infra/vaults.bicep'],
    ['a leading dot', './infra/vaults.bicep', 'infra/vaults.bicep'],
    ['wide signs', 'infra/金庫.bicep', 'infra/%E9%87%91%E5%BA%AB.bicep'],
  ] as const)('is no anchor with %s', ([, file, uri]) => {
    const log = render(mixed, { anchor: () => ({ file, line: 3, column: 5 }) });
    expect(refusals([log])).toStrictEqual([]);
    expect(log.runs[0]!.results![0]!.locations![0]!.physicalLocation).toStrictEqual({
      artifactLocation: { uri },
      region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 6 },
    });
  });

  test.for([
    '',
    '/etc/passwd',
    '../outside.bicep',
    'a/../../b.bicep',
    'https://portal.azure.com/x',
    'C:\\vaults.bicep',
  ])('is never written: an anchor %j is a bug of the caller, and stops the report', (file) => {
    expect(() => render(mixed, { anchor: () => ({ file, line: 1, column: 1 }) })).toThrow(/relative path/);
  });
});

describe('what reaches code scanning', () => {
  test('is failures only, worst first, each at its own place and with its own fingerprint', () => {
    const results = render(mixed).runs[0]!.results!;
    const failed = mixed.findings.filter(({ compliance }) => compliance === 'nonCompliant');
    expect(results.map(({ ruleId }) => ruleId)).toStrictEqual([
      'AKV001',
      'AKV002',
      'AKV101',
      'AKV003',
      'AKV007',
      'AKV007',
    ]);
    expect(new Set(results.map((result) => result.partialFingerprints!['primaryLocationLineHash']))).toEqual(
      new Set(failed.map(({ fingerprint }) => fingerprint)),
    );
  });

  test('is a run without results when nothing failed: that closes alerts', () => {
    const [run] = render(sharedReports['clean']!).runs;
    expect(run!.results).toStrictEqual([]);
    expect(run!.invocations![0]!.executionSuccessful).toBe(true);
  });

  test('says of an incomplete scan that it did not succeed, and names every gap', () => {
    const log = render(sharedReports['incomplete']!);
    expect(log.runs[0]!.invocations![0]!.executionSuccessful).toBe(false);
    expect(notices(log)).toStrictEqual([
      expect.stringMatching(/^error: subscription Payments Staging \(.*Grant the Reader role/),
      expect.stringMatching(/^error: subscription Platform \(.*Azure announced 500 rows/),
      expect.stringMatching(/^error: The scan is incomplete/),
    ]);
  });

  test('has rules that say that they are enabled: go-sarif 3.3.1 writes what is absent as false', () => {
    const configurations = render(mixed).runs[0]!.tool.driver.rules!.map((rule) => rule.defaultConfiguration);
    expect(configurations).not.toStrictEqual([]);
    for (const configuration of configurations) expect(configuration).toMatchObject({ enabled: true });
  });

  test('does not depend on the order of findings, rules, subscriptions and gaps, nor on retries', () => {
    for (const { report } of reports) {
      const { coverage } = report;
      const again: ScanReport = {
        ...report,
        findings: report.findings.toReversed(),
        rules: report.rules.toReversed(),
        unreadable: report.unreadable.toReversed(),
        coverage: { ...coverage, subscriptions: coverage.subscriptions.toReversed(), retries: 9, waitMs: 9 },
      };
      expect(render(again)).toStrictEqual(render(report));
    }
  });

  test('keeps its fingerprints when the anchored file moves', () => {
    const moved = render(mixed, { anchor: () => ({ file: 'moved.bicep', line: 1, column: 1 }) });
    const hashes = (log: Log) => log.runs[0]!.results!.map((result) => result.partialFingerprints);
    expect(hashes(moved)).toStrictEqual(hashes(render(mixed)));
  });

  test('carries the category with the slash that makes it one', () => {
    expect(render(mixed, { category: 'contoso/corp' }).runs[0]!.automationDetails).toStrictEqual({
      id: 'contoso/corp/',
    });
    expect(render(mixed).runs[0]!).not.toHaveProperty('automationDetails');
  });

  test('shows severities in the bands of GitHub', () => {
    const described = render(mixed).runs[0]!.tool.driver.rules!;
    expect(
      described.map((rule) => [rule.id, rule.name, rule.properties!['security-severity']]),
    ).toStrictEqual([
      ['AKV001', 'SoftDelete', '9.5'],
      ['AKV002', 'PurgeProtection', '8.0'],
      ['AKV003', 'SoftDeleteRetention', '5.5'],
      ['AKV007', 'PrivateEndpoint', '3.0'],
      ['AKV101', 'HsmPurgeProtection', '8.0'],
    ]);
  });
});

describe('the checker refuses what GitHub refuses', () => {
  const broken: readonly (readonly [string, (log: Log) => void])[] = [
    ['no location', (log) => (firstResult(log).locations = [])],
    ['no physical location', (log) => delete firstResult(log).locations![0]!.physicalLocation],
    ['a scheme in the uri', (log) => setUri(log, 'https://portal.azure.com/x')],
    ['a scheme in the uri', (log) => setUri(log, 'debian:8/x')],
    ['empty uri', (log) => setUri(log, '')],
    ['a uri outside the repository', (log) => setUri(log, '../x')],
    ['a uri outside the repository', (log) => setUri(log, '/home/runner/x')],
    [
      'too many results',
      (log) => (firstRun(log).results = Array.from({ length: 25_001 }, () => firstResult(log))),
    ],
    ['too many tags', (log) => (firstRule(log).properties = { tags: Array.from({ length: 21 }, () => 'x') })],
    ['text too long', (log) => (firstResult(log).message.text = 'x'.repeat(1025))],
    ['no message text', (log) => (firstResult(log).message = { id: 'x' })],
    ['empty string at /0/runs/0/tool/driver/name', (log) => (firstRun(log).tool.driver.name = '')],
    ['two runs of one category', (log) => log.runs.push(firstRun(log))],
    ['no fingerprint of its own', (log) => delete firstResult(log).partialFingerprints],
    ['an alert for what is no failure', (log) => (firstResult(log).kind = 'pass')],
    ['an alert for what is suppressed', (log) => (firstResult(log).suppressions = [])],
    ['no whole region', (log) => (firstResult(log).locations![0]!.physicalLocation!.region = {})],
  ];

  test.for(broken)('%s', ([reason, breakIt]) => {
    const log = render(mixed);
    breakIt(log);
    expect(refusals([log])).toContain(reason);
  });
});

const mixed = sharedReports['mixed']!;

function firstRun(log: Log): Run {
  return log.runs[0]!;
}

function firstResult(log: Log): Result {
  return firstRun(log).results![0]!;
}

function firstRule(log: Log) {
  return firstRun(log).tool.driver.rules![0]!;
}

function setUri(log: Log, uri: string): void {
  firstResult(log).locations![0]!.physicalLocation!.artifactLocation!.uri = uri;
}
