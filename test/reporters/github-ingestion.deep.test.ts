import { expect, test } from 'vitest';
import { notices, refusals, render } from './github-ingestion.ts';
import { aFinding, aReport, aVault } from './reports.ts';

test('of 25,001 findings GitHub refuses nothing: the least severe is left out, and that is said', () => {
  const report = aReport(
    Array.from({ length: 25_001 }, (_, index) =>
      aFinding(index === 0 ? 'AKV007' : 'AKV002', aVault(`kv-${index}`)),
    ),
  );
  const log = render(report);
  expect(refusals([log])).toStrictEqual([]);
  expect(log.runs[0]!.results).toHaveLength(25_000);
  expect(log.runs[0]!.results!.some((result) => result.ruleId === 'AKV007')).toBe(false);
  expect(notices(log)).toStrictEqual([
    'warning: 1 result left out, starting with the least severe: a code scanning file can hold 25,000.',
  ]);
});
