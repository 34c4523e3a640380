import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { managedHsmBody, vaultBody } from '../../emulator/tenants/bodies.ts';
import configSchema from '../../schemas/config.schema.json' with { type: 'json' };
import type { JsonObject } from '../../src/model/json.ts';
import { run } from './run.ts';

const subscriptionId = '11111111-1111-4111-8111-111111111111';
const place = (name: string) => ({ subscriptionId, resourceGroup: 'rg', name, location: 'westeurope' });
const safe = { enableSoftDelete: true, enablePurgeProtection: true, softDeleteRetentionInDays: 90 };
const vault = (name: string, properties: JsonObject = {}) =>
  vaultBody(place(name), { properties: { ...safe, ...properties } });
const hsm = (name: string) => managedHsmBody(place(name), { properties: safe });

async function verdictOn(bodies: readonly JsonObject[], rules: readonly string[]): Promise<string> {
  const argv = ['scan', '--inventory', '-', ...rules.flatMap((id) => ['--rule', id])];
  const { stdout } = await run(argv, { stdin: JSON.stringify(bodies) });
  return /^Result +(.*)$/m.exec(stdout)?.[1] ?? stdout;
}

test.for([
  [['kv-a'], 'The only finding is exempt.'],
  [['kv-a', 'kv-b'], 'Both findings are exempt.'],
] as const)('what is exempt is not said to meet the rule: %j', async ([names, verdict]) => {
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-exempt-'));
  const accepted =
    '{ rule: "*", scope: { name: kv-* }, category: waiver, reason: Sandbox., expiresOn: 2027-03-01 }';
  writeFileSync(join(cwd, 'accepted.yaml'), `exemptions:\n  - ${accepted}\n`);
  const argv = ['scan', '--inventory', '-', '--rule', 'AKV002', '--exemptions', 'accepted.yaml'];
  const bodies = names.map((name) => vault(name, { enablePurgeProtection: undefined }));
  const { code, stdout } = await run(argv, { cwd, stdin: JSON.stringify(bodies) });
  expect([code, /^Result +(.*)$/m.exec(stdout)?.[1]]).toEqual([0, verdict]);
});

describe('the verdict counts what was judged', () => {
  const both = [vault('kv-a'), vault('kv-b'), hsm('hsm-a'), hsm('hsm-b')];

  test.for<[string, readonly JsonObject[], readonly string[], string]>([
    ['two of a type that the rule is not about', both, ['AKV002'], 'Both vaults meet the rule.'],
    ['HSMs alone, which are no vaults', both, ['AKV101'], 'Both managed HSMs meet the rule.'],
    ['one', [vault('kv-a'), hsm('hsm-a')], ['AKV002'], 'The only vault meets the rule.'],
    [
      'two types, each with its own rules',
      [...both, vault('kv-c')],
      ['AKV002', 'AKV101'],
      'All 3 vaults and 2 managed HSMs meet every rule that applies to them.',
    ],
    ['rules about the same type', both, ['AKV001', 'AKV002'], 'Both vaults meet both rules.'],
    [
      'a rule that does not apply to some',
      [
        vault('kv-rbac', { enableRbacAuthorization: true }),
        vault('kv-b', { enableRbacAuthorization: false }),
      ],
      ['AKV005'],
      '1 of 2 vaults meets the rule; it does not apply to the others.',
    ],
    [
      'findings',
      [vault('kv-a', { enablePurgeProtection: undefined }), hsm('hsm-a')],
      ['AKV002'],
      '1 finding on 1 of 1 vault.',
    ],
    [
      'findings among two types, where the sum stands first',
      [vault('kv-a', { enablePurgeProtection: undefined }), vault('kv-b'), hsm('hsm-a')],
      ['AKV002', 'AKV101'],
      '1 finding on 1 of 3 (2 vaults and 1 managed HSM).',
    ],
    [
      'vaults and rules that are more than two',
      [...both, vault('kv-c')],
      ['AKV001', 'AKV002', 'AKV003'],
      'All 3 vaults meet all 3 rules.',
    ],
  ])('of %s', async ([, bodies, rules, verdict]) => {
    expect(await verdictOn(bodies, rules)).toBe(verdict);
  });
});

const lists = Object.entries(configSchema.properties).flatMap(([key, schema]) =>
  'type' in schema && schema.type === 'array' ? [key] : [],
);

test('a configuration has these lists, none of which is tried in vain', () => {
  expect(lists.toSorted()).toEqual([
    'excludeRules',
    'extends',
    'frameworks',
    'include',
    'managementGroups',
    'output',
    'parametersByScope',
    'policies',
    'resourceGroups',
    'rules',
    'subscriptions',
    'tags',
    'vaults',
  ]);
});

test.for(lists)(
  'an empty list of %s in a configuration is refused, not taken for everything',
  async (key) => {
    const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-empty-'));
    writeFileSync(join(cwd, 'own.yaml'), `failOn: high\n${key}: []\n`);
    const { code, stderr } = await run(['scan', '--config', 'own.yaml'], { cwd });
    expect(stderr).toContain(`own.yaml:2:${key.length + 3}  "${key}" must not be an empty list`);
    expect(code).toBe(2);
  },
);
