import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { page } from '../docs/pages.ts';
import { run, type Outcome } from './run.ts';

const id = '11111111-1111-4111-8111-111111111111';
const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-permissions-'));

const permissions = async (words: string): Promise<Outcome> =>
  run(['permissions', ...words.split(' ').filter((word) => word !== '')], { cwd });

async function role(words: string) {
  const { code, stdout } = await permissions(words);
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

describe('permissions', () => {
  test('prints a role as az takes it, with nothing that the rules in force do not need', async () => {
    expect(await role(`scan --rule AKV002 --subscription ${id}`)).toEqual({
      Name: 'purgeproof scan',
      Description: 'Exactly what purgeproof needs for: scan.',
      IsCustom: true,
      Actions: [
        'Microsoft.Authorization/permissions/read',
        'Microsoft.KeyVault/vaults/read',
        'Microsoft.Resources/subscriptions/read',
      ],
      NotActions: [],
      DataActions: [],
      NotDataActions: [],
      AssignableScopes: [`/subscriptions/${id}`],
    });
  });

  test.for<[string, string, boolean]>([
    ['scan --rule AKV002', 'Microsoft.KeyVault/managedHSMs/read', false],
    ['scan --rule AKV101', 'Microsoft.KeyVault/vaults/read', false],
    ['scan --rule AKV101', 'Microsoft.KeyVault/managedHSMs/read', true],
    ['scan --rule AKV002 --archive audit', 'Microsoft.KeyVault/managedHSMs/read', true],
    ['plan --rule AKV002 --archive audit', 'Microsoft.KeyVault/managedHSMs/read', false],
    ['init --rule AKV002', 'Microsoft.KeyVault/managedHSMs/read', true],
    ['apply --rule AKV002', 'Microsoft.Resources/subscriptions/read', false],
    ['scan', 'Microsoft.KeyVault/deletedVaults/read', false],
    ['scan --include deleted', 'Microsoft.KeyVault/deletedVaults/read', true],
    ['scan --include objects --rule AKV301', 'Microsoft.KeyVault/vaults/keys/read', true],
    ['scan --management-group root', 'Microsoft.Management/managementGroups/descendants/read', true],
    ['scan plan', 'Microsoft.Authorization/locks/read', false],
    ['scan plan --optional', 'Microsoft.Authorization/locks/read', true],
    ['apply --rule AKV002', 'Microsoft.KeyVault/vaults/write', true],
    ['apply --rule AKV002', 'Microsoft.KeyVault/managedHSMs/write', false],
    ['apply', 'Microsoft.Authorization/roleAssignments/write', false],
    ['apply --allow disruptive', 'Microsoft.Authorization/roleAssignments/write', true],
    ['deleted purge', 'Microsoft.Storage/storageAccounts/read', true],
    ['deleted purge --allow-dependants', 'Microsoft.Storage/storageAccounts/read', false],
    ['deleted recover --kind hsm', 'Microsoft.KeyVault/managedHSMs/write', true],
    ['deleted recover --kind hsm', 'Microsoft.KeyVault/vaults/write', false],
    ['deleted objects purge --type secret', 'Microsoft.Storage/storageAccounts/read', false],
  ])('%s: %s %s', async ([words, action, isNeeded]) => {
    const { Actions: actions } = await role(words);
    expect(actions.includes(action)).toBe(isNeeded);
  });

  test('joins commands, each right once; deleted stands for all of its commands', async () => {
    const { Name: name, Actions: actions, DataActions: data } = await role('deleted list scan scan');
    expect(name).toBe('purgeproof deleted list, scan');
    expect(new Set(actions).size).toBe(actions.length);
    expect(data).toEqual([]);
    const all = await role('deleted');
    expect(all.Name).toContain('deleted list, deleted recover, deleted purge, deleted objects list');
    expect(all.DataActions).toContain('Microsoft.KeyVault/vaults/secrets/purge/action');
    expect(all.DataActions.join()).not.toMatch(/getSecret|\*/u);
  });

  test('a scan of an inventory needs no right', async () => {
    writeFileSync(join(cwd, 'vaults.json'), '[]');
    writeFileSync(join(cwd, 'offline.yaml'), 'inventory: vaults.json\n');
    const { stdout, stderr } = await permissions('scan --config offline.yaml');
    expect(JSON.parse(stdout).Actions).toEqual([]);
    expect(stderr).toContain('no right is needed');
  });

  test('names what is to be replaced, where no subscription is given by id', async () => {
    const { stdout, stderr } = await permissions('scan --subscription Payments');
    expect(JSON.parse(stdout).AssignableScopes).toEqual(['/subscriptions/<id of Payments>']);
    expect(stderr).toContain('Replace /subscriptions/<id of Payments>');
  });

  test.for<[string, string]>([
    ['scna', 'There is no command scna that asks Azure. Did you mean'],
    ['deleted list recovr', 'There is no command recovr'],
    ['rules list', 'There is no command rules list that asks Azure'],
    ['scan --rule AKV999', 'There is no rule AKV999'],
    [
      'deleted objects list --management-group root',
      'no custom role with data actions at a management group',
    ],
  ])('refuses %s', async ([words, message]) => {
    const { code, stdout, stderr } = await permissions(words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('as a table and as Markdown says what each right is for, and never what a name would be', async () => {
    const { stdout: table } = await permissions('plan --rule AKV002 --output table');
    expect(table).toContain('see whether a lock would block a change');
    const { stdout: markdown } = await run(
      [
        'permissions',
        'deleted',
        'objects',
        'recover',
        '--name',
        'x <b>`y`\n::error::',
        '--output',
        'markdown',
      ],
      { cwd },
    );
    expect(markdown).toContain('| secrets: recover; keys: recover; certificates: recover |');
    expect(markdown.split('```')).toHaveLength(3);
    expect(markdown.split('```')[0]).not.toMatch(/<b>|^::error/mu);
  });
});

/** The rights in seeds 000 and 003, and the one that they forget. */
test.for([
  'Microsoft.KeyVault/locations/deletedVaults/read',
  'Microsoft.KeyVault/locations/deletedVaults/purge/action',
  'Microsoft.KeyVault/locations/operationResults/read',
  'Microsoft.KeyVault/deletedVaults/read',
  'Microsoft.KeyVault/vaults/write',
  'secrets: recover',
  'secrets: purge',
  'secrets: list',
  'keys: recover',
  'keys: purge',
  'certificates: recover',
  'certificates: purge',
])('the page of permissions has %s in a table', (right) => {
  const rows = page('docs/permissions.md')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  expect(rows.some((row) => row.includes(right))).toBe(true);
});
