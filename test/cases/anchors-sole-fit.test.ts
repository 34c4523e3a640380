import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emulator, guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import { run, type Setting } from '../cli/run.ts';

const code = `resource "random_string" "vault" {
  length  = 13
  special = false
}
resource "azurerm_key_vault" "main" {
  name                = "vault-\${random_string.vault.result}"
  resource_group_name = "rg-quarry"
  location            = "westeurope"
}
`;

let checkout = '';
beforeAll(async () => {
  checkout = await mkdtemp(join(tmpdir(), 'purgeproof-sole-fit-'));
  await mkdir(join(checkout, '.git'));
  await mkdir(join(checkout, 'code'));
  await writeFile(join(checkout, 'code/main.tf'), code);
});
afterAll(() => rm(checkout, { recursive: true }));

const failing = { name: 'vault-a1b2c3d4e5f6g' };
const passing = { name: 'vault-q7w8e9r1t2y3u', enablePurgeProtection: true };

interface Vault {
  readonly name: string;
  readonly group?: string;
  readonly enablePurgeProtection?: true;
}

function body({ name, group = 'rg-quarry', ...properties }: Vault) {
  return vaultBody(
    { subscriptionId: guidOf('quarry'), resourceGroup: group, name, location: 'westeurope' },
    { properties: { enableSoftDelete: true, softDeleteRetentionInDays: 90, ...properties } },
  );
}

/** The lines of the code at which the findings of a scan are shown. */
async function linesShown(argv: readonly string[], setting: Setting): Promise<readonly unknown[]> {
  const [command = '', ...rest] = argv;
  const judged = [command, '--rule', 'AKV002', '--output', 'sarif', '--source-root', 'code', ...rest];
  const { stdout } = await run(judged, { ...setting, cwd: checkout });
  const log: Log = JSON.parse(stdout);
  return (log.runs[0]?.results ?? []).map(({ locations }) => {
    const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
    return artifactLocation?.uri === 'code/main.tf' ? region?.startLine : 'elsewhere';
  });
}

function live(vaults: readonly Vault[], argv: readonly string[] = []): Promise<readonly unknown[]> {
  const tenant: Tenant = {
    tenantId: guidOf('tenant'),
    managementGroups: [{ id: 'root', displayName: 'Root' }],
    subscriptions: [{ id: guidOf('quarry'), name: 'quarry', managementGroup: 'root' }],
    resources: vaults.map(body),
  };
  const { credential, httpClient } = emulator(tenant);
  return linesShown(['scan', ...argv], { azure: { credential, httpClient } });
}

function inventory(rows: unknown, argv: readonly string[] = []): Promise<readonly unknown[]> {
  return linesShown(['scan', '--inventory', '-', ...argv], { stdin: JSON.stringify(rows) });
}

describe('invented characters show the one vault that they fit', () => {
  const other = { ...passing, group: 'rg-other' };
  test.for<readonly [string, readonly Vault[], unknown]>([
    ['of one vault', [failing], 5],
    ['of several, of which the others are elsewhere', [failing, other], 5],
    ['beside one of another form', [failing, { ...passing, name: 'kv-quarry' }], 5],
    ['but none where one that passes fits too', [failing, passing], 'elsewhere'],
    [
      'but none where another that fails fits too',
      [failing, { ...failing, name: 'vault-b1b2c3d4e5f6g' }],
      'elsewhere',
    ],
  ])('%s', async ([, vaults, line]) => {
    expect(new Set(await inventory(vaults.map(body)))).toEqual(new Set([line]));
    expect(new Set(await live(vaults, ['--full']))).toEqual(new Set([line]));
  });

  test('but none where vaults that pass are counted and not read', async () => {
    expect(await live([failing])).toEqual([5]);
    expect(await live([failing, other])).toEqual(['elsewhere']);
  });

  test('but none where a filter may have left out another, and none where an archive holds what it left', async () => {
    const part = ['--vault', failing.name, '--archive', 'part'];
    expect(await inventory([failing, passing].map(body), part)).toEqual(['elsewhere']);
    expect(await linesShown(['rescan', '--archive', 'part'], {})).toEqual(['elsewhere']);
    expect(await inventory([body(failing)], ['--archive', 'whole'])).toEqual([5]);
    expect(await linesShown(['rescan', '--archive', 'whole'], {})).toEqual([5]);
  });

  test('but none where the scan is not complete', async () => {
    expect(await inventory({ count: 1, data: [body(failing)] })).toEqual([5]);
    expect(await inventory({ count: 1, data: [body(failing)], $skipToken: 'more' })).toEqual(['elsewhere']);
  });
});
