import {
  KnownCertificatePermissions,
  KnownKeyPermissions,
  KnownSecretPermissions,
} from '@azure/arm-keyvault';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { emulator, type Tenant } from '../../emulator/index.ts';
import { commandsOf, grantsBicep } from '../../src/reporters/grants.ts';
import { decideGrants, grantTypes } from '../../src/access/grants.ts';
import { readBicep } from '../../src/iac/bicep/files.ts';
import type { Problem } from '../../src/model/errors.ts';
import { wellFormed } from '../../src/reporters/text/invisible.ts';
import { powershellWord, shellCommand } from '../../src/reporters/text/shell.ts';
import { hostileTexts } from '../reporters/hostile.ts';
import { subscriptionId, tenantWithObjects, vaultId } from '../usecases/objects-estate.ts';
import { run, type Outcome } from './run.ts';

const principal = '5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74';
const tenantId = '72f2a6c0-3b8e-4d5f-9a61-c04d8e7b1f35';

function policies(permissions: Readonly<Record<string, readonly string[]>>, of: object = {}) {
  const policy = { tenantId, objectId: principal.toUpperCase(), permissions, ...of };
  return {
    enableRbacAuthorization: undefined,
    tenantId,
    accessPolicies: [JSON.parse(JSON.stringify(policy))],
  };
}

async function grants(tenant: Tenant, words: string): Promise<Outcome> {
  const { credential, httpClient, requests } = emulator(tenant);
  const outcome = await run(['grants', ...words.split(' '), '--principal', principal], {
    azure: { credential, httpClient },
  });
  expect(requests.filter(({ method, path }) => method !== 'GET' && !/ResourceGraph/u.test(path))).toEqual([]);
  return outcome;
}

describe('grants', () => {
  test('in access policies name every permission that the principal keeps, and put them back', async () => {
    const held = policies({ secrets: ['get', 'List'], keys: ['all'], storage: ['all'] });
    const { code, stdout } = await grants(tenantWithObjects({ objects: [] }, held), 'purge --vault kv-a');
    expect(code).toBe(0);
    const az = stdout.split('\n').filter((line) => line.startsWith('az '));
    const of = `--subscription=${subscriptionId} --resource-group=rg --name=kv-a --object-id=${principal}`;
    expect(az).toEqual([
      `az keyvault set-policy ${of} --secret-permissions get List purge --key-permissions all purge --certificate-permissions list purge`,
      `az keyvault set-policy ${of} --secret-permissions get List --key-permissions all --certificate-permissions`,
    ]);
    expect(stdout).toContain(
      "-PermissionsToSecrets @('get','List','purge') -PermissionsToKeys @('all','purge')",
    );
  });

  test('for a principal without a policy are taken back by deleting it; one for an application is another one', async () => {
    const other = policies({ secrets: ['get'] }, { applicationId: principal });
    const { stdout } = await grants(
      tenantWithObjects({ objects: [] }, other),
      'recover --vault kv-a --type secret',
    );
    expect(stdout).toMatch(/az keyvault set-policy .* --secret-permissions list recover\n/u);
    expect(stdout).toMatch(/az keyvault delete-policy .*--object-id=/u);
    expect(stdout).toContain('Remove-AzKeyVaultAccessPolicy');
  });

  test('that are held already are not printed', async () => {
    const tenant = tenantWithObjects({ objects: [] }, policies({ secrets: ['all'] }));
    const { stdout } = await grants(tenant, 'recover --vault kv-a --type secret');
    expect(stdout).toContain('holds all of it already');
    expect(stdout).not.toMatch(/^az |AzKeyVault/mu);
  });

  test('under RBAC make a role with two data actions, on the vault alone', async () => {
    const { code, stdout } = await grants(
      tenantWithObjects({ objects: [] }),
      `recover --vault ${vaultId} --type secret --output json`,
    );
    const { permissionModel, grants: found } = JSON.parse(stdout);
    expect({ code, permissionModel }).toEqual({ code: 0, permissionModel: 'rbac' });
    expect(found).toHaveLength(1);
    expect(found[0].rights).toEqual({
      actions: [],
      dataActions: ['readMetadata', 'recover'].map(
        (verb) => `Microsoft.KeyVault/vaults/secrets/${verb}/action`,
      ),
    });
    expect(found[0].grant.az[1]).toContain(`--scope=${vaultId}`);
  });

  test.for(['recover', 'purge'])('of %s on the vault itself need no reading of it', async (action) => {
    const tenant = { ...tenantWithObjects({ objects: [] }), resources: [] };
    const { code, stdout } = await grants(tenant, `${action} --vault ${vaultId} --type vault`);
    expect(code).toBe(0);
    expect(stdout).toContain('Microsoft.KeyVault/deletedVaults/read');
    expect(stdout.includes('deletedVaults/purge/action')).toBe(action === 'purge');
    expect(stdout.includes('vaults/write')).toBe(action === 'recover');
  });

  test.for<[string, Partial<Tenant>, string]>([
    ['is deleted', { resources: [] }, vaultId],
    [
      'may not be read',
      { missingRights: [{ action: 'Microsoft.KeyVault/vaults/read', scope: vaultId }] },
      vaultId,
    ],
  ])('of a vault that %s are printed in part, and no policy is', async ([, changes, vault]) => {
    const tenant = { ...tenantWithObjects({ objects: [] }), ...changes };
    const { code, stdout } = await grants(tenant, `purge --vault ${vault} --type key`);
    expect(code).toBe(3);
    expect(stdout).toContain('NOT DECIDED');
    expect(stdout).not.toMatch(/set-policy|AccessPolicy /u);
  });

  test('leave a policy alone that they do not understand', async () => {
    const tenant = tenantWithObjects({ objects: [] }, policies({ secrets: ['get', '--yes; id'] }));
    const { code, stdout } = await grants(tenant, 'purge --vault kv-a --type secret');
    expect(code).toBe(3);
    expect(stdout).not.toMatch(/set-policy|; id/u);
  });

  test('are for an object id', async () => {
    const { code, stderr } = await run([
      'grants',
      'purge',
      '--principal',
      'me@contoso.com',
      '--vault',
      'kv-a',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('It must be an object id');
  });
});

/** Every command that can be printed, for a vault whose resource group is called so. */
function everything(resourceGroup: string) {
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.KeyVault/vaults/kv-a`;
  const vault = { id, name: 'kv-a', subscriptionId, resourceGroup };
  return (['recover', 'purge'] as const).flatMap((action) =>
    [
      {},
      policies({ secrets: ['get'] }),
      policies({}, { objectId: tenantId }),
      { enableRbacAuthorization: true },
    ].map((properties) =>
      decideGrants({
        action,
        principalId: principal,
        types: grantTypes,
        vault,
        properties: JSON.parse(JSON.stringify(properties)),
        isRead: true,
      }),
    ),
  );
}

const groups = ['rg', "r'g$(id)`id`", ...hostileTexts.map(([, text]) => text)];

test.for(groups)('the words of each az command reach it through bash: %j', (group) => {
  const commands = everything(group).flatMap((all) =>
    all.grants.flatMap((one) => Object.values(commandsOf(one, all)).flatMap(({ az }) => az)),
  );
  const script = [
    'f() { printf \'%s\\0\' "$@"; }',
    ...commands.map((words) => `f ${shellCommand(words)}`),
  ].join('\n');
  const got = execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1);
  expect(got).toEqual(commands.flat().map((word) => wellFormed(word).replaceAll('\0', '\uFFFD')));
});

test.for(groups)('our reader reads the Bicep, and finds nothing in it but what was meant: %j', (group) => {
  for (const all of everything(group))
    for (const text of grantsBicep(all)) {
      const problems: Problem[] = [];
      readBicep({ path: 'grant.bicep', text }, problems);
      expect(problems).toEqual([]);
      expect(text).not.toContain('secrets/*');
    }
});

test.for<[string, string]>([
  ['kv-a', 'kv-a'],
  ['-Force', "'-Force'"],
  ["a'b", "'a''b'"],
  ['a\u2019b', "'a\u2019\u2019b'"],
  ['$(id) `x` "y"', '\'$(id) `x` "y"\''],
  ['a\u202Eb', "('a'+[char]0x202e+'b')"],
  ['a\nb', "('a'+[char]0xa+'b')"],
])('a word for PowerShell: %j', ([word, quoted]) => {
  expect(powershellWord(word)).toBe(quoted);
});

const roleProperties = ['roleName', 'description', 'type', 'assignableScopes', 'permissions'];
const permissionLists = ['actions', 'notActions', 'dataActions', 'notDataActions'];

/**
 * The paths that a resource may have, by its type, and those that it must have. Source: the types of the Bicep compiler,
 * Azure/bicep-types-az, microsoft.keyvault/2026-02-01 and microsoft.authorization/2022-04-01.
 */
const bicepTypes: Readonly<Record<string, readonly [required: string[], optional: string[]]>> = {
  'Microsoft.KeyVault/vaults@2026-02-01': [['name'], []],
  'Microsoft.KeyVault/vaults/accessPolicies@2026-02-01': [
    [
      'name',
      'properties',
      ...['', '.tenantId', '.objectId', '.permissions'].map((path) => `properties.accessPolicies${path}`),
    ],
    [
      'parent',
      ...['keys', 'secrets', 'certificates'].map((type) => `properties.accessPolicies.permissions.${type}`),
    ],
  ],
  'Microsoft.Authorization/roleDefinitions@2022-04-01': [
    ['name'],
    [
      'properties',
      ...roleProperties.map((path) => `properties.${path}`),
      ...permissionLists.map((path) => `properties.permissions.${path}`),
    ],
  ],
  'Microsoft.Authorization/roleAssignments@2022-04-01': [
    ['name', 'properties', 'properties.roleDefinitionId', 'properties.principalId'],
    ['scope'],
  ],
};

/** Each resource of a file: its type, and the paths of its properties, of which the indentation tells. */
function resourcesIn(bicep: string) {
  return bicep.split(/^(?=resource )/mu).flatMap((block) => {
    const [, type = ''] = /^resource \w+ '([^']+)'/u.exec(block) ?? [];
    if (type === '') return [];
    const path: { readonly indent: number; readonly name: string }[] = [];
    const paths = Array.from(block.matchAll(/^( +)(\w+):/gmu), ([, { length: indent } = '', name = '']) => {
      while ((path.at(-1)?.indent ?? -1) >= indent) path.pop();
      path.push({ indent, name });
      return path.map((one) => one.name).join('.');
    });
    return [{ type, paths }];
  });
}

test('each resource in the Bicep has the properties that its type requires, and none that it lacks', () => {
  const files = everything('rg').flatMap((all) => Array.from(grantsBicep(all)));
  const resources = files.flatMap(resourcesIn);
  expect(new Set(resources.map(({ type }) => type))).toEqual(new Set(Object.keys(bicepTypes)));
  for (const { type, paths } of resources) {
    const [required, optional] = bicepTypes[type] ?? [[], []];
    expect([type, required.filter((path) => !paths.includes(path))]).toEqual([type, []]);
    expect([type, paths.filter((path) => ![...required, ...optional].includes(path))]).toEqual([type, []]);
  }
  // The permissions that the service knows, by the SDK that is made from its specification.
  const known: Readonly<Record<string, readonly string[]>> = {
    keys: Object.values(KnownKeyPermissions),
    secrets: Object.values(KnownSecretPermissions),
    certificates: Object.values(KnownCertificatePermissions),
  };
  const lists = files.flatMap((text) =>
    Array.from(
      text.matchAll(/^ +(keys|secrets|certificates): \[([^\]]*)\]/gmu),
      ([, type = '', items = '']) =>
        Array.from(items.matchAll(/'(\w+)'/gu), ([, item = '']) => ({ type, item })),
    ),
  );
  expect(lists.length).toBeGreaterThan(0);
  expect(lists.flat().filter(({ type, item }) => known[type]?.includes(item) !== true)).toEqual([]);
  // The type takes these names alone: what is there already is kept.
  expect(
    files.filter((text) => text.includes('accessPolicies@')).every((text) => text.includes("name: 'add'")),
  ).toBe(true);
});

/**
 * The parameters of each cmdlet in the parameter set that is used, those that are required first. Sources:
 * https://learn.microsoft.com/powershell/module/az.keyvault/set-azkeyvaultaccesspolicy (and remove-),
 * https://learn.microsoft.com/powershell/module/az.resources/new-azroledefinition (new-, remove-azroleassignment, remove-azroledefinition),
 * https://learn.microsoft.com/powershell/module/az.accounts/set-azcontext
 */
const cmdlets: Readonly<Record<string, readonly [required: string[], optional: string[]]>> = {
  'Set-AzContext': [['Subscription'], []],
  'Set-AzKeyVaultAccessPolicy': [
    ['VaultName', 'ObjectId'],
    ['ResourceGroupName', 'PermissionsToKeys', 'PermissionsToSecrets', 'PermissionsToCertificates'],
  ],
  'Remove-AzKeyVaultAccessPolicy': [['VaultName', 'ObjectId'], ['ResourceGroupName']],
  'New-TemporaryFile': [[], []],
  'Set-Content': [['LiteralPath', 'Value'], ['Encoding']],
  'New-AzRoleDefinition': [['InputFile'], []],
  'New-AzRoleAssignment': [['ObjectId', 'RoleDefinitionName', 'Scope'], []],
  'Remove-AzRoleAssignment': [['ObjectId', 'RoleDefinitionName'], ['Scope']],
  'Remove-AzRoleDefinition': [['Name'], ['Scope', 'Force']],
};

/** The cmdlets of a line with the names of their parameters: text in quotes, which doubles a quote in it, is neither. */
function cmdletsIn(line: string) {
  return line
    .replaceAll(/'(?:[^']|'')*'/gu, 'TEXT')
    .split(';')
    .map((command) => {
      const [, name = '', rest = ''] = /([A-Z][a-z]+-[A-Za-z]+)(.*)$/u.exec(command) ?? [];
      return { name, parameters: Array.from(rest.matchAll(/ -([A-Za-z]+)/gu), ([, word = '']) => word) };
    });
}

test('each line for PowerShell is a cmdlet with parameters that it has, and with those that it requires', () => {
  const lines = everything("r'g").flatMap((all) =>
    all.grants.flatMap((one) => Object.values(commandsOf(one, all)).flatMap(({ powershell }) => powershell)),
  );
  const used = lines.flatMap(cmdletsIn);
  expect(new Set(used.map(({ name }) => name))).toEqual(new Set(Object.keys(cmdlets)));
  for (const { name, parameters } of used) {
    const [required, optional] = cmdlets[name] ?? [[], []];
    expect([name, required.filter((one) => !parameters.includes(one))]).toEqual([name, []]);
    expect([name, parameters.filter((one) => ![...required, ...optional].includes(one))]).toEqual([name, []]);
  }
});

test('a role for PowerShell has its permissions in the form of each version of Az.Resources', () => {
  const values = everything('rg').flatMap((all) =>
    all.grants.flatMap((one) =>
      commandsOf(one, all).grant.powershell.flatMap((line) => / -Value '(.*)'$/u.exec(line)?.[1] ?? []),
    ),
  );
  expect(values.length).toBeGreaterThan(3);
  for (const value of values) {
    const { Name: name, Permissions: permissions, ...flat } = JSON.parse(value.replaceAll("''", "'"));
    const { Actions, NotActions, DataActions, NotDataActions } = flat;
    expect([name, permissions]).toEqual([name, [{ Actions, NotActions, DataActions, NotDataActions }]]);
    expect(Actions.length + DataActions.length).toBeGreaterThan(0);
  }
});

const python = process.env['PURGEPROOF_AZ_PYTHON'] ?? '';
const parse = `
import json, sys
from azure.cli.core import get_default_cli
from azure.cli.core.commands.events import EVENT_INVOKER_PRE_LOAD_ARGUMENTS, EVENT_INVOKER_POST_LOAD_ARGUMENTS
cli = get_default_cli()
for words in json.load(sys.stdin):
    words = words[1:]
    lead = words[:next(i for i, word in enumerate(words) if word.startswith('-'))]
    name = ' '.join(lead)
    invocation = cli.invocation_cls(cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls)
    cli.invocation = invocation
    loader = invocation.commands_loader
    loader.load_command_table(words)
    invocation.data['command_string'] = invocation.data['command'] = loader.command_name = name
    loader.command_table = {name: loader.command_table[name]}
    cli.raise_event(EVENT_INVOKER_PRE_LOAD_ARGUMENTS, commands_loader=loader)
    loader.load_arguments(name)
    cli.raise_event(EVENT_INVOKER_POST_LOAD_ARGUMENTS, commands_loader=loader)
    invocation.parser.load_command_table(loader)
    invocation.parser.parse_args(words)
print('parsed')
`;

test.runIf(python !== '')('the real az takes every command that is printed', () => {
  const commands = everything('rg').flatMap((all) =>
    all.grants.flatMap((one) => Object.values(commandsOf(one, all)).flatMap(({ az }) => az)),
  );
  const { stdout, stderr, status } = spawnSync(python, ['-c', parse], { input: JSON.stringify(commands) });
  expect({ status, stdout: stdout.toString(), stderr: stderr.toString().slice(-2000) }).toMatchObject({
    status: 0,
    stdout: 'parsed\n',
  });
});
