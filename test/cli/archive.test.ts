import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulator } from '../../emulator/index.ts';
import reportSchema from '../../schemas/report.schema.json' with { type: 'json' };
import trendSchema from '../../schemas/trend.schema.json' with { type: 'json' };
import { tenantWithObjects } from '../usecases/objects-estate.ts';
import { readReport, run } from './run.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const [isReport, isTrend] = [ajv.compile(reportSchema), ajv.compile(trendSchema)];
const subscription = '/subscriptions/11111111-1111-4111-8111-111111111111';

function vault(name: string, properties: object): object {
  const type = 'Microsoft.KeyVault/vaults';
  const id = `${subscription}/resourceGroups/rg/providers/${type}/${name}`;
  return { id, name, type, location: 'westeurope', properties };
}

let cwd: string;
const good = { enablePurgeProtection: true, softDeleteRetentionInDays: 90, enableRbacAuthorization: true };
const days = [
  [vault('kv-a', {}), vault('kv-b', good)],
  [vault('kv-a', {}), vault('kv-b', {})],
  [vault('kv-a', good), vault('kv-b', {})],
  [vault('kv-a', {}), vault('kv-b', {})],
];
const scan = ['scan', '--rule', 'AKV002', '--archive', 'audit', '--inventory-complete', '--inventory'];

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-archives-'));
  for (const [index, vaults] of days.entries()) {
    writeFileSync(join(cwd, `${index}.json`), JSON.stringify(vaults));
    const now = `2026-11-0${index + 1}T02:00:00Z`;
    await run([...scan, `${index}.json`, '--output', `json=report-${index}.json`], { cwd, now });
  }
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
});

describe('scan --archive', () => {
  test('adds a file, and names it', async () => {
    const before = readdirSync(join(cwd, 'audit')).length;
    expect(before).toBe(5);
    const { code, ending } = await run([...scan.with(4, 'other'), '0.json'], { cwd });
    expect(code).toBe(1);
    expect(ending).toMatch(/^Wrote other\/2026-11-24T12-00-00\.000Z\.[0-9a-f]{64}\.ndjson\.gz\.\n/);
  });

  test('the configuration names it, relative to itself', async () => {
    writeFileSync(join(cwd, 'named.yaml'), 'inventory: 0.json\narchive: from-file\n');
    const { code } = await run(['scan', '--config', 'named.yaml'], { cwd });
    expect(code).toBe(1);
    expect(readdirSync(join(cwd, 'from-file'))).toHaveLength(2);
  });

  test('a folder that holds anything else is refused before the scan', async () => {
    const { code, stdout, stderr } = await run([...scan.with(4, '.'), '0.json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('. is not an archive of scans: it holds ');
  });

  test('a live scan reads every row, and no secret reaches the archive', async () => {
    const { credential, httpClient } = emulator(
      tenantWithObjects({ objects: [{ type: 'secret', name: 'password', value: 'hunter2' }] }),
    );
    const argv = ['scan', '--include', 'objects,deleted,access', '--archive', 'live', '--output', 'json'];
    const { stdout } = await run(argv, { cwd, azure: { credential, httpClient } });
    const scanned = readReport(stdout);
    const file = readdirSync(join(cwd, 'live')).find((name) => name.endsWith('.gz'));
    const text = gunzipSync(readFileSync(join(cwd, 'live', file!))).toString();
    expect(text).toContain('/secrets/password');
    expect(text).not.toContain('hunter2');
    expect(text).not.toMatch(/eyJ[\w-]+\.|Bearer /);
    const again = await run(['rescan', '--archive', 'live', '--output', 'json'], { cwd });
    const report = readReport(again.stdout);
    expect(report).toEqual({ ...scanned, scope: { ...scanned.scope, archive: 'live' } });
    expect(report.rules.flatMap(({ notJudged }) => notJudged ?? [])).toEqual([]);
  });
});

describe('what is no archive', () => {
  test.for([
    ['no where', "Make one:\n  purgeproof scan --archive 'no where'"],
    ['report-0.json', 'Name the folder that scans were archived in, with scan --archive.'],
    ['.', 'Name the folder that scans were archived in, with scan --archive.'],
  ] as const)('%s', async ([folder, hint]) => {
    for (const argv of [
      ['trend', folder],
      ['rescan', '--archive', folder],
    ]) {
      const { code, stderr } = await run(argv, { cwd });
      expect([code, stderr]).toEqual([2, `error: ${folder} is not an archive of scans.\n${hint}\n`]);
    }
  });
});

describe('rescan', () => {
  test('asks Azure nothing, and has no flag that would', async () => {
    const { code, stderr } = await run(['rescan', '--archive', 'audit', '--azure-exemptions'], { cwd });
    expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--azure-exemptions'")]);
    writeFileSync(join(cwd, 'azure.yaml'), 'azureExemptions: true\ninclude: [access]\narchive: elsewhere\n');
    const argv = ['rescan', '--archive', 'audit', '--output', 'json'];
    const [plain, configured] = [
      await run(argv, { cwd }),
      await run([...argv, '--config', 'azure.yaml'], { cwd }),
    ];
    expect(configured).toEqual(plain);
  });

  test('of a day says what the scan of that day said', async () => {
    for (const index of days.keys()) {
      const { stdout, stderr, code } = await run(
        [
          'rescan',
          '--archive',
          'audit',
          '--as-of',
          `2026-11-0${index + 1}`,
          '--rule',
          'AKV002',
          '--output',
          'json',
        ],
        { cwd },
      );
      const then = JSON.parse(readFileSync(join(cwd, `report-${index}.json`), 'utf8'));
      const report = JSON.parse(stdout);
      isReport(report);
      expect(isReport.errors ?? []).toEqual([]);
      expect(report).toEqual({ ...then, scope: { ...then.scope, archive: 'audit' } });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^Facts of 2026-11-0\d 02:00 UTC: audit\/2026-/);
    }
  });

  test('judges a day by other rules, with other parameters, and by the rules of another day', async () => {
    const ids = async (...flags: readonly string[]) => {
      const argv = ['rescan', '--archive', 'audit', '--as-of', '2026-11-01', '--output', 'json', ...flags];
      const report = readReport((await run(argv, { cwd })).stdout);
      return new Set(report.findings.map(({ ruleId }) => ruleId));
    };
    expect([...(await ids('--rule', 'AKV004,AKV002'))].toSorted()).toEqual(['AKV002', 'AKV004']);
    expect([...(await ids('--rules-as-of', '2026-11-03'))]).toEqual(['AKV002']);
    expect(await ids()).toContain('AKV006');
  });

  test('by a rule about what was not kept is incomplete, as a scan of a row that is cut short is', async () => {
    const type = 'Microsoft.Storage/storageAccounts';
    const id = `${subscription}/resourceGroups/rg/providers/${type}/st`;
    const account = { ...vault('st', { allowBlobPublicAccess: true }), id, type };
    const rows = [vault('kv-a', good), account];
    writeFileSync(join(cwd, 'mixed.json'), JSON.stringify(rows));
    writeFileSync(join(cwd, 'cut.json'), JSON.stringify([rows[0], { ...account, properties: 'cut' }]));
    writeFileSync(
      join(cwd, 'blobs.yaml'),
      `id: ORG001
name: public-blobs
title: Blobs are not public
description: Anybody could read them.
severity: high
resourceType: ${type}
require: { field: properties.allowBlobPublicAccess, equals: false }
`,
    );
    const rules = ['--policies', 'blobs.yaml', '--rule', 'ORG001,AKV002'];
    expect((await run(['scan', ...rules, '--inventory', 'mixed.json'], { cwd })).code).toBe(1);
    await run([...scan.with(4, 'mixed'), 'mixed.json'], { cwd });
    for (const from of [
      ['rescan', '--archive', 'mixed'],
      ['scan', '--inventory', 'cut.json'],
    ]) {
      const { code, stdout } = await run([...from, ...rules, '--output', 'json'], { cwd });
      expect(code).toBe(3);
      expect(readReport(stdout)).toMatchObject({
        complete: false,
        summary: { compliant: 1, nonCompliant: 0, unknown: 1 },
        unreadable: [{ kind: 'resource', reason: 'It could not be judged by ORG001.' }],
      });
    }
  });

  test('has the table, names the archive in it, and offers no plan', async () => {
    const { stdout } = await run(['rescan', '--archive', 'audit'], { cwd, terminal: 80 });
    expect(stdout).toContain('audit');
    expect(stdout).not.toContain('purgeproof plan');
  });

  test.for([
    ['2026-02-31', 'It must be a day'],
    ['yesterday', 'It must be a day'],
    ['2026-11-01T12:00', 'It must be a day'],
    ['2025-01-01', 'holds no scan from 2025-01-01T23:59:59.999Z or earlier'],
  ])('--as-of %s is refused', async ([asOf, words]) => {
    const { code, stderr } = await run(['rescan', '--archive', 'audit', '--as-of', asOf!], { cwd });
    expect(code).toBe(2);
    expect(stderr.replaceAll('\n', ' ')).toContain(words);
  });

  test('rules of another day exclude rules of one’s own', async () => {
    const argv = ['rescan', '--archive', 'audit', '--rules-as-of', '2026-11-01', '--rule', 'AKV001'];
    const { code, stderr } = await run(argv, { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("cannot be used with option '--rule");
  });
});

describe('trend', () => {
  test('is a valid document', async () => {
    const { stdout, code } = await run(['trend', 'audit', '--output', 'json'], { cwd });
    const trend = JSON.parse(stdout);
    isTrend(trend);
    expect(isTrend.errors ?? []).toEqual([]);
    expect(code).toBe(0);
    expect(trend.points.map(({ open }: { readonly open: { readonly high: number } }) => open.high)).toEqual([
      1, 2, 1, 2,
    ]);
    expect(trend).toMatchObject({
      complete: true,
      repairs: { count: 1, meanMs: 2 * 86_400_000 },
      reappeared: [{ resource: { name: 'kv-a' }, times: 1, since: '2026-11-04T02:00:00.000Z' }],
      oldestOpen: [{ resource: { name: 'kv-b' } }, { resource: { name: 'kv-a' } }],
    });
  });

  test.for([80, 100])('fits %i columns', async (terminal) => {
    const { stdout } = await run(['trend', 'audit', '--no-color'], { cwd, terminal });
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(terminal);
    expect(stdout).toContain('2 open findings: 2 high; 1 more than on 2026-11-01.');
    await expect(stdout).toMatchFileSnapshot(`golden/trend-${terminal}.txt`);
  });

  test('as Markdown', async () => {
    const { stdout } = await run(['trend', 'audit', '--output', 'markdown'], { cwd });
    await expect(stdout).toMatchFileSnapshot('golden/trend.md');
  });

  test('says which rules were not judged with the same parameters every time', async () => {
    const words =
      'Not judged with the same parameters every time: AKV003. What opened or was repaired by them may be so for that alone.';
    const outcomes = [];
    for (const days of [90, 7])
      outcomes.push(
        await run(
          [
            ...scan.with(4, 'tuned'),
            '0.json',
            '--rule',
            'AKV003',
            '--param',
            `minimumRetentionDays=${days}`,
            '--output',
            'html',
          ],
          { cwd, now: `2026-11-0${days === 90 ? 1 : 2}T02:00:00Z` },
        ),
      );
    expect(outcomes.map(({ stdout }) => stdout.includes(words))).toEqual([false, true]);
    for (const format of ['table', 'markdown'])
      expect((await run(['trend', 'tuned', '--output', format], { cwd })).stdout).toContain(words);
    const trend = JSON.parse((await run(['trend', 'tuned', '--output', 'json'], { cwd })).stdout);
    isTrend(trend);
    expect(isTrend.errors ?? []).toEqual([]);
    expect(trend.points).toMatchObject([{}, { judgedOtherwise: ['AKV003'] }]);
  });

  test('names what is damaged, leaves it out, and exits 3', async () => {
    for (const index of [0, 1])
      await run([...scan.with(4, 'damaged'), `${index}.json`], {
        cwd,
        now: `2026-11-0${index + 1}T02:00:00Z`,
      });
    const first = readdirSync(join(cwd, 'damaged')).find((name) => name.startsWith('2026-11-01')) ?? '';
    truncateSync(join(cwd, 'damaged', first), statSync(join(cwd, 'damaged', first)).size - 1);
    const { code, stdout } = await run(['trend', 'damaged', '--output', 'json'], { cwd });
    expect(code).toBe(3);
    const trend = JSON.parse(stdout);
    expect(trend).toMatchObject({ complete: false });
    expect(trend.unreadable.map(({ file }: { readonly file: string }) => file)).toContain(first);
    const rescan = await run(['rescan', '--archive', 'damaged', '--as-of', '2026-11-01'], { cwd });
    expect(rescan).toMatchObject({ code: 2, stdout: '' });
    expect(rescan.stderr).toContain(`damaged/${first} is damaged: `);
  });

  test('exits 3 while the last scan is incomplete, and not for one before it', async () => {
    const archived = async (index: number, file: string) =>
      run([...scan.with(4, 'late'), file], { cwd, now: `2026-11-0${index}T02:00:00Z` });
    const trendOf = async () => {
      const { code, stdout } = await run(['trend', 'late', '--output', 'json'], { cwd });
      return { code, complete: JSON.parse(stdout).complete };
    };
    writeFileSync(join(cwd, 'cut-short.json'), JSON.stringify([{ ...vault('kv-a', {}), properties: 'cut' }]));
    await archived(1, '0.json');
    expect(await trendOf()).toEqual({ code: 0, complete: true });
    expect((await archived(2, 'cut-short.json')).code).toBe(3);
    expect(await trendOf()).toEqual({ code: 3, complete: false });
    await archived(3, '1.json');
    expect(await trendOf()).toEqual({ code: 0, complete: true });
  });

  test('names a scan that was renamed by hand, and a rescan does not take another one for it', async () => {
    cpSync(join(cwd, 'audit'), join(cwd, 'renamed'), { recursive: true });
    const names = readdirSync(join(cwd, 'renamed')).toSorted();
    const second = names.find((name) => name.startsWith('2026-11-02')) ?? '';
    renameSync(join(cwd, 'renamed', second), join(cwd, 'renamed/second scan.gz'));
    const { code, stdout } = await run(['trend', 'renamed', '--output', 'json'], { cwd });
    expect(code).toBe(3);
    const [told] = JSON.parse(stdout).unreadable;
    expect(told).toEqual({
      file: 'second scan.gz',
      reason:
        'renamed/second scan.gz was renamed: it holds the scan of 2026-11-02T02:00:00.000Z, and its name says otherwise.',
    });
    const rescan = async (day: number) =>
      run(['rescan', '--archive', 'renamed', '--as-of', `2026-11-0${day}`, '--rule', 'AKV002'], { cwd });
    const refused = await rescan(2);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(`Give it its name again: ${second}`);
    expect((await rescan(1)).code).toBe(1);
  });

  test('of a folder that is no archive, or holds no scan, is refused', async () => {
    expect(await run(['trend', 'nowhere'], { cwd })).toMatchObject({ code: 2, stdout: '' });
  });
});
