import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Address } from './azure-process.ts';
import { startAzure, type AzureProcess } from './azure.ts';
import { azureCli } from './peer-programs.ts';
import { readMeasurements } from './reads.ts';
import { folder } from './scanner.ts';
import { type Section, significant, times } from './section.ts';

const run = promisify(execFile);
const vaults = 20;

/** What it takes to read the same with the Azure CLI, vault by vault. */
export async function azCliComparison(): Promise<Section> {
  const title = 'With the Azure CLI alone';
  const version = azVersion();
  if (version === undefined) {
    return { title, text: ['The Azure CLI is not installed where this was measured.'], head: [], rows: [] };
  }
  const azure = await startAzure({ subscriptions: 1, vaults, failing: 0.1 });
  try {
    const { listMs, showMs } = await listAndShow(azure);
    const reads = (await readMeasurements()).filter(({ failing }) => failing === 0.01);
    return {
      title,
      text: [
        `What a script does: \`az keyvault list\`, whose rows say nothing of soft delete or purge protection, then \`az keyvault show\` for ` +
          `each vault (Azure CLI ${version}, same emulated Azure, signed in beforehand). Measured with ${vaults} vaults; the other ` +
          'sizes are **extrapolated** from the time of a vault, in one subscription, one after the other, and never throttled. ' +
          'Compared with the whole of a scan, which also judges and reports.',
      ],
      head: ['vaults', '`az` ÷ `scan --full`', '`az` ÷ `scan`'],
      rows: [1000, 10_000, 100_000].map((size) => {
        const azMs = listMs + (showMs / vaults) * size;
        const ratio = (full: boolean): string => {
          const scan = reads.find((one) => one.vaults === size && one.full === full);
          return scan === undefined ? 'not measured' : times(azMs / scan.ms);
        };
        return [significant(size), ratio(true), ratio(false)];
      }),
    };
  } finally {
    await azure.stop();
  }
}

/** The Azure CLI, signed in to an emulated Azure by the variables of `env`. */
export interface SignedInAz {
  readonly env: Readonly<Record<string, string>>;
  /** Runs a command, and returns its JSON. */
  readonly az: (...argv: readonly string[]) => Promise<string>;
}

/** Signs the Azure CLI in to an emulated Azure. */
export async function signedInAz(address: Address): Promise<SignedInAz> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    AZURE_CONFIG_DIR: mkdtempSync(join(folder, 'az-')),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
    HTTPS_PROXY: address.proxyUrl,
    REQUESTS_CA_BUNDLE: address.caFile,
  };
  const az = async (...argv: readonly string[]): Promise<string> =>
    (await run('az', [...argv, '--output', 'json'], { env, maxBuffer: 1e8 })).stdout;
  const { clientId, clientSecret, tenantId } = address;
  await az('login', '--service-principal', '-u', clientId, '-p', clientSecret, '--tenant', tenantId);
  return { env, az };
}

async function listAndShow({ address }: AzureProcess): Promise<{ listMs: number; showMs: number }> {
  const { az } = await signedInAz(address);
  const started = performance.now();
  const listed: readonly { readonly name: string }[] = JSON.parse(await az('keyvault', 'list'));
  const listMs = performance.now() - started;
  if (listed.length !== vaults) throw new Error(`az lists ${listed.length} vaults of ${vaults}`);
  for (const { name } of listed) await az('keyvault', 'show', '--name', name);
  return { listMs, showMs: performance.now() - started - listMs };
}

/** The version of the Azure CLI, which is installed if need be and put on the path; `undefined` where it cannot be had. */
export function azVersion(): string | undefined {
  const { version, missing } = azureCli();
  return missing === undefined ? version : undefined;
}
