import { describe, expect, test } from 'vitest';
import { reporters } from '../../src/reporters/scan/formats.ts';
import { defaultOptions } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const extensions = { table: 'txt', json: 'json', sarif: 'sarif', 'sarif-full': 'sarif', markdown: 'md' };

const cases = Object.entries(reporters).flatMap(([format, reporter]) =>
  Object.entries(sharedReports).map(([name, report]) => ({ format, reporter, name, report })),
);

describe('every reporter renders every shared report as its golden file shows', () => {
  test.for(cases)('$format of $name', async ({ format, reporter, name, report }) => {
    const rendered = [...reporter(report, defaultOptions)].join('');
    const extension = new Map(Object.entries(extensions)).get(format) ?? format;
    await expect(rendered).toMatchFileSnapshot(`golden/${name}.${format}.${extension}`);
  });
});

test('the same report gives the same document, also when rendered twice', () => {
  for (const { reporter, report } of cases) {
    const once = [...reporter(report, defaultOptions)].join('');
    expect([...reporter(report, defaultOptions)].join('')).toBe(once);
  }
});
