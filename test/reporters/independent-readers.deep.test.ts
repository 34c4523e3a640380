import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Compliance } from '../../src/model/finding.ts';
import { junit } from '../../src/reporters/scan/junit.ts';
import { ocsf } from '../../src/reporters/scan/ocsf.ts';
import { defaultContext, textOf } from './reports.ts';
import { sharedReports } from './shared-reports.ts';

const modules = 'jsonschema, junitparser, lxml, ocsf_json_schema, py_ocsf_models';
const isInstalled = spawnSync('python3', ['-c', `import ${modules}`]).status === 0;

interface Reading {
  readonly problems: readonly string[];
}

/** The account of readers that know nothing of purgeproof, by the name of the file. */
function read(files: Readonly<Record<string, string>>): Readonly<Record<string, Reading>> {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-readers-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const script = join(import.meta.dirname, 'read-reports.py');
  const { stdout, stderr } = spawnSync('python3', [script, folder], { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const reports = Object.entries(sharedReports);
const allOptions = { ...defaultContext, cloud: 'AzureCloud' } as const;

describe.skipIf(!isInstalled)('where .ci/install-report-readers could install them', () => {
  test('the schema of Jenkins accepts every report, and junitparser counts as we do', () => {
    const readings = read(
      Object.fromEntries(reports.map(([name, report]) => [`${name}.xml`, textOf(junit, report)])),
    );
    for (const [name, report] of reports) {
      const counts = /<testsuites name="purgeproof" tests="(\d+)" failures="(\d+)" errors="(\d+)"/;
      const controls = (report.frameworks ?? []).flatMap((framework) => framework.controls);
      const ofControls = (...kinds: readonly string[]) =>
        controls.filter(({ verdict }) => kinds.includes(verdict)).length;
      const [, tests, failures, errors] = counts.exec(textOf(junit, report)) ?? [];
      expect(readings[`${name}.xml`]).toEqual({
        problems: [],
        tests: Number(tests),
        failures: Number(failures),
        errors: Number(errors),
        skipped: report.summary.exempt + ofControls('exempt', 'notJudged', 'notApplicable'),
      });
      expect(Number(errors)).toBe(report.summary.unknown + ofControls('unknown'));
    }
  });

  test('it is really asked: it refuses a test without a name', () => {
    const broken = textOf(junit, sharedReports['mixed']!).replace(/(<testcase .*?) name="[^"]*"/, '$1');
    expect(read({ 'broken.xml': broken })['broken.xml']?.problems).not.toEqual([]);
  });

  test('the schema of OCSF accepts every event, and its models keep what it says', () => {
    const texts = reports.flatMap(([name, report]) => [
      [`${name}.ndjson`, textOf(ocsf, report)],
      [`${name}-all.ndjson`, textOf(ocsf, report, allOptions)],
    ]);
    const readings = read(Object.fromEntries(texts));
    const results: Readonly<Record<Compliance, readonly [result: string, status: string]>> = {
      nonCompliant: ['Fail', 'New'],
      exempt: ['Fail', 'Suppressed'],
      unknown: ['Warning', 'New'],
      compliant: ['Pass', 'Resolved'],
    };
    for (const [name, report] of reports) {
      const events = report.findings.map(({ fingerprint, compliance, resource }) => ({
        uid: fingerprint,
        result: results[compliance][0],
        status: results[compliance][1],
        // What code declares is in none.
        subscriptions: [resource.subscriptionId === '' ? null : resource.subscriptionId],
      }));
      for (const file of [`${name}.ndjson`, `${name}-all.ndjson`])
        expect(readings[file]).toEqual({ problems: [], events: expect.arrayContaining(events) });
    }
  });

  test.for([
    ['a state that it does not know', '"status_id":1', '"status_id":77'],
    ['a member that it does not know', '"severity":', '"severty":'],
    ['a time in words', /"time":\d+/, '"time":"now"'],
    ['an event without its finding', '"finding_info":', '"finding_inf":'],
  ] as const)('it is really asked: it refuses %s', ([, from, to]) => {
    const broken = textOf(ocsf, sharedReports['mixed']!).replace(from, to);
    expect(read({ 'broken.ndjson': broken })['broken.ndjson']?.problems).not.toEqual([]);
  });
});
