import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import type { Terminal } from '../../src/reporters/format.ts';
import { table } from '../../src/reporters/scan/table.ts';
import { wrap } from '../../src/reporters/terminal/wrap.ts';
import { aReport, defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));
const ansi = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

test.for(reports)('the table of $name keeps within the terminal, from 40 columns on', ({ report }) => {
  for (const width of [40, 60, 80, 89, 90, 100, 120, 200]) {
    const widest = Math.max(
      ...render(report, { width })
        .split('\n')
        .map((line) => stringWidth(line)),
    );
    expect(widest).toBeLessThanOrEqual(Math.min(width, 120));
  }
});

test.for(reports)('colours change nothing in the table of $name but colours', ({ report }) => {
  for (const width of [60, 100]) {
    const painted = render(report, { width, color: true });
    expect(painted).toMatch(ansi);
    expect(unpadded(painted.replaceAll(ansi, ''))).toBe(unpadded(render(report, { width })));
  }
});

test.for(reports)('every line of the painted table of $name ends unpainted', ({ report }) => {
  for (const line of render(report, { color: true }).split('\n')) {
    const codes = line.match(ansi) ?? [];
    const opening = codes.filter(
      (code) => /\[(?:[1-9]|3[0-7]|9[0-7])m/.test(code) && !/\[(?:22|39)m/.test(code),
    );
    expect(codes).toHaveLength(opening.length * 2);
  }
});

test('an incomplete scan never looks clean, even when nothing failed', () => {
  const text = render({ ...aReport([]), complete: false });
  expect(text).toContain('INCOMPLETE');
  expect(text).not.toMatch(/meet all/);
});

test('a scan that judged nothing does not say that all is well', () => {
  const nothing = aReport([], { summary: { compliant: 0, notApplicable: 60 } });
  expect(render(nothing)).toContain('nothing was checked');
  expect(render(sharedReports['empty']!)).toContain('No vaults were found');
});

test('unknown verdicts without a finding are not called clean', () => {
  const text = render(aReport([], { summary: { unknown: 3 } }));
  expect(text).toContain('3 verdicts are unknown');
  expect(text).not.toMatch(/meet all/);
});

test('vaults beyond the limit are counted, with what is wrong with them', () => {
  const large = sharedReports['large']!;
  expect(render(large)).toContain('… and 14 more vaults, with 14 high');
  expect(render(large, { maxVaults: 1000 })).not.toContain('more vault');
  expect(render(large, { maxVaults: 1000 }).match(/^kv-estate-/gm)).toHaveLength(64);
});

test.for([
  ['one two three', 7, ['one two', 'three']],
  ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
  ['go abcdefghij', 4, ['go', 'abcd', 'efgh', 'ij']],
  ['金庫の名前', 4, ['金庫', 'の名', '前']],
  ['👍🏽👍🏽👍🏽', 4, ['👍🏽👍🏽', '👍🏽']],
  ['', 4, ['']],
] as const)('%j in %i columns is %j', ([text, width, lines]) => {
  expect(wrap(text, width)).toStrictEqual(lines);
});

interface Options extends Partial<Terminal> {
  readonly maxVaults?: number;
}

function render(report: ScanReport, { maxVaults = 50, ...terminal }: Options = {}): string {
  return textOf(table, report, {
    ...defaultContext,
    maxVaults,
    terminal: { ...defaultContext.terminal, ...terminal },
  });
}

function unpadded(text: string): string {
  return text.replaceAll(/ +$/gm, '');
}
