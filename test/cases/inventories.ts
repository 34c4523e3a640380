import { join } from 'node:path';
import type { JsonObject } from '../../src/model/json.ts';
import type { ScanReport } from '../../src/model/report.ts';
import { type Outcome, packageRoot, readReport, run } from '../cli/run.ts';

/** Where the inputs of the cases are. */
export const cases = join(packageRoot, 'test/fixtures/cases');

/** A run, and the report that it printed. */
interface Scanned extends Outcome {
  /** Absent where the scan was refused. */
  readonly report: ScanReport | undefined;
}

/** Scans a file of a case, or what is given as standard input. */
export async function scan(
  inventory: string | Uint8Array | JsonObject[],
  flags: readonly string[] = [],
): Promise<Scanned> {
  const isFile = typeof inventory === 'string' && inventory.startsWith('C');
  const given = Array.isArray(inventory) ? JSON.stringify(inventory) : inventory;
  const argv = ['scan', '--inventory', isFile ? inventory : '-', '--output', 'json', ...flags];
  const outcome = await run(argv, { cwd: cases, ...(isFile ? {} : { stdin: given }) });
  return { ...outcome, report: outcome.code === 2 ? undefined : readReport(outcome.stdout) };
}

/** Where `vault` puts its vaults. */
export const subscriptionId = 'aaaaaaaa-0000-4000-8000-000000000001';

/** A vault that meets every rule; `change` replaces parts of its row. */
export function vault(name: string, properties: JsonObject = {}, change: JsonObject = {}): JsonObject {
  const type = 'Microsoft.KeyVault/vaults';
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/rg-ops/providers/${type}/${name}`,
    name,
    type,
    location: 'westeurope',
    properties: {
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: true,
      enableRbacAuthorization: true,
      publicNetworkAccess: 'Disabled',
      privateEndpointConnections: [
        { id: 'pe', properties: { privateLinkServiceConnectionState: { status: 'Approved' } } },
      ],
      ...properties,
    },
    ...change,
  };
}

/** So many vaults that meet every rule. */
export function vaults(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => vault(`kv-${index}`));
}
