import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { offsetOfPath } from '../../src/documents/json/document-text.ts';
import { repeatedKeys } from '../../src/documents/json/repeated-keys.ts';
import { compareReports, reportToCompare } from '../../src/history/compare.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Json, JsonPath } from '../../src/model/json.ts';
import { json } from '../../src/reporters/scan/json.ts';
import { openReport, readReport } from '../../src/usecases/report/report-file.ts';
import { aFinding, aReport, aVault, textOf } from '../reporters/reports.ts';
import { hostileTexts } from '../reporters/hostile.ts';
import { runs } from '../runs.ts';

/** Text that looks like the layout of a report. */
const layout = fc.constantFrom(
  '\n  "findings": [\n    {\n',
  '\n  ]',
  '\n    },\n',
  '"findings": [',
  '},{',
  '\\',
);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  layout,
  fc.constantFrom(...hostileTexts.map(([, one]) => one)),
);

const findings = fc.array(
  fc
    .record({ name: text, value: fc.jsonValue({ maxDepth: 3 }), index: fc.nat() })
    .map(({ name, value, index }): Finding => {
      const [json]: readonly Json[] = [JSON.parse(JSON.stringify(value))];
      return aFinding('AKV002', aVault(`${name}${index}`), {
        evidence: [{ field: name, expected: json!, actual: { kind: 'read', value: json! } }],
      });
    }),
  { maxLength: 20 },
);

test('a report is read the same however it is laid out', () => {
  fc.assert(
    fc.property(findings, (found) => {
      const report = aReport(found);
      const written = textOf(json, report);
      const expected: unknown = JSON.parse(JSON.stringify(report));
      for (const layedOut of [
        written,
        written.replaceAll('\n', '\r\n'),
        JSON.stringify(JSON.parse(written)),
        JSON.stringify(JSON.parse(written), null, 4),
        JSON.stringify(JSON.parse(written), null, '\t'),
      ])
        expect(readReport(Buffer.from(layedOut), 'report.json')).toStrictEqual(expected);
    }),
    { numRuns: runs(1000) },
  );
});

function reversed(one: string): string {
  return one.split('').toReversed().join('');
}

/** What may become of a finding until the next scan. */
const becomes = fc.constantFrom<(finding: Finding) => readonly Finding[]>(
  (finding) => [finding],
  () => [],
  (finding) => [{ ...finding, severity: 'low' }],
  (finding) => [{ ...finding, message: `${finding.message} today` }],
  (finding) => [{ ...finding, evidence: [] }],
  ({ evidence, ...finding }) => [
    { ...finding, evidence: evidence.map((one) => ({ ...one, field: reversed(one.field) })) },
  ],
  (finding) => [aFinding('AKV002', aVault(finding.resource.name), { compliance: 'compliant' })],
  (finding) => [finding, { ...finding, severity: 'low' }],
);

test('reports are compared the same as files and as they are in memory', () => {
  fc.assert(
    fc.property(findings, fc.infiniteStream(becomes), fc.boolean(), (found, changes, isShuffled) => {
      const later = found.flatMap((finding) => changes.next().value?.(finding) ?? []);
      const [older, newer] = [found, isShuffled ? later.toReversed() : later].map((list) =>
        Buffer.from(textOf(json, aReport(list))),
      );
      const opened = openReport({ bytes: older!, file: 'older' });
      const compared = compareReports(opened, openReport({ bytes: newer!, file: 'newer' }, opened));
      const [before, after] = [readReport(older!, 'older'), readReport(newer!, 'newer')];
      expect(compared).toStrictEqual(
        compareReports(reportToCompare(before, 'older'), reportToCompare(after, 'newer')),
      );
    }),
    { numRuns: runs(1000) },
  );
});

test('whatever byte of a report is lost, what is read is what its JSON says, or it is refused', () => {
  const written = textOf(
    json,
    aReport(['kv-a', 'kv-b', 'kv-c'].map((name) => aFinding('AKV002', aVault(name)))),
  );
  fc.assert(
    fc.property(fc.nat(written.length - 1), fc.integer({ min: 1, max: 40 }), (at, length) => {
      const damaged = written.slice(0, at) + written.slice(at + length);
      const read = outcomeOf(() => readReport(Buffer.from(damaged), 'report.json'));
      const minified = outcomeOf(() => withoutSpaces(damaged));
      const whole = outcomeOf(() => readReport(Buffer.from(minified ?? ''), 'report.json'));
      expect(read).toEqual(whole);
    }),
    { numRuns: runs(4000) },
  );
});

test('whatever stands where something else was, what is read is what its JSON says, or it is refused', () => {
  const found = Array.from({ length: 8 }, (_, index) => {
    const policy = {
      objectId: `o-${index}`,
      permissions: { keys: ['get', 'purge'].slice(index % 3), all: [] },
    };
    const evidence: Evidence = { field: 'x', expected: index, actual: { kind: 'read', value: policy } };
    return aFinding('AKV002', aVault(`kv-${index}`), { evidence: [evidence], parameters: { days: index } });
  });
  const bytes = Buffer.from(textOf(json, aReport(found)));
  const earlier = openReport({ bytes, file: 'report.json' });
  const marks = [
    ...'"\\{}[],:\n\t\u0000é\u202e'.split(''),
    '😀',
    '\ud800',
    '\\"',
    '\\u0041',
    '01',
    '1.',
    '1e5',
    'null',
    '-',
    'tru',
  ];
  const written = fc.oneof(
    fc.constantFrom(...marks).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(12), written, (at, length, mark) => {
      const changed = Buffer.concat([bytes.subarray(0, at), mark, bytes.subarray(at + length)]);
      // In another layout, all of it is parsed at once.
      const other = Buffer.from(changed.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
      const whole = outcomeOf(() => readReport(other, 'report.json'));
      expect(outcomeOf(() => readReport(changed, 'report.json'))).toEqual(whole);
      const opened = outcomeOf(() => openReport({ bytes: changed, file: 'report.json' }, earlier));
      expect(opened && [...opened.findings.read([...found.keys()])]).toEqual(whole?.findings);
    }),
    { numRuns: runs(8000) },
  );
});

/** The same document on one line; throws where it is no JSON, or says something twice. */
function withoutSpaces(text: string): string {
  const value: Json = JSON.parse(text);
  if (repeatedKeys(text, value).length > 0) throw new Error('a key is repeated');
  return JSON.stringify(value);
}

function outcomeOf<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

test('the offset of a path is where its value begins', () => {
  const spaces = fc.constantFrom(undefined, 2, '\t');
  fc.assert(
    fc.property(fc.jsonValue(), spaces, (value, indent) => {
      const [json]: readonly Json[] = [JSON.parse(JSON.stringify(value))];
      const whole = JSON.stringify(json, null, indent);
      for (const { path, at } of placesIn(json!, []))
        expect(whole.slice(offsetOfPath(whole, path))).toSatisfy((rest: string) =>
          rest.replaceAll(/\s/g, '').startsWith(JSON.stringify(at).replaceAll(/\s/g, '')),
        );
    }),
    { numRuns: runs(1000) },
  );
});

interface Place {
  readonly path: JsonPath;
  readonly at: Json;
}

function placesIn(value: Json, path: JsonPath): readonly Place[] {
  const own = { path, at: value };
  if (typeof value !== 'object' || value === null) return [own];
  const below = Array.isArray(value)
    ? value.flatMap((one: Json, index) => placesIn(one, [...path, index]))
    : Object.entries(value).flatMap(([key, one]) => placesIn(one ?? null, [...path, key]));
  return [own, ...below];
}
