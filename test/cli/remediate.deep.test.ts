import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, type Emulator, guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import type { Json } from '../../src/model/json.ts';
import { readReport, run, type Outcome, type Setting } from './run.ts';

let cwd: string;
let azure: Emulator;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'purgeproof-remediate-'));
  azure = emulator(tenant(), { quota: 'unlimited' });
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function tenant(): Tenant {
  const vault = (name: string, properties: Readonly<Record<string, Json | undefined>>) =>
    vaultBody(
      { subscriptionId: guidOf('one'), resourceGroup: 'rg', name, location: 'westeurope' },
      { properties },
    );
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [],
    subscriptions: [{ id: guidOf('one'), name: 'one' }],
    resources: [
      vault('kv-open', {
        enableSoftDelete: true,
        enablePurgeProtection: undefined,
        softDeleteRetentionInDays: 7,
      }),
      vault('kv-safe', {
        enableSoftDelete: true,
        enablePurgeProtection: true,
        softDeleteRetentionInDays: 90,
      }),
    ],
  };
}

const rules = ['AKV001', 'AKV002', 'AKV003'].flatMap((id) => ['--rule', id]);

function purgeproof(argv: readonly string[], setting: Setting = {}): Promise<Outcome> {
  const { credential, httpClient } = azure;
  return run(argv, { cwd, azure: { credential, httpClient }, ...setting });
}

const planned = () => purgeproof(['plan', ...rules, '--out', 'plan.json']);
const writes = () => azure.requests.filter(({ method }) => !['GET', 'POST'].includes(method));

describe('plan, then apply', () => {
  test('fixes what can be fixed, and nothing else', async () => {
    expect(await planned()).toMatchObject({ code: 1, stderr: '' });
    const applied = await purgeproof(['apply', 'plan.json', '--yes', '--allow', 'irreversible']);
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    expect(applied.stdout).toContain('1 verified');
    expect(writes().map(({ method, body }) => ({ method, body }))).toEqual([
      { method: 'PATCH', body: { properties: { enablePurgeProtection: true } } },
    ]);
    const after = await purgeproof(['scan', ...rules, '--output', 'json']);
    expect(readReport(after.stdout).findings.map(({ ruleId }) => ruleId)).toEqual(['AKV003']);
    const again = await purgeproof(['plan', ...rules, '--output', 'json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ steps: [], manual: [{ rule: { id: 'AKV003' } }] });
  });

  test('from a report, as from a scan', async () => {
    await purgeproof(['scan', ...rules, '--output', 'json=report.json']);
    const { code, stdout } = await purgeproof([
      'plan',
      ...rules,
      '--from',
      'report.json',
      '--output',
      'json',
    ]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ steps: [{ vault: { name: 'kv-open' } }] });
  });

  test('nothing to do is 0', async () => {
    const { code, stdout } = await purgeproof(['plan', '--rule', 'AKV001', '--out', 'plan.json']);
    expect({ code, wrote: readFileSync(join(cwd, 'plan.json'), 'utf8') !== '' }).toEqual({
      code: 0,
      wrote: true,
    });
    expect(stdout).toContain('nothing to do');
    expect(await purgeproof(['apply', 'plan.json', '--yes'])).toMatchObject({ code: 0 });
  });

  test('what was verified is not sent again', async () => {
    await planned();
    const apply = ['apply', 'plan.json', '--yes', '--allow', 'irreversible'];
    await purgeproof(apply);
    expect(await purgeproof(apply)).toMatchObject({ code: 0 });
    expect(writes()).toHaveLength(1);
    const { stdout } = await purgeproof(['journal', 'show', 'plan.journal.ndjson']);
    expect(stdout).toContain('kv-open');
  });

  test('a person who says yes is enough, one who says no sends nothing', async () => {
    await planned();
    const apply = ['apply', 'plan.json', '--allow', 'irreversible'];
    const no = await purgeproof(apply, { answer: false });
    expect(no.code).toBe(2);
    expect(no.stderr).toContain('can never be undone');
    expect(writes()).toEqual([]);
    expect(await purgeproof(apply, { answer: true })).toMatchObject({ code: 0 });
  });
});

describe('apply refuses, and sends nothing', () => {
  const edit = (change: (plan: string) => string): void => {
    const file = join(cwd, 'plan.json');
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };
  const apply = ['apply', 'plan.json', '--yes', '--allow', 'irreversible'];

  test.for<[string, readonly string[], Setting, string]>([
    ['without --allow', ['apply', 'plan.json', '--yes'], {}, '--allow irreversible'],
    ['without --yes and without a terminal to ask on', apply.filter((each) => each !== '--yes'), {}, '--yes'],
    ['more steps than --max-changes', [...apply, '--max-changes', '0'], {}, '--max-changes'],
    ['an expired plan', apply, { now: '2026-11-26T12:00:00Z' }, 'expired'],
    ['a journal in a folder that is missing', [...apply, '--journal', 'no/where.ndjson'], {}, 'journal'],
    ['a journal on a full device', [...apply, '--journal', '/dev/full'], {}, 'journal'],
    ['a step that is not in the plan', [...apply, '--only', 'kv-other'], {}, 'kv-other'],
  ])('%s', async ([, argv, setting, words]) => {
    await planned();
    const { code, stdout, stderr } = await purgeproof(argv, setting);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(writes()).toEqual([]);
  });

  test('a journal that is the plan itself, or a report', async () => {
    await planned();
    const plan = readFileSync(join(cwd, 'plan.json'), 'utf8');
    for (const argv of [
      ['--journal', './plan.json'],
      ['--journal', 'j', '--output', 'json=j'],
    ])
      expect(await purgeproof([...apply, ...argv])).toMatchObject({ code: 2 });
    expect(readFileSync(join(cwd, 'plan.json'), 'utf8')).toBe(plan);
    expect(writes()).toEqual([]);
  });

  test.for<[string, (plan: string) => string, string]>([
    ['an edited plan', (plan) => plan.replace('kv-open', 'kv-safe'), 'edited'],
    ['a plan that was cut off', (plan) => plan.slice(0, 200), 'plan.json'],
    ['something else', () => '{"steps":[]}', 'plan.json'],
  ])('%s', async ([, change, words]) => {
    await planned();
    edit(change);
    const { code, stderr } = await purgeproof(apply);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(writes()).toEqual([]);
  });

  test('a plan of another tenant', async () => {
    await planned();
    azure = emulator({ ...tenant(), tenantId: guidOf('elsewhere') }, { quota: 'unlimited' });
    const { code, stderr } = await purgeproof(apply);
    expect(code).toBe(2);
    expect(stderr).toContain('tenant');
    expect(writes()).toEqual([]);
  });

  test('a journal that was damaged', async () => {
    await planned();
    await purgeproof(apply);
    const file = join(cwd, 'plan.journal.ndjson');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], 'damaged', ...lines.slice(2)].join('\n'));
    const sent = writes().length;
    expect(await purgeproof(apply)).toMatchObject({ code: 2 });
    expect(writes()).toHaveLength(sent);
  });
});

describe('once something was sent, apply never says that it was refused', () => {
  const apply = ['apply', 'plan.json', '--yes', '--allow', 'irreversible'];

  test('a report that cannot be written is refused before', async () => {
    await planned();
    writeFileSync(join(cwd, 'file'), '');
    for (const place of ['file/results.json', '.']) {
      const { code, stderr } = await purgeproof([...apply, '--output', `json=${place}`]);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Cannot write') });
    }
    expect(writes()).toEqual([]);
  });

  test('a report whose place gives way meanwhile is shown instead', async () => {
    await planned();
    const run = (): void => mkdirSync(join(cwd, 'results.json'));
    azure.inject({ kind: 'hook', run, match: { method: 'PATCH' } });
    const { code, stdout, stderr } = await purgeproof([...apply, '--output', 'json=results.json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ summary: { verified: 1 } });
    expect(stderr).toContain('Cannot write results.json');
  });

  test('a bug of ours is shown beside the results', async () => {
    await planned();
    const httpClient: typeof azure.httpClient = {
      sendRequest: async (request) => {
        if (request.method === 'GET' && writes().length > 0) throw new SyntaxError('boom');
        return azure.httpClient.sendRequest(request);
      },
    };
    const { credential } = azure;
    const { code, stdout, stderr } = await purgeproof(apply, { azure: { credential, httpClient } });
    expect(code).toBe(3);
    expect(stdout).toContain('1 failed');
    expect(stderr).toContain('SyntaxError: boom');
  });
});

test('journal show reports a truncated line, and refuses a file that is not a journal', async () => {
  await planned();
  await purgeproof(['apply', 'plan.json', '--yes', '--allow', 'irreversible']);
  const show = ['journal', 'show', 'plan.journal.ndjson'];
  expect((await purgeproof(show)).stdout).not.toContain('cut off');
  const file = join(cwd, 'plan.journal.ndjson');
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
  const cut = await purgeproof(show);
  expect(cut).toMatchObject({ code: 0, stdout: expect.stringContaining('The last line was cut off') });
  for (const text of ['', '{"seq":1', 'hello\n']) {
    writeFileSync(file, text);
    expect(await purgeproof(show)).toMatchObject({ code: 2, stdout: '' });
  }
});

test('a vault that changed since the plan is left alone and reported', async () => {
  await planned();
  const { resources } = azure.tenant;
  if (typeof resources === 'function') throw new Error('the tenant has a list of resources');
  const [open] = resources;
  resources[0] = JSON.parse(
    JSON.stringify(open).replace('"softDeleteRetentionInDays":7', '"softDeleteRetentionInDays":8'),
  );
  const { code, stdout } = await purgeproof(['apply', 'plan.json', '--yes', '--allow', 'irreversible']);
  expect(code).toBe(1);
  expect(stdout).toContain('drifted');
  expect(writes()).toEqual([]);
});

test('a plan needs a report of purgeproof, and rules that it knows', async () => {
  writeFileSync(join(cwd, 'report.json'), '{"findings":[]}');
  const { code, stderr } = await purgeproof(['plan', '--from', 'report.json']);
  expect(code).toBe(2);
  expect(stderr).toContain('is not a JSON report of purgeproof');
  await purgeproof(['scan', ...rules, '--output', 'json=report.json']);
  const foreign = readFileSync(join(cwd, 'report.json'), 'utf8').replaceAll('"AKV002"', '"ORG002"');
  writeFileSync(join(cwd, 'report.json'), foreign);
  expect((await purgeproof(['plan', '--from', 'report.json'])).stderr).toContain(
    'ORG002, which is not loaded',
  );
});

describe('a plan from a report that names a gap', () => {
  const unreadable = [{ scope: '/subscriptions/x', kind: 'subscription', reason: 'No answer.', hint: '' }];
  const planFrom = async (change: object) => {
    await purgeproof(['scan', ...rules, '--output', 'json=report.json']);
    const report = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'));
    writeFileSync(join(cwd, 'report.json'), JSON.stringify({ ...report, unreadable, ...change }));
    return purgeproof(['plan', ...rules, '--from', 'report.json']);
  };

  test('is incomplete', async () => {
    const { code, stdout } = await planFrom({ complete: false });
    expect([code, stdout]).toEqual([3, expect.stringContaining('INCOMPLETE')]);
  });

  test.for<[object, string]>([
    [{ complete: true }, 'complete: it is true, and "unreadable" is not empty'],
    [
      { complete: false, findings: [] },
      'summary.nonCompliant: it is 2, and so many "findings" are listed: 0',
    ],
  ])('is refused where the report contradicts itself: %j', async ([change, words]) => {
    const { code, stdout, stderr } = await planFrom(change);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });
});

test('a change that can never be undone must be allowed, whatever risk its rule states', async () => {
  const rule = {
    id: 'ORG001',
    name: 'safe-they-say',
    title: 'Purge protection is on',
    severity: 'high',
    resourceType: 'Microsoft.KeyVault/vaults',
    description: 'A rule that plays its fix down.',
    require: { field: 'properties.enablePurgeProtection', equals: true },
    remediation: { risk: 'safe', patch: { properties: { enablePurgeProtection: true } } },
  };
  writeFileSync(join(cwd, 'rule.json'), JSON.stringify(rule));
  const own = ['--no-default-policies', '--policies', 'rule.json'];
  expect(await purgeproof(['plan', ...own, '--out', 'plan.json'])).toMatchObject({ code: 1 });
  expect(await purgeproof(['apply', 'plan.json', '--yes'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--allow irreversible'),
  });
  expect(writes()).toEqual([]);
});

test.for(['--subscription', '--management-group'])('a report is not narrowed by %s', async (flag) => {
  await purgeproof(['scan', ...rules, '--output', 'json=report.json']);
  expect(await purgeproof(['plan', ...rules, '--from', 'report.json', flag, 'one'])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('cannot be limited'),
  });
});

test('a report says nothing of a rule that it was made without', async () => {
  await purgeproof(['scan', '--rule', 'AKV001', '--output', 'json=report.json']);
  expect(await purgeproof(['plan', '--from', 'report.json', '--rule', 'AKV002'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('report.json was made without the rule AKV002'),
  });
});

test('an exemption for a management group counts in a plan from a report that was made without it', async () => {
  const groups = [{ id: 'mg-lab', displayName: 'Lab' }];
  const subscriptions = [{ id: guidOf('one'), name: 'one', managementGroup: 'mg-lab' }];
  azure = emulator({ ...tenant(), managementGroups: groups, subscriptions }, { quota: 'unlimited' });
  await purgeproof(['scan', '--rule', 'AKV002', '--output', 'json=report.json']);
  const from = ['plan', '--rule', 'AKV002', '--from', 'report.json'];
  expect(await purgeproof(from)).toMatchObject({ code: 1 });
  const scope = { managementGroup: 'MG-Lab' };
  const exemption = { rule: 'AKV002', scope, category: 'waiver', reason: 'a lab', expiresOn: '2027-01-01' };
  writeFileSync(join(cwd, 'exemptions.yaml'), JSON.stringify({ exemptions: [exemption] }));
  const exempt = [...from, '--exemptions', 'exemptions.yaml'];
  expect(await purgeproof(exempt)).toMatchObject({ code: 0, stdout: 'There is nothing to do.\n' });
  Object.assign(azure.tenant.subscriptions[0] ?? {}, {
    access: 'resourceGroups',
    readableResourceGroups: ['rg'],
  });
  const { code, stdout } = await purgeproof(exempt);
  expect(code).toBe(3);
  expect(stdout).toMatch(
    /^\? not planned: vault kv-open .*\n\nINCOMPLETE: not everything could be read\.\n$/,
  );
});

describe('a report that was made with other parameters than the plan is refused', () => {
  const days = (value: number) => ['--param', `minimumRetentionDays=${value}`];
  const from = ['plan', ...rules, '--from', 'report.json'];
  test.for<[string, readonly string[], readonly string[], RegExp]>([
    [
      'and only the report has some',
      days(30),
      [],
      /report: judged with minimumRetentionDays = 30\. .* the defaults/,
    ],
    [
      'and only the plan has some',
      [],
      days(30),
      /report: judged with the defaults\. .* minimumRetentionDays = 30/,
    ],
    [
      'and they are at odds',
      days(30),
      days(60),
      /minimumRetentionDays = 30\. .* minimumRetentionDays = 60\./,
    ],
    ['and nothing was found', days(7), days(60), /AKV003/],
  ])('%s', async ([, scanned, planned, words]) => {
    await purgeproof(['scan', ...rules, ...scanned, '--output', 'json=report.json']);
    const { code, stdout, stderr } = await purgeproof([...from, ...planned]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(words);
  });

  test.for([
    { scanned: days(30), planned: days(30), manual: 1 },
    { scanned: days(90), planned: [], manual: 1 },
    { scanned: days(7), planned: days(7), manual: 0 },
  ])('but not with the same: %o', async ({ scanned, planned, manual }) => {
    await purgeproof(['scan', ...rules, ...scanned, '--output', 'json=report.json']);
    const { code, stdout } = await purgeproof([...from, ...planned, '--output', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).manual).toHaveLength(manual);
  });
});

describe('a plan is made from a report of version 1.0', () => {
  const from = ['plan', ...rules, '--from', 'report.json', '--output', 'json'];
  beforeEach(() =>
    copyFileSync(new URL('../fixtures/reports/version-1-0.json', import.meta.url), join(cwd, 'report.json')),
  );

  test('with the parameters that it was judged with', async () => {
    const { code, stdout } = await purgeproof([...from, '--param', 'minimumRetentionDays=30']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ steps: [{}], manual: [{ rule: { id: 'AKV003' } }] });
  });

  test('and not with others', async () => {
    expect(await purgeproof(from)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/report: judged with minimumRetentionDays = 30\. .* the defaults/),
    });
  });
});

test('a plan that could not look at a vault does not say that there is nothing to do', async () => {
  await purgeproof(['scan', ...rules, '--output', 'json=report.json']);
  const report = readFileSync(join(cwd, 'report.json'), 'utf8').replaceAll('kv-open', 'kv-moved');
  writeFileSync(join(cwd, 'report.json'), report);
  const { code, stdout } = await purgeproof(['plan', ...rules, '--from', 'report.json']);
  expect(code).toBe(3);
  expect(stdout).toContain('INCOMPLETE');
  expect(stdout).toContain('no longer there (deleted or moved)');
  expect(stdout).not.toContain('nothing to do');
});

describe('a plan says how it is applied', () => {
  test.for<[string, readonly string[], string]>([
    ['by its file', ['--out', 'plan.json'], '  purgeproof apply plan.json --allow irreversible\n'],
    [
      'in another folder',
      ['--out', 'a b/plan.json'],
      "  purgeproof apply 'a b/plan.json' --allow irreversible\n",
    ],
    ['with a quote in it', ['--out', "o'neil.json"], String.raw`  purgeproof apply 'o'\''neil.json' --allow`],
    ['that looks like a flag', ['--out=-p.json'], '  purgeproof apply ./-p.json --allow irreversible\n'],
    [
      'that --output wrote',
      ['--output', 'json=p.json', '--output', 'text'],
      '  purgeproof apply p.json --allow',
    ],
    [
      'of which there is none',
      ['--quiet', '--output', 'text'],
      `write it to a file:\n  purgeproof plan ${rules.join(' ')} --out plan.json\n`,
    ],
  ])('%s', async ([, flags, words]) => {
    const { stdout } = await purgeproof(['plan', ...rules, ...flags]);
    expect(stdout).toContain(words);
  });

  test('and in Markdown', async () => {
    const { stdout } = await purgeproof(['plan', ...rules, '--out', 'my plan.json', '--output', 'markdown']);
    expect(stdout).toContain(
      "Apply it with <code>purgeproof apply 'my plan.json' --allow irreversible</code>.",
    );
    expect((await purgeproof(['plan', ...rules, '--output', 'markdown'])).stdout).not.toContain(
      'purgeproof apply',
    );
  });

  test('which a shell takes for what it is', async () => {
    const file = 'it\'s; echo $HOME `id` \\ "x".json';
    const { stdout } = await purgeproof(['plan', ...rules, '--out', file]);
    const command = /^ {2}purgeproof apply (.*) --allow irreversible$/m.exec(stdout)?.[1] ?? '';
    const { stdout: word } = spawnSync('sh', ['-c', `printf %s ${command}`], { encoding: 'utf8' });
    expect(word).toBe(file);
  });
});

test('--quiet silences no gap: it is reported on standard error and in the plan, with exit code 3', async () => {
  azure.inject({ kind: 'status', status: 403, match: { method: 'GET', path: /kv-open$/ }, times: 99 });
  const outputs = ['text', 'markdown=plan.md'].flatMap((each) => ['--output', each]);
  const { code, stdout, stderr } = await purgeproof(['plan', ...rules, '--quiet', ...outputs]);
  expect(code).toBe(3);
  for (const text of [stdout, stderr, readFileSync(join(cwd, 'plan.md'), 'utf8')]) {
    expect(text).toMatch(/not planned:\s.*kv-open/);
    expect(text).toContain('Microsoft.KeyVault/vaults/read');
  }
  expect(stdout).toContain('INCOMPLETE');
});

test('a report that says that it is incomplete, and not why, makes an incomplete plan', async () => {
  await purgeproof(['scan', '--rule', 'AKV001', '--output', 'json=report.json']);
  const report = readFileSync(join(cwd, 'report.json'), 'utf8').replace(
    '"complete": true',
    '"complete": false',
  );
  writeFileSync(join(cwd, 'report.json'), report);
  const { code, stdout } = await purgeproof(['plan', '--rule', 'AKV001', '--from', 'report.json']);
  expect(code).toBe(3);
  expect(stdout).toMatch(/^\? The scan was incomplete.*\n\nINCOMPLETE: .*\n$/);
});

test('--only and --rule that name no step together are refused', async () => {
  await planned();
  expect(
    await purgeproof(['apply', 'plan.json', '--yes', '--only', 'kv-open', '--rule', 'AKV001']),
  ).toMatchObject({ code: 2 });
  expect(writes()).toEqual([]);
});
