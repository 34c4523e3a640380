import { expect, test } from 'vitest';
import { withBaseline } from '../../src/usecases/compare.ts';
import { reportToCompare } from '../../src/history/compare.ts';
import { newOrWorse } from '../../src/model/comparison.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { scanExitCode, scanExitReason } from '../../src/usecases/exit-code.ts';
import { aCoverage, aFinding, aReport, aVault, denied, rules } from '../reporters/reports.ts';

const [a, b, c] = ['kv-a', 'kv-b', 'kv-c'].map((name) => aVault(name));
const waiver = { category: 'waiver', reason: 'Accepted', expiresOn: '2026-12-01' } as const;

function compared(baseline: ScanReport, report: ScanReport): ScanReport {
  return withBaseline(report, reportToCompare(baseline, 'base.json'));
}

function statesOf({ findings }: ScanReport): readonly (string | undefined)[] {
  return findings.map(({ baselineState }) => baselineState);
}

const report = compared(
  aReport([
    aFinding('AKV002', a!),
    aFinding('AKV002', b!, { compliance: 'exempt', exemption: waiver }),
    aFinding('AKV001', c!),
  ]),
  aReport([
    aFinding('AKV002', a!),
    aFinding('AKV002', b!),
    aFinding('AKV003', c!),
    aFinding('AKV001', c!, { compliance: 'compliant' }),
    aFinding('AKV007', c!, { compliance: 'compliant' }),
  ]),
);

test('each finding says what became of it, and a verdict that is compliant now was updated', () => {
  expect(statesOf(report)).toEqual(['unchanged', 'updated', 'new', 'updated', 'unchanged']);
  expect(report.baseline).toMatchObject({
    file: 'base.json',
    complete: true,
    compared: true,
    updated: [
      { compliance: 'exempt', severity: 'high', direction: 'worse', changed: ['compliance', 'exemption'] },
    ],
    gone: [{ ruleId: 'AKV001' }],
    uncompared: [],
  });
});

const options = { failOn: 'low', allowIncomplete: false } as const;

test('--fail-on-new fails for what is new or worse, at or above --fail-on', () => {
  expect(report.findings.filter(newOrWorse(report.baseline)).map(({ ruleId }) => ruleId)).toEqual([
    'AKV002',
    'AKV003',
  ]);
  const only = (failOn: 'critical' | 'high' | 'medium' | 'low') =>
    scanExitCode(report, { ...options, failOn, failOnNew: true });
  expect([only('low'), only('medium'), only('high'), only('critical')]).toEqual([1, 1, 1, 0]);
  expect(scanExitReason(report, { ...options, failOn: 'high', failOnNew: true })).toBe(
    '1 new or worse finding at or above high, and 2 known or below',
  );
});

test('what the baseline knows does not fail, and what it did not read counts as new', () => {
  const known = aReport([aFinding('AKV002', a!)]);
  const same = compared(known, known);
  expect(scanExitCode(same, options)).toBe(1);
  expect(scanExitCode(same, { ...options, failOnNew: true })).toBe(0);
  expect(scanExitReason(same, { ...options, failOnNew: true })).toBe(
    'no new or worse finding at or above low, only 1 known or below',
  );
  const [production, ...others] = aCoverage().subscriptions;
  for (const gap of [
    {
      complete: false,
      coverage: aCoverage({ subscriptions: [{ ...production!, state: 'denied' }, ...others] }),
    },
    { rules: rules.filter(({ id }) => id !== 'AKV002') },
  ] as const) {
    const fresh = compared(aReport([], gap), known);
    expect(statesOf(fresh)).toEqual(['new']);
    expect(fresh.baseline).toMatchObject({ compared: false, uncompared: [{ in: 'newer' }] });
    expect(scanExitCode(fresh, { ...options, failOnNew: true })).toBe(1);
  }
});

test('a scan that is incomplete ends with 3, whatever is new', () => {
  const gapped = aReport([], { complete: false, unreadable: [denied] });
  expect(scanExitCode(compared(aReport([]), gapped), { ...options, failOnNew: true })).toBe(3);
});
