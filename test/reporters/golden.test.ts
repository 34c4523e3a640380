import { describe, expect, test } from 'vitest';
import { table } from '../../src/reporters/scan/table.ts';
import type { ReportView } from '../../src/reporters/scan/format.ts';
import { defaultContext, loadedFormats, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const cases = loadedFormats.flatMap(([format, reporter]) =>
  Object.entries(sharedReports).map(([name, report]) => ({ format, reporter, name, report })),
);

describe('every reporter renders every shared report as its golden file shows', () => {
  test.for(cases)('$format of $name', async ({ format, reporter, name, report }) => {
    const text = textOf(reporter, report);
    const rendered = format === 'html' ? withoutAssets(text) : text;
    await expect(rendered).toMatchFileSnapshot(`golden/${name}.${format}.${reporter.extension}`);
  });
});

/** The style and the script of a page are the same in all of them, and have tests of their own. */
function withoutAssets(text: string): string {
  return text.replace(/<(style|script)>[^]*?<\/\1>/g, '<$1></$1>').replace(/'sha256-[^']+'/g, "'sha256-…'");
}

const views: Readonly<Record<string, ReportView>> = {
  summary: { detail: 'summary' },
  full: { detail: 'full' },
  'by-rule': { groupBy: 'rule' },
  'by-subscription': { groupBy: 'subscription' },
};

test.for(Object.entries(views))(
  'the table of mixed findings, %s, is as its golden file shows',
  async ([name, view]) => {
    const rendered = textOf(table, sharedReports['mixed']!, { ...defaultContext, view });
    await expect(rendered).toMatchFileSnapshot(`golden/mixed.table-${name}.txt`);
  },
);

test.for(loadedFormats)('%s lists no tags', ([, reporter]) => {
  const report = sharedReports['alternatives']!;
  const [tag] = report.findings.flatMap(({ resource }) => Object.values(resource.tags ?? {}));
  expect(tag).toBe('nobody-lists-tags');
  expect(textOf(reporter, report)).not.toContain(tag);
});

test('the same report gives the same document, also when rendered twice', () => {
  for (const { reporter, report } of cases) {
    const once = textOf(reporter, report);
    expect(textOf(reporter, report)).toBe(once);
  }
});
