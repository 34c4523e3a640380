import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  armTemplate,
  armVault,
  bicepVault,
  terraformVault,
  undeployedCases,
  type Verdict,
} from './undeployed-cases.ts';
import { type Outcome, run } from './run.ts';

type Files = Readonly<Record<string, string>>;

function folderWith(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-undeployed-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function scanFiles(files: Files, flags: readonly string[]): Promise<Outcome> {
  const argv = ['scan', ...flags, '--no-config', '--include-compliant', '--output', 'json'];
  return run(argv, { cwd: folderWith(files) });
}

interface Reported {
  readonly complete: boolean;
  readonly scope: object;
  readonly coverage: { readonly parts: readonly object[] };
  readonly unreadable: readonly { readonly scope: string; readonly reason: string }[];
  readonly findings: readonly {
    readonly ruleId: string;
    readonly compliance: string;
    readonly message: string;
    readonly resource: { readonly id: string; readonly name: string };
    readonly declaredAt?: { readonly file: string; readonly line: number };
  }[];
}

async function reportOf(files: Files, flags: readonly string[]): Promise<Reported> {
  return JSON.parse((await scanFiles(files, flags)).stdout);
}

const words: Readonly<Record<string, Verdict>> = {
  compliant: 'pass',
  nonCompliant: 'fail',
  unknown: 'unknown',
};

describe('declarations have the verdicts of the vault that they deploy', () => {
  test.for(undeployedCases)('$what', async ({ files, flags, verdicts }) => {
    const { findings, complete } = await reportOf(files, flags);
    const found = ['AKV001', 'AKV002', 'AKV003', 'AKV006'].map((id) =>
      findings.filter(({ ruleId }) => ruleId === id).map(({ compliance }) => words[compliance]),
    );
    expect(found).toEqual(verdicts.map((verdict) => [verdict]));
    expect(complete).toBe(true);
  });

  test.for(undeployedCases)('as part of a whole folder: $what', async ({ files, flags, verdicts }) => {
    // A folder is deployed with the defaults as well, where nothing says that it is not.
    if (flags.includes('--parameters')) return;
    const { findings } = await reportOf(files, ['--source', '.']);
    const found = ['AKV001', 'AKV002', 'AKV003', 'AKV006'].map((id) =>
      findings.filter(({ ruleId }) => ruleId === id).map(({ compliance }) => words[compliance]),
    );
    expect(found).toEqual(verdicts.map((verdict) => [verdict]));
  });
});

describe('findings point to the line that decides', () => {
  test.for([
    ['a property', { 'main.bicep': bicepVault('    enableSoftDelete: false') }, 'AKV001', 'main.bicep:8'],
    ['the declaration, where nothing is written', { 'main.bicep': bicepVault('') }, 'AKV002', 'main.bicep:2'],
    [
      'the argument of a call',
      {
        'main.bicep': "module m 'v.bicep' = {\n  name: 'm'\n  params: {\n    days: 7\n  }\n}\n",
        'v.bicep': bicepVault('    softDeleteRetentionInDays: days', 'param days int\n'),
      },
      'AKV003',
      'main.bicep:4',
    ],
  ] as const)('%s', async ([, files, rule, place]) => {
    const { findings } = await reportOf(files, ['--bicep', 'main.bicep']);
    const finding = findings.find(({ ruleId }) => ruleId === rule);
    expect(`${finding?.declaredAt?.file}:${finding?.declaredAt?.line}`).toBe(place);
  });

  test('SARIF has the same place, and the table names it', async () => {
    const cwd = folderWith({ 'infra/main.bicep': bicepVault('    enableSoftDelete: false') });
    const argv = [
      'scan',
      '--bicep',
      'infra/main.bicep',
      '--no-config',
      '--output',
      'sarif',
      '--rule',
      'AKV001',
    ];
    const { stdout, code } = await run(argv, { cwd });
    expect(code).toBe(1);
    const [result] = JSON.parse(stdout).runs[0].results;
    const { physicalLocation } = result.locations[0];
    expect(physicalLocation.artifactLocation.uri).toBe('main.bicep');
    expect(physicalLocation.region.startLine).toBe(8);
    const table = await run(['scan', '--bicep', 'infra/main.bicep', '--no-config'], { cwd });
    expect(table.stdout).toContain('main.bicep:8');
    expect(table.stdout).toContain('what it declares, not what is deployed');
  });
});

test('a resource has the id that it will have, else its place in the code', async () => {
  const azapi = undeployedCases.find(({ what }) => what === 'Terraform: azapi with its body as an object');
  const known = await reportOf(azapi?.files ?? {}, ['--source', '.']);
  expect(known.findings[0]?.resource.id).toBe(
    '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/rg-ledger/providers/Microsoft.KeyVault/vaults/kv-ledger-qa',
  );
  const place = await reportOf({ 'infra/main.tf': terraformVault('') }, ['--source', '.']);
  expect(place.findings[0]?.resource.id).toBe('undeployed:infra#azurerm_key_vault.ledger');
});

test('what is not certain about a name is shown as *, and each vault of a loop has its own id', async () => {
  const bicep = `param env string
resource v 'Microsoft.KeyVault/vaults@2023-07-01' = [for team in ['a', 'b']: {
  name: 'kv-\${team}-\${env}'
  location: 'westeurope'
  properties: { enablePurgeProtection: true }
}]
`;
  const { findings } = await reportOf({ 'main.bicep': bicep }, ['--bicep', 'main.bicep']);
  const purge = findings.filter(({ ruleId }) => ruleId === 'AKV002');
  expect(purge.map(({ resource }) => [resource.id, resource.name])).toEqual([
    ['undeployed:main.bicep#v[0]', 'kv-a-*'],
    ['undeployed:main.bicep#v[1]', 'kv-b-*'],
  ]);
});

describe('what other resources change is not certain', () => {
  test('access policies of their own', async () => {
    const policy = `resource "azurerm_key_vault_access_policy" "p" {
  key_vault_id    = azurerm_key_vault.ledger.id
  tenant_id       = "t"
  object_id       = "o"
  key_permissions = ["Purge"]
}
`;
    const { findings } = await reportOf({ 'main.tf': terraformVault('', policy) }, ['--source', '.']);
    expect(findings.find(({ ruleId }) => ruleId === 'AKV005')?.compliance).toBe('unknown');
  });

  test('permissions are certain where only the principal is unknown', async () => {
    const block = (permission: string): string =>
      `  access_policy {\n    tenant_id = "t"\n    object_id = var.who\n    key_permissions = ["${permission}"]\n  }`;
    for (const [permission, verdict] of [
      ['Get', 'compliant'],
      ['Purge', 'nonCompliant'],
    ] as const) {
      const text = terraformVault(block(permission), 'variable "who" {}\n');
      const { findings } = await reportOf({ 'main.tf': text }, ['--source', '.']);
      expect(findings.find(({ ruleId }) => ruleId === 'AKV005')?.compliance).toBe(verdict);
    }
  });
});

describe('conditions', () => {
  test('what can never be deployed is not judged', async () => {
    const text = bicepVault('').replace("' = {", "' = if (deployVault) {");
    const off = await scanFiles({ 'main.bicep': `param deployVault bool = false\n${text}` }, [
      '--bicep',
      'main.bicep',
    ]);
    expect(off.code).toBe(0);
    expect(JSON.parse(off.stdout).summary.resources).toBe(0);
    const open = await reportOf({ 'main.bicep': `param deployVault bool\n${text}` }, [
      '--bicep',
      'main.bicep',
    ]);
    expect(open.findings.find(({ ruleId }) => ruleId === 'AKV002')?.compliance).toBe('nonCompliant');
  });

  test('of a nested deployment as well', async () => {
    const inner = {
      type: 'Microsoft.Resources/deployments',
      apiVersion: '2022-09-01',
      name: 'inner',
      condition: "[parameters('on')]",
      properties: { mode: 'Incremental', template: JSON.parse(armVault({})) },
    };
    const template = JSON.parse(armVault({}, { parameters: { on: { type: 'bool', defaultValue: false } } }));
    const text = JSON.stringify({ ...template, resources: [inner] });
    const { findings } = await reportOf({ 'main.json': text }, ['--template', 'main.json']);
    expect(findings).toEqual([]);
  });
});

describe('what is not there is a gap', () => {
  test('a module of a registry', async () => {
    const text = "module net 'br:contoso.azurecr.io/bicep/vault:v1' = {\n  name: 'net'\n}\n";
    const { code, stdout } = await scanFiles({ 'main.bicep': text }, ['--bicep', 'main.bicep']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout).unreadable).toMatchObject([
      { scope: 'main.bicep:1:1', kind: 'code', reason: expect.stringContaining('contoso.azurecr.io') },
    ]);
  });

  test('a file of a folder that is not understood, and may declare a vault', async () => {
    const files = { 'a.bicep': bicepVault('').replace(/\}\s*$/, ''), 'b.bicep': 'param x string = \n' };
    const { code, stdout } = await scanFiles(files, ['--source', '.']);
    expect(code).toBe(3);
    const report: Reported = JSON.parse(stdout);
    expect(report.unreadable.map(({ scope }) => scope.split(':')[0])).toEqual(['a.bicep']);
    expect(report.coverage.parts).toEqual([{ name: 'template', state: 'partial' }]);
  });
});

test('a template inside another that is computed makes the scan incomplete', async () => {
  const properties = { mode: 'Incremental', template: "[variables('inner')]" };
  const inner = {
    type: 'Microsoft.Resources/deployments',
    apiVersion: '2022-09-01',
    name: 'inner',
    properties,
  };
  const main = armTemplate([inner], { variables: { inner: { resources: [] } } });
  const { code, stdout } = await scanFiles({ 'main.json': main }, ['--template', 'main.json']);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({
    complete: false,
    unreadable: [{ reason: expect.stringContaining('inner') }],
  });
});

describe('a resource whose type is an expression', () => {
  const parameters = { type: { type: 'string' } };
  const either = {
    type: { type: 'string', allowedValues: ['Microsoft.KeyVault/vaults', 'Microsoft.Web/sites'] },
  };
  const vault = (type: string, more: object = {}): object => ({
    type,
    apiVersion: '2023-07-01',
    name: 'kv',
    ...more,
  });
  const inner = { mode: 'Incremental', template: JSON.parse(armTemplate([vault("[variables('none')]")])) };
  const arm = (resource: object, rest: object = {}): Files => ({
    'main.json': armTemplate([resource], rest),
  });
  const azapi = (type: string, before = '', more = ''): Files => ({
    'main.tf': `${before}resource "azapi_resource" "r" {\n  type = ${type}\n  name = "kv"\n${more}}\n`,
  });
  const variable = 'variable "type" {}\n';
  const gap = { kind: 'code', hint: expect.stringContaining('Write the type as plain text') };

  const unknownTypes: readonly (readonly [string, Files, string])[] = [
    ['a variable that is not declared', arm(vault("[variables('none')]")), 'main.json:5:5'],
    ['a parameter without a value', arm(vault("[parameters('type')]"), { parameters }), 'main.json:10:5'],
    ['one of several', arm(vault("[parameters('type')]"), { parameters: either }), 'main.json:14:5'],
    ['a part', arm(vault("[concat(variables('none'), '/vaults')]")), 'main.json:5:5'],
    [
      'a deployment',
      arm(vault("[variables('type')]"), { variables: { type: 'Microsoft.Resources/deployments' } }),
      'main.json:8:5',
    ],
    [
      'a condition that is not known',
      arm(vault("[variables('none')]", { condition: "[parameters('type')]" }), { parameters }),
      'main.json:10:5',
    ],
    [
      'of a child',
      arm(vault('Microsoft.Web/sites', { resources: [vault("[variables('none')]")] })),
      'main.json:10:9',
    ],
    [
      'in a deployment',
      arm(vault('Microsoft.Resources/deployments', { properties: inner })),
      'main.json:15:13',
    ],
    ['a Terraform variable', azapi('var.type', variable), 'main.tf:2:1'],
    ['a part of it', azapi('"${var.type}/vaults@2023-07-01"', variable), 'main.tf:2:1'],
    ['each of a loop', azapi('each.value', variable, '  for_each = var.type\n'), 'main.tf:2:1'],
  ];

  test.for(unknownTypes)('makes the scan incomplete: %s', async ([, files, scope]) => {
    const flags =
      'main.json' in files
        ? [
            ['--template', 'main.json'],
            ['--source', '.'],
          ]
        : [['--source', '.']];
    for (const target of flags) {
      const { code, stdout } = await scanFiles(files, target);
      expect([target, code, JSON.parse(stdout)]).toMatchObject([
        target,
        3,
        { complete: false, unreadable: [{ scope, ...gap }] },
      ]);
    }
  });

  test.for<[string, Files, number]>([
    ['of another provider', arm(vault("[concat('Microsoft.Web/', variables('none'))]")), 0],
    ['whose end is another', arm(vault("[concat(variables('none'), '/sites')]")), 0],
    [
      'that a variable gives',
      arm(vault("[variables('type')]"), { variables: { type: 'Microsoft.Web/sites' } }),
      0,
    ],
    ['that is never deployed', arm(vault("[variables('none')]", { condition: false })), 0],
    ['of azapi in any version', azapi('"Microsoft.Web/sites@${var.type}"', variable), 0],
    [
      'of azapi in a local',
      azapi('local.type', 'locals {\n  type = "Microsoft.Web/sites@2023-01-01"\n}\n'),
      0,
    ],
    [
      'of a vault in one of two versions',
      azapi(
        'var.type ? "Microsoft.KeyVault/vaults@2023-07-01" : "Microsoft.KeyVault/vaults@2022-07-01"',
        variable,
      ),
      1,
    ],
  ])('is known all the same: %s', async ([, files, resources]) => {
    const flags = 'main.json' in files ? ['--template', 'main.json'] : ['--source', '.'];
    const { stdout } = await scanFiles(files, flags);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, unreadable: [], summary: { resources } });
  });

  test('with the values of a parameter file it is judged', async () => {
    const values = JSON.stringify({ parameters: { type: { value: 'Microsoft.KeyVault/vaults' } } });
    const files = { ...arm(vault("[parameters('type')]"), { parameters }), 'values.json': values };
    const report = await reportOf(files, ['--template', 'main.json', '--parameters', 'values.json']);
    expect(report).toMatchObject({ complete: true, unreadable: [], summary: { resources: 1 } });
  });

  test('may be an access policy of the vault beside it', async () => {
    const policies = { type: "[concat('access', 'Policies')]", name: 'add', apiVersion: '2023-07-01' };
    const children = [
      { ...policies, properties: { accessPolicies: [{ permissions: { keys: ['purge'] } }] } },
    ];
    const own = { properties: { accessPolicies: [] }, resources: children };
    const variants: readonly (readonly [Files, readonly string[]])[] = [
      [arm(vault('Microsoft.KeyVault/vaults', own)), ['--template', 'main.json']],
      [{ 'main.tf': `${terraformVault('')}${azapi('var.type', variable)['main.tf']}` }, ['--source', '.']],
    ];
    for (const [files, flags] of variants) {
      const { findings } = await reportOf(files, flags);
      expect(findings.find(({ ruleId }) => ruleId === 'AKV005')?.compliance).toBe('unknown');
    }
  });

  test('that a plan only knows after apply makes the scan incomplete', async () => {
    const change = { actions: ['create'], after: { name: 'kv' }, after_unknown: { type: true } };
    const planned = {
      address: 'azapi_resource.r',
      mode: 'managed',
      type: 'azapi_resource',
      name: 'r',
      change,
    };
    const plan = { format_version: '1.2', planned_values: {}, resource_changes: [planned] };
    const { code, stdout } = await scanFiles({ 'plan.json': JSON.stringify(plan) }, [
      '--terraform',
      'plan.json',
    ]);
    expect([code, JSON.parse(stdout)]).toMatchObject([
      3,
      {
        unreadable: [
          { scope: 'plan.json:1:65', reason: expect.stringContaining('azapi_resource.r'), ...gap },
        ],
      },
    ]);
  });
});

test('a folder without declarations is a whole scan of nothing, and says so', async () => {
  const cwd = folderWith({ 'README.txt': 'nothing' });
  const { code, stdout } = await run(['scan', '--source', '.', '--no-config'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('No vaults or managed HSMs were declared, so nothing was checked.');
});

describe('targets are not mixed', () => {
  test.for([
    [['--template', 'main.json', '--bicep', 'main.bicep'], 'A scan has one target'],
    [['--template', 'main.json', '--subscription', 'Payments'], 'cannot be limited to a subscription'],
    [['--template', 'main.json', '--include', 'deleted'], 'cannot include deleted'],
    [['--template', 'main.json', '--inventory', 'main.json'], 'A scan has one target'],
    [['--source', '.', '--parameters', 'main.json'], '--parameters gives values to one template'],
    [['--parameters', 'main.json'], 'none is scanned'],
    [['--source', 'main.json'], 'main.json'],
    [['--template', 'missing.json'], 'missing.json'],
  ] as const)('%s', async ([flags, words]) => {
    const cwd = folderWith({ 'main.json': armVault({}), 'main.bicep': bicepVault('') });
    const { code, stdout, stderr } = await run(['scan', ...flags, '--no-config'], { cwd });
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, '']);
  });

  test('a plan needs what is live', async () => {
    const cwd = folderWith({ 'main.json': armVault({}) });
    const direct = await run(['plan', '--template', 'main.json', '--no-config'], { cwd });
    expect([direct.code, direct.stdout]).toEqual([2, '']);
    expect(direct.stderr).toContain('not deployed yet');
    await run(['scan', '--template', 'main.json', '--no-config', '--output', 'json=report.json'], { cwd });
    const from = await run(['plan', '--from', 'report.json', '--no-config'], { cwd });
    expect([from.code, from.stdout]).toEqual([2, '']);
    expect(from.stderr).toContain('not deployed yet');
  });
});

test('files of code whose endings are in upper case are gaps where they name a vault', async () => {
  const named = { 'MAIN.BICEP': bicepVault(''), 'azuredeploy.JSON': armVault({}), 'OTHER.JSON': '{}' };
  const { unreadable, complete } = await reportOf(named, ['--source', '.']);
  expect(unreadable.map(({ scope, reason }) => `${scope}: ${reason}`)).toEqual([
    'MAIN.BICEP: It was not read: its ending is not in lower case.',
    'azuredeploy.JSON: It was not read: its ending is not in lower case.',
  ]);
  expect(complete).toBe(false);
});

test('what deploys a template that is not known is told once, with its place and what to do', async () => {
  const spec = `resource "azurerm_subscription_template_deployment" "kv" {
  count                    = 2
  name                     = "kv"
  location                 = "westeurope"
  template_spec_version_id = "/subscriptions/s/versions/1"
}
`;
  const files = { 'main.tf': spec, 'a.tfvars': 'x = 1', 'b.tfvars': 'x = 2' };
  const { stdout, code } = await scanFiles(files, ['--source', '.']);
  expect(code).toBe(3);
  const { unreadable } = JSON.parse(stdout);
  expect(unreadable).toEqual([
    {
      scope: 'main.tf:1:1',
      kind: 'code',
      reason: 'It deploys /subscriptions/s/versions/1, which is not here.',
      hint: 'Scan that template by itself, with the values that it is given: `purgeproof scan --template FILE --parameters FILE`',
    },
  ]);
});
