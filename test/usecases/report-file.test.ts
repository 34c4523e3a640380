import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aReport, textOf } from '../reporters/reports.ts';
import { scanReportFormats } from '../../src/reporters/scan/formats.ts';
import { readReport } from '../../src/usecases/report/report-file.ts';

const text = textOf(scanReportFormats.json, aReport([]));

test('a report is read as it was written', () => {
  expect(readReport(Buffer.from(text), 'report.json')).toEqual(JSON.parse(text));
});

test('a report that says something twice is refused: which of the two counted would be chance', () => {
  const twice = text.replace('"complete": true', '"complete": false,\n  "complete": true');
  expect(() => readReport(Buffer.from(twice), 'report.json')).toThrow(
    /^report\.json is not a JSON report of purgeproof: the key "complete" is repeated in one object, at \d+:3\.$/,
  );
});

test('a report of version 1.0 is read: it has neither parameters nor states of evidence', () => {
  const bytes = readFileSync(new URL('../fixtures/reports/version-1-0.json', import.meta.url));
  const report = readReport(bytes, 'report.json');
  expect(report.schemaVersion).toBe('1.0');
  expect(report.rules.map(({ parameters }) => parameters)).toEqual([undefined, undefined, undefined]);
  expect(report.findings.map(({ evidence }) => evidence[0]?.actual)).toEqual([
    { kind: 'read', value: 'unset (off)' },
    { kind: 'read', value: 7 },
  ]);
});

test('a report of version 1.0 does not say what 1.1 added, and one of a later version is refused', () => {
  const read = (version: string) => () =>
    readReport(Buffer.from(text.replace('"1.1"', JSON.stringify(version))), 'report.json');
  expect(read('1.0')).toThrow(/^report\.json is not a JSON report of purgeproof at rules\.0/);
  expect(read('2.0')).toThrow(/^report\.json is not a JSON report of purgeproof at schemaVersion/);
});
