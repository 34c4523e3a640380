import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import schema from '../../schemas/diff.schema.json' with { type: 'json' };
import type { ScanReport } from '../../src/model/report.ts';
import { json } from '../../src/reporters/scan/json.ts';
import { aCoverage, aFinding, aReport, aVault, denied, subscriptions, textOf } from '../reporters/reports.ts';
import { packageRoot, run } from './run.ts';

const isComparison = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

const kept = aFinding('AKV003', aVault('kv-ledger'));
const failed = aFinding('AKV002', aVault('kv-payments-prod'));
const staged = aFinding('AKV002', aVault('kv-staged', { subscriptionId: subscriptions.staging.id }));
const [production, staging, platform] = aCoverage().subscriptions;

const reports: Readonly<Record<string, ScanReport>> = {
  clean: aReport([kept]),
  failed: aReport([kept, failed]),
  staged: aReport([kept, staged]),
  denied: aReport([kept], {
    complete: false,
    unreadable: [denied],
    coverage: aCoverage({
      subscriptions: [production!, { ...staging!, state: 'denied', rows: 0 }, platform!],
    }),
  }),
  lowered: aReport([{ ...kept, severity: 'low' }]),
};

let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-diff-'));
  for (const [name, report] of Object.entries(reports))
    writeFileSync(join(cwd, `${name}.json`), textOf(json, report));
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('the exit code of diff', () => {
  test.for<[string, string, number, string]>([
    ['failed', 'failed', 0, '2 unchanged'],
    ['failed', 'clean', 0, '1 gone and 1 unchanged'],
    ['clean', 'failed', 1, '1 new and 1 unchanged'],
    ['clean', 'lowered', 0, '1 better'],
    ['lowered', 'clean', 1, '1 worse'],
    ['staged', 'denied', 3, '1 finding could not be compared'],
    ['denied', 'staged', 3, '1 finding could not be compared'],
    ['clean', 'denied', 3, 'INCOMPLETE: not everything could be compared.'],
  ])('from %s to %s', async ([older, newer, code, words]) => {
    const outcome = await run(['diff', `${older}.json`, `${newer}.json`], { cwd });
    expect(outcome).toMatchObject({ code, stderr: '' });
    expect(outcome.stdout.trimEnd().split('\n').at(-1)).toContain(words);
    expect(outcome.ending).toContain(`Exit ${code}: `);
  });
});

test('the table names what is new, and the commands that go on from there', async () => {
  const { stdout } = await run(['diff', 'clean.json', 'failed.json'], { cwd });
  expect(stdout).toBe(`clean.json, 2026-11-23 09:00 UTC → failed.json, 2026-11-23 09:00 UTC

New (1)
  high      kv-payments-prod  AKV002 purge-protection  enablePurgeProtection is unset, expected true

Next steps
  See why a rule matters and how to comply:
    purgeproof rules show AKV002
  Plan the fixes, which changes nothing yet:
    purgeproof plan --from failed.json --out plan.json

1 new and 1 unchanged.
`);
});

test('what was not read is not gone, and the reason is named', async () => {
  const { stdout } = await run(['diff', 'staged.json', 'denied.json'], { cwd });
  expect(stdout).not.toContain('Gone');
  expect(stdout).toContain(
    '1 finding of staged.json (kv-staged): nothing is known from denied.json, where subscription Payments Staging was not read in full.',
  );
});

test('where only the parameters differ, a change says what was expected before', async () => {
  const [fact] = kept.evidence;
  const stricter = { ...kept, evidence: [{ ...fact!, expected: 'at least 30' }] };
  writeFileSync(join(cwd, 'stricter.json'), textOf(json, aReport([stricter])));
  const { stdout } = await run(['diff', 'clean.json', 'stricter.json'], { cwd });
  expect(stdout).toContain(
    'softDeleteRetentionInDays is 7, expected at least 30; before, softDeleteRetentionInDays is 7, expected at least 90\n',
  );
});

test('reports in the wrong order are pointed out: what is worse would be gone', async () => {
  const earlier = aReport([kept, failed], {
    startedAt: '2026-11-22T09:00:00.000Z',
    finishedAt: '2026-11-22T09:00:12.000Z',
  });
  writeFileSync(join(cwd, 'earlier.json'), textOf(json, earlier));
  const words = 'earlier.json is of an earlier time than clean.json: the older report is named first.';
  for (const format of ['table', 'markdown']) {
    const said = async (...files: readonly string[]) =>
      (await run(['diff', ...files, '--output', format], { cwd })).stdout.replaceAll('\\', '');
    expect(await said('clean.json', 'earlier.json')).toContain(words);
    expect(await said('earlier.json', 'clean.json')).not.toContain('earlier time');
  }
});

test('another version of the program is pointed out where something is new or gone', async () => {
  const { tool } = reports['clean']!;
  const upgraded = aReport([kept], { tool: { ...tool, version: '9.0.0' } });
  writeFileSync(join(cwd, 'upgraded.json'), textOf(json, upgraded));
  const words = `Judged by purgeproof ${tool.version} and 9.0.0: what is new or gone may be so because a rule has changed.`;
  expect((await run(['diff', 'failed.json', 'upgraded.json'], { cwd })).stdout).toContain(words);
  expect((await run(['diff', 'clean.json', 'upgraded.json'], { cwd })).stdout).not.toContain('9.0.0');
});

test('the JSON is as its schema says', async () => {
  for (const [older, newer] of [
    ['clean', 'failed'],
    ['staged', 'denied'],
    ['lowered', 'failed'],
  ] as const) {
    const { stdout } = await run(['diff', `${older}.json`, `${newer}.json`, '--output', 'json'], { cwd });
    const comparison: unknown = JSON.parse(stdout);
    isComparison(comparison);
    expect(isComparison.errors ?? []).toEqual([]);
  }
});

test('reports of version 1.0 and 1.1 are compared, and states of evidence make no difference', async () => {
  const old = JSON.parse(readFileSync(join(packageRoot, 'test/fixtures/reports/version-1-0.json'), 'utf8'));
  writeFileSync(join(cwd, 'old.json'), JSON.stringify(old));
  const states = old.findings.map(
    (finding: { readonly evidence: readonly { readonly actual: unknown }[] }) => ({
      ...finding,
      evidence: finding.evidence.map((fact) =>
        typeof fact.actual === 'string' ? { ...fact, state: 'unset' } : fact,
      ),
    }),
  );
  const rules = old.rules.map((rule: object) => ({ ...rule, parameters: {} }));
  writeFileSync(
    join(cwd, 'new.json'),
    JSON.stringify({ ...old, schemaVersion: '1.1', findings: states, rules }),
  );
  const { code, stdout } = await run(['diff', 'old.json', 'new.json', '--output', 'json'], { cwd });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { unchanged: 2, updated: 0, new: 0, gone: 0 } });
});

test('a terminal shows the first of many, and how many more', async () => {
  const many = aReport(
    Array.from({ length: 30 }, (_, index) =>
      aFinding('AKV002', aVault(`kv-${String(index).padStart(2, '0')}`)),
    ),
  );
  writeFileSync(join(cwd, 'many.json'), textOf(json, many));
  const argv = ['diff', 'clean.json', 'many.json', '--no-color'];
  const short = await run(argv, { cwd, terminal: 80 });
  expect(short.stdout).toContain('New (30)');
  expect(short.stdout).toContain('… and 10 more');
  expect(short.stdout).toContain('purgeproof diff clean.json many.json --verbose');
  for (const line of short.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  const whole = await run([...argv, '--verbose'], { cwd, terminal: 80 });
  expect(whole.stdout).not.toContain('more\n');
  expect(whole.stdout).toContain('kv-29');
});

describe('a file that is no report', () => {
  test.for<[string, string, RegExp]>([
    ['not there', '', /^error: Cannot read broken\.json: there is no such file/],
    ['empty, as after a command that failed', '\n', /broken\.json:1:1 {2}the file is empty\n/],
    ['cut off', '{\n  "schemaVersion": "1.1",\n', /broken\.json:3:1 {2}/],
    [
      'of another kind',
      '[{"id":"/subscriptions/1/x"}]',
      /^error: broken\.json is an inventory, not a report of a scan\.\n/,
    ],
    ['of which little is left', '{"schemaVersion":"1.1"}', /broken\.json:1:1 {2}"tool" is missing\n/],
    [
      'of a later version',
      textOf(json, aReport([])).replace('"1.1"', '"2.0"'),
      /^error: broken\.json is a report of another version of purgeproof\.\nbroken\.json:2:20 {2}schemaVersion: it is of version 2\.0, and this version of purgeproof reads 1\.0 and 1\.1\n/,
    ],
    [
      'whose findings were taken out',
      textOf(json, { ...reports['failed']!, findings: [] }),
      /broken\.json:\d+:\d+ {2}summary\.nonCompliant: it is 2, and so many "findings" are listed: 0\n/,
    ],
    [
      'to which an exempt finding was added',
      textOf(json, {
        ...reports['failed']!,
        findings: [aFinding('AKV002', aVault('kv-payments-prod'), { compliance: 'exempt' }), kept, failed],
      }),
      /broken\.json:\d+:\d+ {2}summary\.exempt: it is 0, and so many "findings" are listed: 1\n/,
    ],
    [
      'that is called complete in spite of a gap',
      textOf(json, { ...reports['denied']!, complete: true }),
      /broken\.json:9:15 {2}complete: it is true, and "unreadable" is not empty\n/,
    ],
    ['not text', '\u00ff', /broken\.json:1:1 {2}/],
  ])('%s', async ([name, text, message]) => {
    rmSync(join(cwd, 'broken.json'), { force: true });
    if (name !== 'not there') writeFileSync(join(cwd, 'broken.json'), Buffer.from(text, 'latin1'));
    for (const files of [
      ['broken.json', 'clean.json'],
      ['clean.json', 'broken.json'],
    ]) {
      const outcome = await run(['diff', ...files], { cwd });
      expect(outcome).toMatchObject({ code: 2, stdout: '' });
      expect(outcome.stderr).toMatch(message);
    }
  });

  test('a mistake in a finding is shown at its line and column, in the first report or the second', async () => {
    const text = textOf(json, reports['failed']!);
    const lines = text.split('\n');
    const line = lines.findLastIndex(
      (each) => each.includes('"severity": "high"') && each.startsWith('      '),
    );
    lines[line] = '      "severity": "huge",';
    writeFileSync(join(cwd, 'broken.json'), lines.join('\n'));
    for (const files of [
      ['broken.json', 'clean.json'],
      ['clean.json', 'broken.json'],
    ]) {
      const { code, stderr } = await run(['diff', ...files], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain(`broken.json:${line + 1}:19  findings.1.severity: `);
    }
  });
});

test('the comparison never overwrites what it reads', async () => {
  const { code, stderr } = await run(['diff', 'clean.json', 'failed.json', '--output', 'json=failed.json'], {
    cwd,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('failed.json');
  expect(JSON.parse(readFileSync(join(cwd, 'failed.json'), 'utf8'))).toHaveProperty('findings');
});
