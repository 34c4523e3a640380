import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import type { ScanReport } from '../../src/model/report.ts';
import { sarifFull } from '../../src/reporters/scan/sarif-full.ts';
import { sarif } from '../../src/reporters/scan/sarif.ts';
import { complaints, multitoolFolder } from './multitool.ts';
import { aFinding, aReport, aVault, defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const repository = { uri: 'https://github.com/contoso/infra', revision: 'a'.repeat(40), branch: 'main' };
const allOptions = {
  ...defaultContext,
  codeScanning: { ...defaultContext.codeScanning, category: 'contoso-corp', repository },
};

const hugeReport = aReport(
  Array.from({ length: 25_001 }, (_, index) =>
    aFinding(index === 7 ? 'AKV003' : 'AKV002', aVault(`kv-${index}`)),
  ),
);

const cases = [
  ...Object.entries(sharedReports).flatMap(([name, report]) => [
    { name: `${name}-github`, render: () => render(report) },
    { name: `${name}-github-all-options`, render: () => textOf(sarif, report, allOptions) },
    { name: `${name}-full`, render: () => textOf(sarifFull, report) },
    { name: `${name}-full-all-options`, render: () => textOf(sarifFull, report, allOptions) },
  ]),
  { name: 'huge-github', render: () => render(hugeReport) },
];

const officialSchema = JSON.parse(
  readFileSync(join(multitoolFolder, 'sarif-2.1.0.json'), 'utf8').replace(/^\uFEFF/, ''),
);
const validate = new Ajv2020({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(
  officialSchema,
);

test.for(cases)('the official schema accepts $name', ({ render }) => {
  const valid = validate(JSON.parse(render()));
  expect(validate.errors ?? []).toStrictEqual([]);
  expect(valid).toBe(true);
});

test('the official schema is really asked: it refuses a level that SARIF does not know', () => {
  const log = JSON.parse(cases[0]!.render().replaceAll('"level": "error"', '"level": "critical"'));
  expect(validate(log)).toBe(false);
});

test('the Multitool has no error and no warning, on both profiles and every report', async () => {
  const files = Object.fromEntries(cases.map(({ name, render }) => [name, render()]));
  await expect(complaints(files)).resolves.toStrictEqual([]);
});

test('the Multitool is really asked: it complains of a result without a message', async () => {
  const log = JSON.parse(render(sharedReports['mixed']!));
  delete log.runs[0].results[0].message.text;
  await expect(complaints({ broken: JSON.stringify(log) })).resolves.not.toStrictEqual([]);
});

function render(report: ScanReport): string {
  return textOf(sarif, report);
}
