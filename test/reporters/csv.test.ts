import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import { csv } from '../../src/reporters/scan/csv.ts';
import { worstFirst } from '../../src/reporters/scan/order.ts';
import { page } from '../docs/pages.ts';
import { hostileTexts } from './hostile.ts';
import { aFinding, aReport, aVault, defaultContext, rules, subscriptions, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

type Row = Readonly<Record<string, string>>;

/** The rows as a reader of RFC 4180 has them, which refuses a row with another number of cells than the head. */
function rowsOf(report: ScanReport): readonly Row[] {
  return parse(textOf(csv, report), { columns: true, record_delimiter: '\r\n' });
}

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

test.for(reports)('$name: a row for each finding, the worst first', ({ report }) => {
  const rows = rowsOf(report).filter(({ fingerprint }) => fingerprint !== '');
  expect(rows.map(({ fingerprint }) => fingerprint)).toEqual(
    [...worstFirst(report.findings), ...worstFirst(report.baseline?.gone ?? [])].map(
      ({ fingerprint }) => fingerprint,
    ),
  );
});

test.for(reports)('$name: every line ends as RFC 4180 has it, and is one row', ({ report }) => {
  const lines = textOf(csv, report).split('\r\n');
  expect(lines.pop()).toBe('');
  expect(lines.join('')).not.toMatch(/[\r\n]/);
  expect(lines).toHaveLength(rowsOf(report).length + 1);
});

test('the columns are those that the documentation lists, in its order', () => {
  const section = page('docs/reports.md').split('## CSV')[1]?.split('\n## ')[0] ?? '';
  const documented = Array.from(section.matchAll(/^\| `(\w+)`/gmu), ([, name]) => name);
  expect(documented.length).toBeGreaterThan(20);
  expect(textOf(csv, aReport([])).split('\r\n')[0]?.split(',')).toEqual(documented);
});

test('a finding says where it is, what was found, what to do, and of which scan it is', () => {
  const [row] = rowsOf(aReport([aFinding('AKV002', aVault('kv-a'), { baselineState: 'new' })]));
  expect(row).toMatchObject({
    compliance: 'nonCompliant',
    severity: 'high',
    ruleId: 'AKV002',
    ruleTitle: 'Purge protection is enabled',
    resourceName: 'kv-a',
    subscriptionName: 'Payments Production',
    subscriptionId: subscriptions.production.id,
    evidence: 'enablePurgeProtection is unset, expected true',
    risk: 'irreversible',
    controls: 'CIS-Azure-6.0/8.3.5; MCSB/DP-8; NIST-800-53-r5/CP-9',
    baselineState: 'new',
    scanScope: '3 subscriptions',
    scanComplete: 'true',
    scanFinishedAt: '2026-11-23T09:00:12.345Z',
  });
  expect(row?.['fix']).toContain('Set enableSoftDelete = true and enablePurgeProtection = true.');
});

describe('what is missing', () => {
  test('stands first, and every row says that the scan was incomplete', () => {
    const rows = rowsOf(sharedReports['incomplete']!);
    expect(rows.map(({ compliance }) => compliance)).toEqual([
      'incomplete',
      'unreadable',
      'unreadable',
      'nonCompliant',
      'nonCompliant',
      'nonCompliant',
    ]);
    expect(new Set(rows.map(({ scanComplete }) => scanComplete))).toEqual(new Set(['false']));
    expect(rows[0]?.['message']).toContain('INCOMPLETE');
    expect(rows[1]).toMatchObject({
      resourceName: `subscription Payments Staging (${subscriptions.staging.id})`,
      subscriptionId: subscriptions.staging.id,
    });
  });

  test('a complete scan without findings has nothing but its head', () => {
    expect(rowsOf(aReport([]))).toEqual([]);
    expect(rowsOf(aReport([], { complete: false }))).toMatchObject([{ compliance: 'incomplete' }]);
  });

  test('a rule that no source reads is no passed one', () => {
    const notJudged = [
      { type: 'Microsoft.Storage/storageAccounts', reason: 'No source of this scan reads it.' },
    ];
    const report = aReport([], { rules: rules.map((rule) => Object.assign({}, rule, { notJudged })) });
    expect(rowsOf(report)).toHaveLength(rules.length);
    expect(rowsOf(report)[0]).toMatchObject({ compliance: 'notJudged', ruleId: 'AKV001' });
  });
});

const formulas = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '"=1"',
  "'=1",
  ' =1',
  '"" =1',
  'x;=1',
  'x;"=1',
  'x; -1',
  '＝1',
  '＠x',
];

describe('no cell is a formula', () => {
  const texts = [...formulas, ...hostileTexts.map(([, text]) => text)];
  const report = aReport(
    texts.flatMap((text) => [
      aFinding('AKV002', aVault(text, { resourceGroup: text, location: text }), {
        message: text,
        evidence: [{ field: text, expected: text, actual: { kind: 'read', value: text } }],
        remediation: { risk: 'safe', manual: text },
      }),
      aFinding('AKV003', aVault(text), {
        compliance: 'exempt',
        exemption: { category: 'waiver', reason: text, owner: text, ticket: text },
      }),
    ]),
    {
      complete: false,
      unreadable: texts.map((text) => ({ scope: text, kind: 'resource', reason: text, hint: text })),
    },
  );

  test.for([
    ['a comma', ','],
    ['a semicolon, where the comma is the decimal mark,', ';'],
    ['a tab', '\t'],
  ] as const)('to a reader that parts cells at %s', ([, delimiter]) => {
    const rows: readonly (readonly string[])[] = parse(textOf(csv, report), {
      delimiter,
      record_delimiter: '\r\n',
      relax_column_count: true,
      relax_quotes: true,
    });
    const cells = rows.flat();
    expect(cells.length).toBeGreaterThan(100);
    expect(cells.filter((cell) => /^[\s"]*[=+\-@＝＋－＠\t\r]/u.test(cell))).toEqual([]);
  });

  test('and what it is, can still be read', () => {
    const names = rowsOf(report).map(({ resourceName }) => resourceName);
    expect(names).toEqual(expect.arrayContaining(["'=1+1", '\'"=1"', "x;'=1", '\\t=1', 'kv-\\u202egnp.exe']));
  });
});

test('rows come out one by one', () => {
  const pieces = [...csv.render(sharedReports['large']!, defaultContext)];
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(4000);
});
