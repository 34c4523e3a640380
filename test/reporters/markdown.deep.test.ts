import { expect, test } from 'vitest';
import { markdown } from '../../src/reporters/scan/markdown.ts';
import { aFinding, aReport, aVault, defaultContext, textOf } from './reports.ts';

test('an estate that would fill ten step summaries fits into one, verdict first', () => {
  const report = aReport(
    Array.from({ length: 30_000 }, (_, index) => aFinding('AKV002', aVault(`kv-estate-${index}`))),
    { complete: false },
  );
  const rendered = textOf(markdown, report, { ...defaultContext, maxBytes: 1024 * 1024 });
  expect(Buffer.byteLength(rendered)).toBeGreaterThan(1000 * 1024);
  expect(Buffer.byteLength(rendered)).toBeLessThanOrEqual(1024 * 1024);
  expect(rendered.slice(0, 400)).toContain('INCOMPLETE');
  expect(rendered).toMatch(/Left out here: [\d,]+ findings and evidence/);
});
