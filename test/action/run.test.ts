import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, guidOf, vaultBody } from '../../emulator/index.ts';
import { withInputs } from '../../src/action/runner.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { hostileTexts } from '../reporters/hostile.ts';
import { actionTenant, compliant } from './estate.ts';
import { record } from './recording.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'purgeproof-run-'));
  mkdirSync(join(workspace, '.git'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

function write(file: string, content: string | readonly JsonObject[]): void {
  writeFileSync(join(workspace, file), typeof content === 'string' ? content : JSON.stringify(content));
}

const faulty: JsonObject = { publicNetworkAccess: 'Disabled' };

function vault(name: string, tags: Record<string, string> = {}, properties: JsonObject = faulty): JsonObject {
  const place = { subscriptionId: guidOf('s'), resourceGroup: 'rg', name, location: 'westeurope' };
  return vaultBody(place, { tags, properties });
}

describe('annotations', () => {
  test('are ten of a level at most: the verdict, then findings, worst first', async () => {
    write(
      'vaults.json',
      Array.from({ length: 40 }, (_, index) => vault(`kv-${index}`)),
    );
    const { annotations, outputs } = await record({ INPUT_INVENTORY: 'vaults.json' }, workspace);
    expect(outputs['findings']).toBe('80');
    const errors = annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(10);
    expect(errors[0]?.title).toBe('Findings at or above low');
    expect(errors.slice(1).every(({ title }) => title.startsWith('AKV002'))).toBe(true);
    expect(annotations.filter(({ level }) => level === 'notice')).toHaveLength(10);
  });

  test('name what is missing before what was found, and count what has no room', async () => {
    const tenant = actionTenant();
    for (let index = 0; index < 20; index += 1) {
      const name = `closed-${String(index).padStart(2, '0')}`;
      tenant.subscriptions.push({ id: guidOf(name), name, access: 'denied', listed: true });
    }
    const azure = emulator(tenant, { quota: 'unlimited' });
    const { code, annotations } = await record({}, workspace, azure);
    expect(code).toBe(3);
    const errors = annotations.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(10);
    expect(errors[0]?.title).toBe('Incomplete scan');
    expect(errors[1]?.title).toContain('Not read: subscription closed');
    expect(errors[9]?.message).toBe('13 more items could not be read: see the job summary.');
  });

  test('show a mistake of a rule file on its line', async () => {
    write('rule.yaml', 'id: ORG001\nname: x\nseverty: low\n');
    write('vaults.json', [vault('kv-a')]);
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_POLICIES: 'rule.yaml' };
    const { code, annotations } = await record(env, workspace);
    expect(code).toBe(2);
    expect(annotations.map(({ at }) => at)).toContainEqual({ file: 'rule.yaml', line: 3, column: 1 });
  });

  test('show it along with the mistakes of inputs', async () => {
    write('rule.yaml', 'id: ORG001\nname: x\nseverty: low\n');
    write('vaults.json', [vault('kv-a')]);
    const env = {
      INPUT_INVENTORY: 'vaults.json',
      INPUT_POLICIES: 'rule.yaml',
      INPUT_PARAMETERS: 'nothing=1',
    };
    const { code, annotations } = await record(env, workspace);
    expect(code).toBe(2);
    expect(annotations[0]).toMatchObject({ level: 'error', title: 'The scan could not run' });
    expect(annotations[0]?.message).toContain('No rule that could be read has a parameter nothing.');
    expect(annotations[0]?.message).not.toContain('rule.yaml');
    expect(annotations.map(({ at }) => at)).toContainEqual({ file: 'rule.yaml', line: 3, column: 1 });
  });

  test('and logs and outputs stay text, whatever the name of a vault', async () => {
    const names = hostileTexts
      .map(([, text]) => text)
      .filter((text) => text.trim() !== '' && !text.includes('/'));
    expect(names.length).toBeGreaterThan(5);
    write(
      'vaults.json',
      names.map((name) => vault(name, { owner: name })),
    );
    const { annotations, log, summary } = await record({ INPUT_INVENTORY: 'vaults.json' }, workspace);
    expect(annotations.length).toBeGreaterThan(0);
    for (const text of [...log, ...annotations.flatMap(({ title, message }) => [title, message])]) {
      expect(text).not.toMatch(/^\s*::|##\[|[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
    }
    expect(summary).not.toMatch(/<script|^::/m);
  });
});

describe('a step that passes', () => {
  test('has no error, though something could not be read', async () => {
    const tenant = actionTenant();
    const azure = emulator(tenant, { quota: 'unlimited' });
    const env = { INPUT_ALLOW_INCOMPLETE: 'true', INPUT_FAIL_ON: 'critical', INPUT_UPLOAD: 'true' };
    const { code, annotations, outputs } = await record(env, workspace, azure);
    expect(code).toBe(0);
    expect(annotations.map(({ title }) => title)).toContainEqual(expect.stringContaining('Not read'));
    expect(annotations.map(({ level }) => level)).not.toContain('error');
    expect(outputs).toMatchObject({
      upload: 'false',
      keep: 'true',
      'artifact-files': join(workspace, 'purgeproof.json'),
    });
  });
});

describe('the configuration that an input names', () => {
  test('has parameters by scope, and may extend another one', async () => {
    write('vaults.json', [
      vault('kv-dev', { env: 'dev' }, { softDeleteRetentionInDays: 7 }),
      vault('kv-prod', { env: 'prod' }, { softDeleteRetentionInDays: 7 }),
    ]);
    write('shared.yaml', 'rules: [AKV003]\n');
    write(
      'config.yaml',
      [
        'extends: [shared.yaml]',
        'parametersByScope:',
        '  - { scope: { tag: { env: dev } }, parameters: { minimumRetentionDays: 7 } }',
        '  - { scope: { name: kv-none }, parameters: { minimumRetentionDays: 8 } }',
        '',
      ].join('\n'),
    );
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_CONFIG: 'config.yaml' };
    const { code, annotations, outputs } = await record(env, workspace);
    expect({ code, findings: outputs['findings'] }).toEqual({ code: 1, findings: '1' });
    expect(annotations).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        title: 'Parameters without effect',
        at: { file: 'config.yaml', line: 4, column: 5 },
      }),
    );
  });
});

describe('words', () => {
  test('of every part speak of inputs, not of flags', async () => {
    write('vaults.json', [vault('kv-a')]);
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_MARKDOWN_FILE: 'summary.md' };
    const { log, summary, annotations } = await record(env, workspace);
    const said = [...log, summary, ...annotations.map(({ message }) => message)].join('\n');
    const written = readFileSync(join(workspace, 'summary.md'), 'utf8');
    expect(said).toContain('the input include: deleted');
    expect(written).toBe(summary);
    for (const line of said.split('\n').filter((text) => !/\b(?:az|purgeproof) [a-z]/u.test(text)))
      expect(line).not.toMatch(/(?:^|\s)--[a-z]/u);
  });

  test.for([
    ['Leave out --inventory to scan Azure.', 'Leave out the input inventory to scan Azure.'],
    ['Accept a risk: --exemptions FILE', 'Accept a risk: the input exemptions'],
    [
      'AKV301 is judged with --include objects, which …',
      'AKV301 is judged with the input include: objects, which …',
    ],
    ['Leave out --exclude-rule.', 'Leave out excludeRules in the configuration.'],
    ['All of them: --output json=report.json', 'All of them: the input json-file'],
    ['Name subscriptions (--subscription).', 'Name subscriptions (the input subscriptions).'],
    ['Sign in: az login --tenant x --param y', 'Sign in: az login --tenant x --param y'],
    ['purgeproof plan --management-group production', 'purgeproof plan --management-group production'],
    ['kv--include is a vault', 'kv--include is a vault'],
  ])('%s', ([flags = '', inputs]) => {
    expect(withInputs(flags)).toBe(inputs);
  });
});

test('the job summary names every wrong input', async () => {
  const env = { INPUT_FAIL_ON: 'hgh', INPUT_UPLOAD: 'yes', INPUT_POLICIES: 'one\ntwo' };
  const { code, summary } = await record(env, workspace);
  expect(code).toBe(2);
  expect(summary).toContain('The scan did not run');
  const named = Array.from(summary.matchAll(/^- ([\w-]+): /gm), ([, input]) => input);
  expect(named).toEqual(['fail-on', 'upload', 'policies', 'policies']);
});

describe('outputs', () => {
  test.for<[string, JsonObject, string, string]>([
    ['none on a clean scan', vault('kv-a', {}, compliant), 'none', 'true'],
    [
      'unknown where nothing is known',
      { id: vault('kv-a')['id'] ?? '', name: 'kv-a', type: 'Microsoft.KeyVault/vaults' },
      'unknown',
      'false',
    ],
  ])('highest-severity is %s', async ([, row, severity, complete]) => {
    write('vaults.json', [row]);
    const { outputs } = await record({ INPUT_INVENTORY: 'vaults.json' }, workspace);
    expect(outputs).toMatchObject({ complete, findings: '0', 'highest-severity': severity });
  });

  test('findings counts what is below fail-on as well', async () => {
    write('vaults.json', [vault('kv-a')]);
    const env = { INPUT_INVENTORY: 'vaults.json', INPUT_FAIL_ON: 'critical' };
    const { code, outputs, annotations } = await record(env, workspace);
    expect({ code, outputs }).toMatchObject({
      code: 0,
      outputs: { findings: '2', 'highest-severity': 'high' },
    });
    expect(annotations[0]).toMatchObject({ level: 'warning', title: 'Findings below critical' });
    expect(annotations.map(({ level }) => level)).not.toContain('error');
  });
});

test('with fail-on-new only what the baseline does not know fails, and is annotated first', async () => {
  write('vaults.json', [vault('kv-known')]);
  const env = { INPUT_INVENTORY: 'vaults.json', INPUT_JSON_FILE: 'known.json' };
  expect((await record(env, workspace)).code).toBe(1);
  const compared = {
    INPUT_INVENTORY: 'vaults.json',
    INPUT_BASELINE: 'known.json',
    INPUT_FAIL_ON_NEW: 'true',
  };
  const same = await record(compared, workspace);
  expect(same).toMatchObject({ code: 0, outputs: { findings: '2' } });
  expect(same.annotations[0]).toMatchObject({ title: 'Findings that are known, or below low' });
  expect(same.annotations.map(({ level }) => level)).not.toContain('error');
  expect(same.summary).toContain('2 unchanged');
  write('vaults.json', [vault('kv-known'), vault('kv-new')]);
  const { code, annotations } = await record(compared, workspace);
  expect(code).toBe(1);
  expect(annotations[0]).toMatchObject({ level: 'error', title: 'New findings at or above low' });
  const errors = annotations.filter(({ level }) => level === 'error').slice(1);
  expect(errors.length).toBeGreaterThan(0);
  for (const { title } of errors) expect(title).toContain('kv-new');
});

test('fail-on-new without a baseline is refused, in words of inputs', async () => {
  write('vaults.json', [vault('kv-a')]);
  const { code, annotations } = await record(
    { INPUT_INVENTORY: 'vaults.json', INPUT_FAIL_ON_NEW: 'true' },
    workspace,
  );
  expect(code).toBe(2);
  expect(annotations[0]?.message).toBe(
    'the input fail-on-new needs a baseline.\nName the report of an earlier scan: the input baseline',
  );
});

test('a report never takes the place of what the scan reads', async () => {
  write('vaults.json', [vault('kv-a')]);
  const env = { INPUT_INVENTORY: 'vaults.json', INPUT_JSON_FILE: './x/../vaults.json' };
  const { code, annotations } = await record(env, workspace);
  expect(code).toBe(2);
  expect(annotations[0]?.message).toContain('would overwrite vaults.json');
});

test('a path is shown from the workspace, however it was written', async () => {
  write('vaults.json', [vault('kv-a')]);
  const { summary, log } = await record({ INPUT_INVENTORY: join(workspace, 'vaults.json') }, workspace);
  expect(summary).toContain('over the inventory vaults.json');
  expect([summary, ...log].join('\n')).not.toContain(workspace);
});

test('a vault with several possible declarations is reported in the log, and shown in none of them', async () => {
  const bicep = "resource a 'Microsoft.KeyVault/vaults@2026-02-01' = {\n  name: 'kv-a'\n}\n";
  write('one.bicep', bicep);
  write('two.bicep', bicep);
  write('vaults.json', [vault('kv-a')]);
  const { log, annotations } = await record({ INPUT_INVENTORY: 'vaults.json' }, workspace);
  expect(log).toContainEqual(
    expect.stringContaining('kv-a could be declared in any of one.bicep:1, two.bicep:1'),
  );
  expect(annotations.map(({ at }) => at?.file)).not.toContain('one.bicep');
});
