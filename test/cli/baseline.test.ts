import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import schema from '../../schemas/report.schema.json' with { type: 'json' };
import { run } from './run.ts';

const isReport = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
const subscription = '/subscriptions/11111111-1111-4111-8111-111111111111';

function vault(name: string, properties: object): object {
  const type = 'Microsoft.KeyVault/vaults';
  const id = `${subscription}/resourceGroups/rg/providers/${type}/${name}`;
  return { id, name, type, location: 'westeurope', properties };
}

let cwd: string;
const scan = ['scan', '--rule', 'AKV002,AKV003', '--inventory-complete', '--inventory'];

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-baseline-'));
  const put = (name: string, ...vaults: readonly object[]): void =>
    writeFileSync(join(cwd, name), JSON.stringify(vaults));
  const good = { enablePurgeProtection: true };
  put('before.json', vault('kv-known', {}), vault('kv-fixed', {}), vault('kv-good', good));
  put('after.json', vault('kv-known', {}), vault('kv-fixed', good), vault('kv-good', {}));
  put('same.json', vault('kv-known', {}), vault('kv-fixed', good), vault('kv-good', good));
  await run([...scan, 'before.json', '--output', 'json=base.json'], { cwd });
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('scan --baseline', () => {
  test('the table says what is new and what is gone', async () => {
    const { code, stdout } = await run([...scan, 'after.json', '--baseline', 'base.json'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^kv-good .*\n {2}high +AKV002 purge-protection +new · enablePurgeProtection/m);
    expect(stdout).toMatch(/^kv-known .*\n {2}high +AKV002 purge-protection +enablePurgeProtection/m);
    expect(stdout).toContain('Gone since the baseline (1)\n  AKV002 purge-protection on kv-fixed\n');
    expect(stdout).toContain('Baseline    Since base.json of 2026-11-24: 1 new, 1 gone and 1 unchanged.');
  });

  test('every format says which rules were judged with other parameters', async () => {
    const flags = ['--baseline', 'base.json', '--param', 'minimumRetentionDays=7', '--output'];
    const words =
      'Judged with other parameters than before: AKV003. What is new or gone by them may be so for that alone.';
    for (const format of ['table', 'markdown', 'html', 'junit', 'sarif-full']) {
      const { stdout } = await run([...scan, 'same.json', ...flags, format], { cwd });
      expect(stdout).toContain(words);
    }
    const { stdout } = await run([...scan, 'same.json', ...flags, 'json'], { cwd });
    const report: unknown = JSON.parse(stdout);
    isReport(report);
    expect(isReport.errors ?? []).toEqual([]);
    expect(report).toMatchObject({ baseline: { judgedOtherwise: ['AKV003'] } });
  });

  test('the JSON report is valid, and says of each finding what became of it', async () => {
    const { stdout } = await run([...scan, 'after.json', '--baseline', 'base.json', '--output', 'json'], {
      cwd,
    });
    const report = JSON.parse(stdout);
    isReport(report);
    expect(isReport.errors ?? []).toEqual([]);
    const states = report.findings.map(
      (finding: { readonly baselineState: string }) => finding.baselineState,
    );
    expect(states).toEqual(['new', 'unchanged']);
    expect(report.baseline).toMatchObject({
      file: 'base.json',
      complete: true,
      summary: { new: 1, worse: 0, updated: 0, unchanged: 1, gone: 1, notCompared: 0 },
      gone: [{ ruleId: 'AKV002', resource: { name: 'kv-fixed' } }],
    });
  });

  test('the report of such a scan is a baseline and a side of a comparison itself', async () => {
    await run([...scan, 'after.json', '--baseline', 'base.json', '--output', 'json=next.json'], { cwd });
    const again = await run([...scan, 'after.json', '--baseline', 'next.json', '--fail-on-new'], { cwd });
    expect(again.code).toBe(0);
    expect((await run(['diff', 'next.json', 'next.json'], { cwd })).code).toBe(0);
    expect((await run(['diff', 'base.json', 'next.json'], { cwd })).code).toBe(1);
  });

  test('sarif-full has a baseline state on every result, and what is gone is absent', async () => {
    const { stdout } = await run(
      [...scan, 'after.json', '--baseline', 'base.json', '--output', 'sarif-full'],
      {
        cwd,
      },
    );
    const log: Log = JSON.parse(stdout);
    const states = log.runs[0]!.results!.map(({ baselineState, locations }) => [
      locations?.[0]?.logicalLocations?.[0]?.name,
      baselineState,
    ]);
    expect(states).toEqual([
      ['kv-good', 'new'],
      ['kv-known', 'unchanged'],
      ['kv-fixed', 'absent'],
    ]);
    const plain = await run([...scan, 'after.json', '--baseline', 'base.json', '--output', 'sarif'], { cwd });
    expect(plain.stdout).not.toContain('baselineState');
  });

  test('what is not in scope now is not gone', async () => {
    const { stdout } = await run(
      ['scan', '--rule', 'AKV003', '--inventory', 'after.json', '--baseline', 'base.json'],
      { cwd },
    );
    expect(stdout).not.toContain('Gone');
    expect(stdout).toContain('2 findings of it are not known to be gone: AKV002 was not judged.');
  });
});

describe('what an inventory leaves out', () => {
  const part = ['scan', '--rule', 'AKV002', '--inventory'];

  test('is not gone where the inventory may be of a part', async () => {
    const { stdout } = await run([...part, 'same.json', '--baseline', 'base.json'], { cwd });
    expect(stdout).not.toContain('Gone');
    expect(stdout).toMatch(
      /1 finding of it is not known to be gone: the\s+inventory same\.json may have left the\s+resource out/,
    );
    await run([...part, 'before.json', '--output', 'json=first.json'], { cwd });
    await run([...part, 'same.json', '--output', 'json=second.json'], { cwd });
    for (const [argv, code] of [
      [['first.json', 'second.json'], 3],
      [['second.json', 'first.json'], 3],
      [['first.json', 'second.json', '--inventory-complete'], 0],
      [['second.json', 'first.json', '--inventory-complete'], 1],
    ] as const)
      expect([argv, (await run(['diff', ...argv], { cwd })).code]).toEqual([argv, code]);
  });

  test('may have become worse: a comparison is incomplete though neither report has a finding', async () => {
    const [one, two] = ['kv-one', 'kv-two'].map((name) => vault(name, { enablePurgeProtection: true }));
    writeFileSync(join(cwd, 'clean.json'), JSON.stringify([one, two]));
    writeFileSync(join(cwd, 'less.json'), JSON.stringify([one]));
    await run([...part, 'clean.json', '--output', 'json=all.json'], { cwd });
    await run([...part, 'less.json', '--output', 'json=part.json'], { cwd });
    const { code, stdout } = await run(['diff', 'all.json', 'part.json'], { cwd });
    expect(code).toBe(3);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'part.json may not cover all that all.json does: its inventory less.json may be of a part',
    );
    expect((await run(['diff', 'all.json', 'part.json', '--inventory-complete'], { cwd })).code).toBe(0);
  });

  test('is gone from a later inventory of the same name, and never from standard input', async () => {
    const file = join(cwd, 'nightly.json');
    const scanNightly = async (from: string, to: string, name = 'nightly.json'): Promise<void> => {
      const text = readFileSync(join(cwd, from), 'utf8');
      writeFileSync(file, text);
      await run([...part, name, '--output', `json=${to}`], { cwd, stdin: text });
    };
    await scanNightly('before.json', 'one.json');
    await scanNightly('same.json', 'two.json');
    const { code, stdout } = await run(['diff', 'one.json', 'two.json'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain('two.json is about the inventory nightly.json');
    await scanNightly('before.json', 'one.json', '-');
    await scanNightly('same.json', 'two.json', '-');
    expect((await run(['diff', 'one.json', 'two.json'], { cwd })).code).toBe(3);
  });
});

describe('--fail-on-new', () => {
  test.for<[string, number, RegExp]>([
    ['after.json', 1, /^Exit 1: 1 new or worse finding at or above low, and 1 known or below\.$/m],
    ['same.json', 0, /^Exit 0: no new or worse finding at or above low, only 1 known or below\.$/m],
  ])('%s', async ([inventory, code, reason]) => {
    const outcome = await run([...scan, inventory, '--baseline', 'base.json', '--fail-on-new'], { cwd });
    expect(outcome.code).toBe(code);
    expect(outcome.ending).toMatch(reason);
  });

  test('without a baseline it is refused', async () => {
    const { code, stderr } = await run([...scan, 'after.json', '--fail-on-new'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toBe(
      'error: --fail-on-new needs a baseline.\nName the report of an earlier scan: --baseline FILE\n',
    );
  });

  test('a configuration names the baseline, from its own folder', async () => {
    writeFileSync(join(cwd, 'purgeproof.yaml'), 'baseline: base.json\nfailOnNew: true\n');
    const outcome = await run([...scan, 'same.json'], { cwd });
    rmSync(join(cwd, 'purgeproof.yaml'));
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toContain('Since base.json of');
  });
});

describe('a baseline that cannot be used', () => {
  test('is not there', async () => {
    const { code, stderr } = await run([...scan, 'after.json', '--baseline', 'nowhere.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('--baseline nowhere.json');
  });

  test('is of another kind', async () => {
    const { code, stderr } = await run([...scan, 'after.json', '--baseline', 'before.json'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('before.json is an inventory, not a report of a scan.');
  });

  test('would be overwritten', async () => {
    const before = readFileSync(join(cwd, 'base.json'), 'utf8');
    const argv = [...scan, 'after.json', '--baseline', 'base.json', '--output', 'json=base.json'];
    expect((await run(argv, { cwd })).code).toBe(2);
    expect(readFileSync(join(cwd, 'base.json'), 'utf8')).toBe(before);
  });
});
