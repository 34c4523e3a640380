import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReportFrame } from '../../src/history/covered.ts';
import { beginTrend } from '../../src/history/trend.ts';
import type { Finding } from '../../src/model/finding.ts';
import { severities } from '../../src/model/severity.ts';
import type { Trend } from '../../src/model/trend.ts';
import { openAt } from '../../src/reporters/words/trend.ts';
import { runs } from '../runs.ts';
import { aReport, findingOf } from './trend-reports.ts';

/** What a scan says of a finding. `unread`: nothing, since its subscription was not read. */
type Said = 'open' | 'exempt' | 'unknown' | 'absent' | 'compliant' | 'unread';

const said = fc.constantFrom<Said>(
  'open',
  'open',
  'exempt',
  'unknown',
  'absent',
  'absent',
  'compliant',
  'unread',
);
/** For each of five findings, each in a subscription of its own, what each scan says of it. */
const histories = fc
  .integer({ min: 1, max: 8 })
  .chain((scans) =>
    fc.array(fc.array(said, { minLength: scans, maxLength: scans }), { minLength: 5, maxLength: 5 }),
  );

function trendOf(histories: readonly (readonly Said[])[]): Trend {
  const trend = beginTrend();
  const scans = histories[0]?.length ?? 0;
  for (let scan = 0; scan < scans; scan += 1) {
    const at = dayOf(scan);
    const unread = histories.flatMap((history, index) => (history[scan] === 'unread' ? [index] : []));
    const findings = histories.flatMap((history, index): readonly Finding[] => {
      const word = history[scan];
      if (word === 'open') return [findingOf(index, 'nonCompliant')];
      return word === 'exempt' || word === 'unknown' || word === 'compliant' ? [findingOf(index, word)] : [];
    });
    trend.add(aReport({ at, unread }) satisfies ReportFrame, findings);
  }
  return trend.end([]);
}

function dayOf(scan: number): string {
  return new Date(Date.UTC(2026, 0, 1 + scan, 2)).toISOString();
}

/** The state of a finding after a scan, from what was last said of it for certain. */
function stateAfter(history: readonly Said[], scan: number): 'open' | 'exempt' | 'none' {
  const last = history.slice(0, scan + 1).findLast((word) => word !== 'unknown' && word !== 'unread');
  return last === 'open' || last === 'exempt' ? last : 'none';
}

describe('a trend', () => {
  test('agrees with a model that goes through each finding on its own', () => {
    fc.assert(
      fc.property(histories, (given) => {
        const trend = trendOf(given);
        for (const [scan, point] of trend.points.entries()) {
          const states = given.map((history) => stateAfter(history, scan));
          const before = given.map((history) => (scan === 0 ? 'none' : stateAfter(history, scan - 1)));
          const count = (is: (index: number) => boolean): number =>
            given.filter((_, index) => is(index)).length;
          expect(point.at).toBe(dayOf(scan));
          expect(openAt(point)).toBe(count((index) => states[index] === 'open'));
          for (const severity of severities)
            expect(point.open[severity]).toBe(
              count(
                (index) => states[index] === 'open' && findingOf(index, 'nonCompliant').severity === severity,
              ),
            );
          expect(point.exempt).toBe(count((index) => states[index] === 'exempt'));
          expect(point.repaired).toBe(count((index) => before[index] === 'open' && states[index] === 'none'));
          expect(point.opened).toBe(count((index) => before[index] !== 'open' && states[index] === 'open'));
          expect(point.carried).toBe(
            count(
              (index) =>
                states[index] === 'open' && ['unread', 'unknown'].includes(given[index]?.[scan] ?? ''),
            ),
          );
        }
        const last = trend.points.at(-1)!;
        expect(trend.oldestOpen).toHaveLength(openAt(last));
        expect(trend.repairs.count).toBe(trend.points.reduce((sum, { repaired }) => sum + repaired, 0));
      }),
      { numRuns: runs(2000) },
    );
  });

  test('what was not read is never repaired', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Said>('open', 'unread', 'unknown'), { minLength: 1, maxLength: 9 }),
        (history) => {
          const { points, repairs } = trendOf([['open', ...history]]);
          expect(points.map(openAt)).toEqual(points.map(() => 1));
          expect(repairs.count).toBe(0);
        },
      ),
    );
  });

  test('a mean is the time from the first scan with a finding to the first without', () => {
    const day = 86_400_000;
    const trend = trendOf([
      ['open', 'unread', 'open', 'absent'],
      ['absent', 'open', 'absent', 'absent'],
      ['open', 'absent', 'open', 'open'],
    ]);
    expect(trend.repairs).toMatchObject({ count: 3, meanMs: ((3 + 1 + 1) / 3) * day });
    expect(trend.reappeared).toMatchObject([{ times: 1, since: dayOf(2) }]);
    expect(trend.points.map(({ reappeared }) => reappeared)).toEqual([0, 0, 1, 0]);
  });

  test('an exemption that ran out is told from one that was withdrawn', () => {
    const trend = beginTrend();
    const exempt = [findingOf(0, 'exempt', '2026-01-01'), findingOf(1, 'exempt', '2027-01-01')];
    trend.add(aReport({ at: dayOf(0) }), exempt);
    trend.add(aReport({ at: dayOf(1) }), [findingOf(0, 'nonCompliant'), findingOf(1, 'nonCompliant')]);
    const { points, expiredExemptions, oldestOpen } = trend.end([]);
    expect(points[1]).toMatchObject({ expired: 1, opened: 2, exempt: 0 });
    expect(expiredExemptions).toMatchObject([
      {
        fingerprint: findingOf(0, 'exempt').fingerprint,
        exemption: { expiresOn: '2026-01-01' },
        since: dayOf(0),
      },
    ]);
    expect(oldestOpen).toHaveLength(2);
  });

  test.for([
    ['2026-01-02T00:00:00.000Z', 0],
    ['2026-01-02T23:59:59.999Z', 0],
    ['2026-01-03T00:00:00.000Z', 1],
  ] as const)('an exemption holds to the end of its day: what fails at %s, %i expired', ([at, expired]) => {
    const trend = beginTrend();
    trend.add(aReport({ at: dayOf(0) }), [findingOf(0, 'exempt', '2026-01-02')]);
    trend.add(aReport({ at }), [findingOf(0, 'nonCompliant')]);
    const { points, expiredExemptions } = trend.end([]);
    expect(points[1]).toMatchObject({ expired, opened: 1 });
    expect(expiredExemptions).toHaveLength(expired);
  });

  test('a finding reappears as often as it was repaired and came back, and not after an exemption or a gap', () => {
    const trend = trendOf([
      ['open', 'absent', 'open', 'unread', 'absent', 'unknown', 'open'],
      ['open', 'exempt', 'open', 'exempt', 'open', 'open', 'open'],
      ['open', 'unread', 'open', 'unknown', 'open', 'unread', 'open'],
      ['open', 'absent', 'exempt', 'open', 'open', 'open', 'open'],
      ['open', 'absent', 'open', 'absent', 'absent', 'absent', 'absent'],
    ]);
    expect(trend.reappeared.map(({ fingerprint, times, since }) => ({ fingerprint, times, since }))).toEqual([
      { fingerprint: findingOf(0, 'nonCompliant').fingerprint, times: 2, since: dayOf(6) },
    ]);
    expect(trend.points.map(({ reappeared }) => reappeared)).toEqual([0, 0, 2, 0, 0, 0, 1]);
  });

  test.for([
    ['of the same name, which one export has written again', 'vaults.json', 'vaults.json', 1],
    ['of another name, which may be of another part', 'vaults.json', 'others.json', 0],
    ['from standard input, which has no name', '-', '-', 0],
  ] as const)('an inventory %s: %s, then %s, repairs %i', ([, first, second, count]) => {
    const trend = beginTrend();
    const add = (day: number, inventory: string, findings: readonly Finding[]): void => {
      const report = aReport({ at: dayOf(day) });
      trend.add({ ...report, scope: { ...report.scope, inventory } }, findings);
    };
    add(0, first, [findingOf(0, 'nonCompliant')]);
    add(1, second, []);
    const { points, repairs } = trend.end([]);
    expect(repairs.count).toBe(count);
    expect(points[1]).toMatchObject({ repaired: count, carried: 1 - count });
  });

  test('a rule that was judged with other parameters is named, also after a scan that did not judge it', () => {
    const trend = beginTrend();
    const by = (day: number, ...values: readonly number[]) => {
      const report = aReport({ at: dayOf(day) });
      const [rule] = report.rules;
      const rules = values.map((days) =>
        Object.assign({}, rule, { parameters: { minimumRetentionDays: days } }),
      );
      trend.add({ ...report, rules }, []);
    };
    by(0, 90);
    by(1, 90);
    by(2);
    by(3, 7);
    by(4, 7);
    const { points } = trend.end([]);
    expect(points.map(({ tuned }) => tuned)).toEqual([[], [], [], ['AKV002'], []]);
  });

  test('a rule that is no longer judged leaves its findings open', () => {
    const trend = beginTrend();
    trend.add(aReport({ at: dayOf(0) }), [findingOf(0, 'nonCompliant')]);
    trend.add({ ...aReport({ at: dayOf(1) }), rules: [] }, []);
    expect(trend.end([]).points[1]).toMatchObject({ carried: 1, repaired: 0 });
  });
});
