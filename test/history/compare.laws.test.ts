import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReports, reportToCompare } from '../../src/history/compare.ts';
import type { ReportComparison } from '../../src/model/comparison.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { severities } from '../../src/model/severity.ts';
import { aCoverage, aFinding, aReport, aVault, rules, subscriptions } from '../reporters/reports.ts';
import { runs } from '../runs.ts';

const places = Object.values(subscriptions).flatMap(({ id }) =>
  ['kv-a', 'kv-b'].flatMap((name) => ['rg-a', 'rg-b'].map((resourceGroup) => ({ id, name, resourceGroup }))),
);
const vaults = places.map(({ id, name, resourceGroup }) =>
  aVault(name, { subscriptionId: id, resourceGroup }),
);

const findings: fc.Arbitrary<readonly Finding[]> = fc.uniqueArray(
  fc
    .record({
      ruleId: fc.constantFrom('AKV001', 'AKV002', 'AKV003'),
      vault: fc.constantFrom(...vaults),
      compliance: fc.constantFrom('nonCompliant', 'unknown', 'exempt', 'compliant'),
      severity: fc.constantFrom(...severities),
      reason: fc.constantFrom('one', 'another'),
    })
    .map(({ ruleId, vault, compliance, severity, reason }) =>
      aFinding(ruleId, vault, { compliance, severity, exemption: { category: 'waiver', reason } }),
    )
    .map((finding): Finding => {
      if (finding.compliance === 'exempt') return finding;
      const { exemption: _, ...rest } = finding;
      return rest;
    }),
  { selector: ({ fingerprint }) => fingerprint, maxLength: 12 },
);

const complete: fc.Arbitrary<ScanReport> = findings.map((found) => aReport(found));

const states = fc.constantFrom('read', 'empty', 'denied', 'disabled', 'truncated', 'partial', 'notFound');
const gaps = fc.array(
  fc.constantFrom(
    { scope: vaults[0]!.id, kind: 'resource' },
    { scope: subscriptions.staging.id, kind: 'subscription' },
    { scope: 'scan', kind: 'interrupted' },
    { scope: 'corp', kind: 'managementGroup' },
  ),
  { maxLength: 2 },
);
const filters = fc.constantFrom(
  undefined,
  { vaults: ['kv-a'] },
  { resourceGroups: ['rg-b'] },
  { tags: ['env'] },
  { vaults: ['*'], resourceGroups: ['rg-*'] },
);

/** Reports with whatever gap. */
const any: fc.Arbitrary<ScanReport> = fc
  .record({
    found: findings,
    state: fc.array(states, { minLength: 3, maxLength: 3 }),
    gaps,
    filter: filters,
    judged: fc.subarray([...rules]),
  })
  .map(({ found, state, gaps: holes, filter, judged }) =>
    aReport(
      found.filter(({ ruleId }) => judged.some(({ id }) => id === ruleId)),
      {
        complete: holes.length === 0 && state.every((one) => ['read', 'empty'].includes(one)),
        rules: judged,
        unreadable: holes.map(({ scope, kind }) => {
          return { scope, kind, reason: '', hint: '' };
        }),
        scope: { subscriptions: [], managementGroups: [], ...(filter === undefined ? {} : { filter }) },
        coverage: aCoverage({
          subscriptions: Object.values(subscriptions).map(({ id, name }, index) => {
            return { id, name, expectedRows: 2, rows: index, state: state[index]! };
          }),
        }),
      },
    ),
  );

function compare(older: ScanReport, newer: ScanReport): ReportComparison {
  return compareReports(reportToCompare(older, 'old.json'), reportToCompare(newer, 'new.json'));
}

const ids = (found: readonly Finding[]): readonly string[] =>
  found.map(({ fingerprint }) => fingerprint).toSorted();
const openOf = ({ findings: found }: ScanReport): readonly string[] =>
  ids(found.filter(({ compliance }) => compliance !== 'compliant'));

test('a report and itself have no difference', () => {
  fc.assert(
    fc.property(any, (report) => {
      const same = compare(report, report);
      expect(same).toMatchObject({ added: [], gone: [], updated: [], uncompared: [], lost: [], tuned: [] });
      expect(same.unchanged).toBe(openOf(report).length);
      expect(same.complete).toBe(report.complete);
    }),
    { numRuns: runs(2000) },
  );
});

test('the other way round, what was new is gone, and what was gone is new', () => {
  fc.assert(
    fc.property(any, any, (one, other) => {
      const [there, back] = [compare(one, other), compare(other, one)];
      expect(ids(back.added)).toEqual(ids(there.gone));
      expect(ids(back.gone)).toEqual(ids(there.added));
      expect(ids(back.updated.map(({ after }) => after))).toEqual(
        ids(there.updated.map(({ after }) => after)),
      );
      expect(back.unchanged).toBe(there.unchanged);
      const sides = (comparison: ReportComparison, side: string): readonly string[] =>
        ids(comparison.uncompared.filter((each) => each.in === side).map(({ finding }) => finding));
      expect(sides(back, 'older')).toEqual(sides(there, 'newer'));
    }),
    { numRuns: runs(4000) },
  );
});

test('every finding of either report is counted once', () => {
  fc.assert(
    fc.property(any, any, (older, newer) => {
      const { added, gone, updated, unchanged, uncompared } = compare(older, newer);
      const all = new Set([...openOf(older), ...openOf(newer)]);
      expect(added.length + gone.length + updated.length + unchanged + uncompared.length).toBe(all.size);
    }),
    { numRuns: runs(4000) },
  );
});

test('what was not read is never gone: with every gap, only what was read in full is', () => {
  fc.assert(
    fc.property(complete, any, (older, newer) => {
      const { gone } = compare(older, newer);
      const passed = new Set(ids(newer.findings.filter(({ compliance }) => compliance === 'compliant')));
      const read = new Set(
        newer.coverage.subscriptions.flatMap(({ id, state, rows, expectedRows }) =>
          state === 'read' || state === 'empty' || (state === 'disabled' && rows > 0 && rows >= expectedRows)
            ? [id]
            : [],
        ),
      );
      const judged = new Set(newer.rules.map(({ id }) => id));
      for (const { fingerprint, ruleId, resource } of gone) {
        if (passed.has(fingerprint)) continue;
        expect(judged).toContain(ruleId);
        expect(read).toContain(resource.subscriptionId);
        expect(newer.scope.filter?.tags).toBe(undefined);
        expect(newer.unreadable.map(({ kind }) => kind)).not.toContain('interrupted');
        expect(newer.unreadable.map(({ scope }) => scope)).not.toContain(resource.id);
      }
    }),
    { numRuns: runs(4000) },
  );
});

test('a gap more makes nothing gone that was not', () => {
  fc.assert(
    fc.property(complete, complete, any, (older, newer, { coverage, unreadable, rules: judged, scope }) => {
      const gapped = { ...newer, coverage, unreadable, rules: judged, scope, complete: false };
      const whole = new Set(ids(compare(older, newer).gone));
      for (const fingerprint of ids(compare(older, gapped).gone)) expect(whole).toContain(fingerprint);
    }),
    { numRuns: runs(2000) },
  );
});
