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
