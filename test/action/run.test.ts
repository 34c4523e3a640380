import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emulator, guidOf, vaultBody } from '../../emulator/index.ts';
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
  });
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
