import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { aFinding, aReport, aVault, textOf } from '../reporters/reports.ts';
import { sharedReports } from '../reporters/shared-reports.ts';
import { json } from '../../src/reporters/scan/json.ts';
import { openReport, readReport } from '../../src/usecases/report/report-file.ts';

const text = textOf(json, aReport([]));

test('a report is read as it was written', () => {
  expect(readReport(Buffer.from(text), 'report.json')).toEqual(JSON.parse(text));
});

test('alternatives and the words of elements are read as they were written', () => {
  const report = sharedReports['alternatives']!;
  const read = readReport(Buffer.from(textOf(json, report)), 'report.json');
  expect(read.findings.map(({ evidence }) => evidence)).toEqual(
    report.findings.map(({ evidence }) => evidence),
  );
  const kinds = read.findings.flatMap(({ evidence }) => evidence.map(({ alternative }) => alternative));
  expect(kinds.some((alternative) => alternative?.within !== undefined)).toBe(true);
});

test('a report that says something twice is refused: which of the two counted would be chance', () => {
  const twice = text.replace('"complete": true', '"complete": false,\n  "complete": true');
  expect(() => readReport(Buffer.from(twice), 'report.json')).toThrow(
    /^report\.json is not a JSON report of purgeproof\.\nreport\.json:10:3 {2}the key "complete" is repeated in one object$/,
  );
});

test('a byte that is no UTF-8 is found in a finding that is like the one before', () => {
  const found = ['kv-a', 'kv-b', 'kv-#'].map((name) => aFinding('AKV002', aVault(name)));
  const bytes = Buffer.from(textOf(json, aReport(found)));
  bytes[bytes.indexOf('kv-# fails') + 3] = 0xe9;
  expect(() => readReport(bytes, 'report.json')).toThrow(
    /^report\.json is not a JSON report of purgeproof\.\nreport\.json:\d+:\d+ {2}it is not text in UTF-8$/,
  );
});

const two = ['kv-a', 'kv-b'].map((name) => aFinding('AKV002', aVault(name)));

test('a list of the same name in another place is not taken for the findings', () => {
  const report = JSON.parse(textOf(json, aReport(two)));
  const nested = JSON.stringify(report.findings, null, 2).replaceAll('\n', '\n  ');
  const [rule, ...rules] = report.rules;
  const written = JSON.stringify(
    { ...report, rules: [{ ...rule, parameters: { mark: 0 } }, ...rules], findings: [null] },
    null,
    2,
  ).replace('"mark": 0', `\n  "findings": ${nested}`);
  expect(() => readReport(Buffer.from(written), 'report.json')).toThrow(
    /findings\.0: item 1 of "findings" is empty/,
  );
});

test('a byte order mark between findings is refused, and one at the beginning is passed over', () => {
  const written = textOf(json, aReport(two));
  expect(readReport(Buffer.from(`\uFEFF${written}`), 'report.json').findings).toHaveLength(2);
  const between = written.lastIndexOf('    },\n    {\n      "ruleId"') + '    },'.length;
  const marked = `${written.slice(0, between)}\uFEFF${written.slice(between)}`;
  expect(() => readReport(Buffer.from(marked), 'report.json')).toThrow(
    /report\.json:\d+:\d+ {2}Unexpected token/,
  );
});

test('a fingerprint whose key is written with an escape is not taken from a value of that name', () => {
  const written = textOf(json, aReport(two));
  const [first, second] = two.map(({ fingerprint }) => fingerprint);
  const moved = [first!, second!].reduce(
    (text, print) =>
      text.replace(
        `"fingerprint": "${print}"`,
        `"parameters": {\n      "fingerprint": "${print}"\n      },\n      "fingerprin\\u0074": "${first}"`,
      ),
    written,
  );
  const { findings } = openReport({ bytes: Buffer.from(moved), file: 'report.json' });
  expect([0, 1].map((place) => findings.fingerprintAt(place))).toEqual([first, first]);
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
  expect(read('1.0')).toThrow(
    /^report\.json is not a JSON report of purgeproof\.\nreport\.json:58:21 {2}rules\.0\.parameters: /,
  );
  expect(read('2.0')).toThrow(
    /^report\.json is a report of another version of purgeproof\.\nreport\.json:2:20 {2}schemaVersion: it is of version 2\.0, and this version of purgeproof reads 1\.0 and 1\.1$/,
  );
  expect(read('latest')).toThrow(/schemaVersion: "schemaVersion" must be 1\.1, not "latest"$/);
});
