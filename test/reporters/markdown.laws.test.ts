import { expect, test } from 'vitest';
import { markdown } from '../../src/reporters/scan/markdown.ts';
import { runs } from '../runs.ts';
import { aReport, defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

test.for(reports)(
  'Markdown of $name never exceeds its bytes, nor tears a row, a sign or a section',
  ({ report }) => {
    const whole = textOf(markdown, report);
    const lines = new Set(whole.split('\n'));
    const largest = Buffer.byteLength(whole) + 400;
    const step = Math.ceil(largest / runs(largest / 97));
    for (let maxBytes = 0; maxBytes < largest; maxBytes += step) {
      const rendered = textOf(markdown, report, { ...defaultContext, maxBytes });
      expect(Buffer.byteLength(rendered)).toBeLessThanOrEqual(maxBytes);
      const foreign = rendered
        .split('\n')
        .filter((line) => !lines.has(line) && !line.startsWith('**Cut to size.**'));
      expect(foreign).toStrictEqual([]);
      expect(rendered.split('<details>')).toHaveLength(rendered.split('</details>').length);
    }
  },
);

test('what is cut is counted: rows shown and findings left out are all findings', () => {
  const report = sharedReports['large']!;
  for (const maxBytes of [900, 2000, 5000, 9000]) {
    const rendered = textOf(markdown, report, { ...defaultContext, maxBytes });
    const shown = rendered.split('\n').filter((line) => /^\| (?:high|medium) \| <code>/.test(line)).length;
    const leftOut = Number(/Left out here: (\d+) findings?/.exec(rendered)?.[1] ?? 0);
    expect(shown + leftOut).toBe(report.findings.length);
  }
});

test('a document that fits says nothing of cutting', () => {
  const whole = textOf(markdown, sharedReports['mixed']!);
  const limited = textOf(markdown, sharedReports['mixed']!, { ...defaultContext, maxBytes: 1024 * 1024 });
  expect(limited).toBe(whole);
});

test('a disabled subscription that was read is not called unread', () => {
  const report = aReport([]);
  const [first, ...others] = report.coverage.subscriptions;
  const subscriptions = [{ ...first!, state: 'disabled' as const, expectedRows: 4, rows: 4 }, ...others];
  const rendered = textOf(markdown, { ...report, coverage: { ...report.coverage, subscriptions } });
  expect(rendered).toMatch(/### Disabled subscriptions\n\n.*\n.*\n\| .* \| disabled, 4 resources read \|/);
  expect(rendered).not.toContain('not fully read');
});
