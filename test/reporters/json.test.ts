import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';
import type { FieldValue } from '../../src/model/evidence.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { reportSchema } from '../../src/reporters/scan/json-schema.ts';
import { json } from '../../src/reporters/scan/json.ts';
import { sharedReports } from './shared-reports.ts';
import { readReport } from '../../src/usecases/report/report-file.ts';
import { aCoverage, aFinding, aReport, aVault, defaultContext, textOf } from './reports.ts';

const validate = new Ajv2020({ strict: true, validateFormats: false }).compile(reportSchema);
const reports = Object.entries(sharedReports).map(([name, report]) => ({ name, report }));

test.for(reports)(
  'the JSON report of $name is read back as the report itself, without its baseline, controls, tags and what is deployed',
  ({ report }) => {
    const bytes = Buffer.from(textOf(json, report));
    const { baseline: _, deployed: __, frameworks: ___, ...itself } = report;
    const findings = report.findings.map(({ resource: { tags: _tags, ...resource }, ...finding }) => {
      return { ...finding, resource };
    });
    const expected: unknown = JSON.parse(JSON.stringify({ ...itself, findings }));
    expect(readReport(bytes, 'report.json')).toStrictEqual(expected);
  },
);

test('a text that reads like a missing value is told apart from one', () => {
  const values: readonly FieldValue[] = [
    { kind: 'unset', words: 'unset' },
    { kind: 'read', value: 'unset' },
    { kind: 'unreadable', words: 'could not be read' },
    { kind: 'read', value: 'could not be read' },
  ];
  const evidence = values.map((actual) => ({ field: "tags['owner']", expected: 'platform', actual }));
  const report = aReport([aFinding('AKV002', aVault('kv-a'), { evidence })]);
  const text = textOf(json, report);
  expect(JSON.parse(text).findings[0].evidence).toStrictEqual([
    { field: "tags['owner']", expected: 'platform', actual: 'unset', state: 'unset' },
    { field: "tags['owner']", expected: 'platform', actual: 'unset' },
    { field: "tags['owner']", expected: 'platform', actual: 'could not be read', state: 'unreadable' },
    { field: "tags['owner']", expected: 'platform', actual: 'could not be read' },
  ]);
  expect(readReport(Buffer.from(text), 'report.json').findings).toStrictEqual(report.findings);
});

test.for<[string, (finding: JsonObject) => JsonObject]>([
  ['an exempt finding without its exemption', (finding) => ({ ...finding, compliance: 'exempt' })],
  [
    'an exemption of a finding that is not exempt',
    (finding) => ({ ...finding, exemption: { category: 'waiver', reason: 'Accepted' } }),
  ],
  [
    'a remediation without a patch and manual steps',
    (finding) => ({ ...finding, remediation: { risk: 'safe' } }),
  ],
])('the schema does not admit %s', ([, edit]) => {
  const value: Json = JSON.parse(textOf(json, sharedReports['incomplete']!));
  expect(validate(edited(value, ['findings', '0'], edit))).toBe(false);
});

test('parts of the coverage and the baseline are written where a report has them', () => {
  const report = aReport([aFinding('AKV002', aVault('kv-a'), { baselineState: 'new' })], {
    coverage: aCoverage({ parts: [{ name: 'deleted', state: 'denied' }] }),
  });
  const text = textOf(json, report);
  expect(validate(JSON.parse(text))).toBe(true);
  expect(readReport(Buffer.from(text), 'report.json')).toStrictEqual(report);
});

test.for(reports)('the JSON report of $name keeps to its published schema', ({ report }) => {
  validate(JSON.parse(textOf(json, report)));
  expect(validate.errors ?? []).toStrictEqual([]);
});

const parts = [
  { name: 'the report', path: [] },
  { name: 'the tool', path: ['tool'] },
  { name: 'the scope', path: ['scope'] },
  { name: 'a subscription in scope', path: ['scope', 'subscriptions', '0'] },
  { name: 'the summary', path: ['summary'] },
  { name: 'the counts by severity', path: ['summary', 'bySeverity'] },
  { name: 'a rule', path: ['rules', '0'] },
  { name: 'a finding', path: ['findings', '0'] },
  { name: 'a resource', path: ['findings', '0', 'resource'] },
  { name: 'a fact', path: ['findings', '0', 'evidence', '0'] },
  { name: 'a gap', path: ['unreadable', '0'] },
  { name: 'the coverage', path: ['coverage'] },
  { name: 'a covered subscription', path: ['coverage', 'subscriptions', '0'] },
];

test.for(parts)('the schema admits nothing unknown in $name, and misses what is missing', ({ path }) => {
  const copy = (): Json => JSON.parse(textOf(json, sharedReports['incomplete']!));
  expect(validate(edited(copy(), path, (part) => ({ ...part, surprise: true })))).toBe(false);
  expect(validate(edited(copy(), path, (part) => Object.fromEntries(Object.entries(part).slice(1))))).toBe(
    false,
  );
  expect(validate(edited(copy(), path, (part) => part))).toBe(true);
});

/** The value with the object at `path` replaced. */
function edited(value: Json, path: readonly string[], edit: (part: JsonObject) => JsonObject): Json {
  const [key, ...rest] = path;
  if (Array.isArray(value))
    return value.map((item, index) => (key === `${index}` ? edited(item, rest, edit) : item));
  if (!isJsonObject(value)) throw new Error(`There is no object at ${path.join('.')}`);
  return key === undefined ? edit(value) : { ...value, [key]: edited(value[key] ?? null, rest, edit) };
}

test('keys stand in the order of the schema, whoever built the report', () => {
  const report: ScanReport = {
    ...sharedReports['mixed']!,
    exemptionNotices: [{ kind: 'endsSoon', at: 'an id', message: 'it ends' }],
    baseline: sharedReports['changed']!.baseline!,
    frameworks: [],
    deployed: sharedReports['changed']!.deployed!,
  };
  const { findings, tool, ...rest } = report;
  const backwards: ScanReport = { findings, ...rest, tool: { version: tool.version, name: tool.name } };
  expect(textOf(json, backwards)).toBe(textOf(json, report));
  expect(Object.keys(JSON.parse(textOf(json, backwards)))).toStrictEqual(
    Object.keys(reportSchema.properties),
  );
});

test('findings come out one by one, not as one giant text', () => {
  const pieces = [...json.render(sharedReports['large']!, defaultContext)];
  expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThan(4000);
});

test('the published schema is the one that the reporter keeps to', () => {
  const published = readFileSync(new URL('../../schemas/report.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toStrictEqual(JSON.parse(JSON.stringify(reportSchema)));
});
