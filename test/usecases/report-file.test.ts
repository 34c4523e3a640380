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
