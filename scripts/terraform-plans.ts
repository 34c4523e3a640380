import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator, startTlsProxy, type Tenant, vaultBody } from '../emulator/index.ts';
import { defaultPrincipal } from '../emulator/tenant.ts';
import { tenantId } from '../emulator/tenants/bodies.ts';
import type { JsonObject } from '../src/model/json.ts';

const plans = join(import.meta.dirname, '../test/fixtures/plans');
const subscriptionId = '33333333-3333-3333-3333-333333333333';
const group = `/subscriptions/${subscriptionId}/resourceGroups/rg-plans`;
const usage = 'usage: terraform-plans.ts PROGRAM [PLAN…], where PROGRAM is terraform or tofu';

/** One plan: the folder of its configuration, what is taken into the state before, and the arguments of `plan`. */
interface Recording {
  readonly plan: string;
  readonly configuration: string;
  /** Names of vaults by the address that they get. */
  readonly imports?: Readonly<Record<string, string>>;
  /** Addresses in the state that are changed after that: to those that the configuration no longer has. */
  readonly moves?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

const there = {
  'azurerm_key_vault.kept["kept"]': 'kv-kept',
  'azurerm_key_vault.kept["soft"]': 'kv-soft',
  'azurerm_key_vault.gains': 'kv-gains',
  'azurerm_key_vault.loses': 'kv-loses',
  'azurerm_key_vault.moves': 'kv-moves',
  'azurerm_key_vault.swapped': 'kv-swapped',
  'azurerm_key_vault.goes[0]': 'kv-goes',
  'azurerm_key_vault.renamed["a"]': 'kv-renamed',
  'azurerm_key_vault.goes[1]': 'kv-forgotten',
};
const earlier = {
  'azurerm_key_vault.renamed["a"]': 'azurerm_key_vault.old',
  'azurerm_key_vault.goes[1]': 'azurerm_key_vault.forgotten',
};
const changed = '-var=changed=true';
const change = { configuration: 'change', imports: there, moves: earlier };

const recordings: readonly Recording[] = [
  { plan: 'create', configuration: 'create' },
  { plan: 'azapi', configuration: 'azapi' },
  { plan: 'failed', configuration: 'failed' },
  ...['azurerm-2', 'azurerm-3', 'azapi-2', 'verified-module'].map((name) => ({
    plan: name,
    configuration: name,
  })),
  {
    plan: 'azurerm-4',
    configuration: 'azurerm-4',
    imports: {
      'azurerm_key_vault.loses': 'kv-loses-roles',
      'azurerm_key_vault.later': 'kv-later-roles',
      'azurerm_key_vault.keeps': 'kv-keeps-roles',
    },
  },
  { plan: 'change', ...change, flags: [changed] },
  {
    plan: 'target',
    ...change,
    flags: [
      changed,
      '-target=azurerm_key_vault.gains',
      '-target=azurerm_key_vault.renamed',
      '-target=azurerm_key_vault.old',
    ],
  },
  { plan: 'replace', ...change, flags: [changed, '-replace=azurerm_key_vault.gains'] },
  { plan: 'refresh-only', ...change, flags: [changed, '-refresh-only'] },
  { plan: 'destroy', ...change, flags: [changed, '-destroy'] },
];

const guardedVaults = [
  'kv-kept',
  'kv-loses',
  'kv-moves',
  'kv-swapped',
  'kv-goes',
  'kv-renamed',
  'kv-forgotten',
  'kv-taken',
];

/** The Azure that the plans are made against: vaults as they are before any of them. */
function tenant(): Tenant {
  const vault = (name: string, properties: JsonObject): JsonObject =>
    vaultBody({ subscriptionId, resourceGroup: 'rg-plans', name, location: 'westeurope' }, { properties });
  const guarded = { enablePurgeProtection: true };
  return {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'Plans' }],
    resources: [
      vault('kv-soft', { enableSoftDelete: false }),
      vault('kv-gains', {}),
      ...['kv-loses-roles', 'kv-later-roles', 'kv-keeps-roles'].map((name) =>
        vault(name, { ...guarded, enableRbacAuthorization: true }),
      ),
      ...guardedVaults.map((name) => vault(name, guarded)),
    ],
  };
}

/**
 * Makes the plans of test/fixtures/plans anew: a real Terraform or OpenTofu with the real providers plans what is in their folders,
 * against the emulated Azure, and its `show -json` is kept as it is, except for the folder in which it ran, the time, and descriptions. Providers
 * come from where the program finds them: its registry, or what its configuration of the command line (`TF_CLI_CONFIG_FILE`) names.
 * `PURGEPROOF_MODULES` is a folder `.terraform/modules` with modules that need not be downloaded then.
 */
async function recordPlans(program: string, names: readonly string[]): Promise<void> {
  const azure = emulator(tenant(), { quota: 'unlimited' });
  const proxy = await startTlsProxy(azure);
  const { clientId, clientSecret } = defaultPrincipal;
  const environment = {
    ...process.env,
    HTTPS_PROXY: proxy.proxyUrl,
    SSL_CERT_FILE: proxy.caFile,
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    ARM_CLIENT_ID: clientId,
    ARM_CLIENT_SECRET: clientSecret,
    TF_VAR_tenant: tenantId,
    TF_VAR_group: group,
    CHECKPOINT_DISABLE: '1',
    // azurerm 3 and 4 list all resource providers otherwise, and azurerm 2 asks a directory that is no more.
    ARM_PROVIDER_ENHANCED_VALIDATION: 'false',
    ARM_USE_MSAL: 'true',
  };
  try {
    for (const recording of recordings)
      if (names.length === 0 || names.includes(recording.plan))
        await record(recording, { program, environment });
  } finally {
    await proxy.close();
  }
}

interface Planner {
  readonly program: string;
  readonly environment: NodeJS.ProcessEnv;
}

async function record(
  { plan, configuration, imports = {}, moves = {}, flags = [] }: Recording,
  planner: Planner,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-plans-'));
  try {
    cpSync(join(plans, configuration), folder, { recursive: true });
    const modules = process.env['PURGEPROOF_MODULES'];
    if (modules !== undefined) cpSync(modules, join(folder, '.terraform/modules'), { recursive: true });
    const run = async (argv: readonly string[]): Promise<Ended> => runIn(folder, argv, planner);
    await expectEnd(run(['init', '-input=false', '-no-color']));
    for (const [address, name] of Object.entries(imports))
      await expectEnd(
        run([
          'import',
          '-input=false',
          '-no-color',
          address,
          `${group}/providers/Microsoft.KeyVault/vaults/${name}`,
        ]),
      );
    for (const [from, to] of Object.entries(moves)) await expectEnd(run(['state', 'mv', from, to]));
    const made = await run(['plan', '-input=false', '-no-color', '-out=tfplan', ...flags]);
    if (made.code !== 0) process.stderr.write(made.output);
    if (!existsSync(join(folder, 'tfplan'))) throw new Error(`no plan of ${plan}: ${made.output}`);
    const { output } = await expectEnd(run(['show', '-json', '-no-color', 'tfplan']));
    const kind = /tofu/.test(planner.program) ? 'tofu' : 'terraform';
    mkdirSync(join(plans, kind), { recursive: true });
    writeFileSync(join(plans, kind, `${plan}.json`), withoutMachine(output, folder));
    process.stdout.write(`${kind}/${plan}.json\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function withoutMachine(output: string, folder: string): string {
  return output
    .replaceAll(folder, '/plans')
    .replaceAll(/"timestamp":"[^"]*"/g, '"timestamp":"2026-11-30T12:00:00Z"')
    .replaceAll(/"description":"(?:[^"\\]|\\.)*"/g, '"description":""');
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

async function expectEnd(running: Promise<Ended>): Promise<Ended> {
  const ended = await running;
  if (ended.code !== 0) throw new Error(ended.output);
  return ended;
}

async function runIn(
  cwd: string,
  argv: readonly string[],
  { program, environment }: Planner,
): Promise<Ended> {
  const child = spawn(program, argv, { cwd, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const parts: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => parts.push(part));
  const [code]: (number | null)[] = await once(child, 'close');
  return { code: code ?? null, output: Buffer.concat(parts).toString() };
}

const [, , program, ...names] = process.argv;
if (program === undefined) throw new Error(usage);
await recordPlans(program, names);
