import { describe, expect, test } from 'vitest';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const cases = Object.entries(scanReportFormats).flatMap(([format, reporter]) =>
  Object.entries(sharedReports).map(([name, report]) => ({ format, reporter, name, report })),
);

describe('every reporter renders every shared report as its golden file shows', () => {
  test.for(cases)('$format of $name', async ({ format, reporter, name, report }) => {
    const rendered = textOf(reporter, report);
    await expect(rendered).toMatchFileSnapshot(`golden/${name}.${format}.${reporter.extension}`);
  });
});

test('the same report gives the same document, also when rendered twice', () => {
  for (const { reporter, report } of cases) {
    const once = textOf(reporter, report);
    expect(textOf(reporter, report)).toBe(once);
  }
});
