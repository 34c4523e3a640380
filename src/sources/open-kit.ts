import { readArmList } from '../azure/arm-list.ts';
import { type AzureConnection, type ConnectOptions, connect } from '../azure/connection.ts';
import { readRows } from '../azure/graph-sequence.ts';
import { quietSession, type Session } from '../azure/session.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { UsageError } from '../model/errors.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import type { VaultReader } from '../model/arm-ports.ts';
import { type KitReader, type KitVaultAddress, listedTypes } from '../model/kit.ts';
import { isListed } from '../remediation/kit/items.ts';
import { vault } from '../resource-types/vault.ts';
import { targetSubscriptions } from './live/first-snapshot.ts';
import { subscriptionLists } from './live/snapshot.ts';
import { liveVaults } from './open-vaults.ts';
import { parseArmId } from './rows/arm-id.ts';

/** The places that a kit is read from. */
export interface OpenKit {
  readonly vaults: VaultReader;
  readonly reader: KitReader;
  /** The vaults of the named subscriptions; without any, of every visible one. Throws `AzureError`. */
  visible(subscriptions: readonly string[], signal: AbortSignal): Promise<readonly KitVaultAddress[]>;
}

/** Opens ARM and Resource Graph for kits. Nothing is read yet. */
export function openKit(options: ConnectOptions): OpenKit {
  const connection = connect(options);
  return {
    vaults: liveVaults(connection),
    reader: armKitReader(connection),
    async visible(subscriptions, signal) {
      const session = quietSession(signal);
      const found =
        subscriptions.length === 0
          ? await listSubscriptions(connection, session)
          : await named(connection, session, subscriptions);
      const rows: Json[] = [];
      for (const scope of subscriptionLists(found.map(({ id }) => id)))
        rows.push(...(await readRows(connection, session, { operation: 'find the vaults', query, scope })));
      return rows.flatMap(toAddress);
    },
  };
}

/**
 * Reads what stands beside vaults from ARM. Role assignments come without a filter: `atScope()` leaves out those on single
 * keys, secrets and certificates, which a recovery does not bring back either.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
function armKitReader(connection: AzureConnection): KitReader {
  return {
    async list({ id, name }, part, signal) {
      const { type, apiVersion } = listedTypes[part];
      const vaultPath = id
        .split('/')
        .map((segment) => encodeURIComponent(segment))
        .join('/');
      const path = `${vaultPath}/providers/${type}?api-version=${apiVersion}`;
      const operation = `read the ${type} of ${name}`;
      return readArmList(connection, { operation, path, isEntry: isListed }, signal);
    },
  };
}

async function named(
  connection: AzureConnection,
  session: Session,
  subscriptions: readonly string[],
): Promise<readonly { readonly id: string }[]> {
  const { expected = [], unknown } = await targetSubscriptions(connection, session, subscriptions);
  const [first] = unknown;
  if (first === undefined) return expected;
  throw new UsageError(
    `No visible subscription is called ${JSON.stringify(first)}.`,
    'Check the name, and that you signed in to its tenant (az account list).',
  );
}

const query = `resources | where type =~ '${vault.type}' | project id, name | order by id asc`;

function toAddress(row: Json): readonly KitVaultAddress[] {
  const id = isJsonObject(row) ? row['id'] : undefined;
  const parts = typeof id === 'string' ? parseArmId(id) : undefined;
  if (typeof id !== 'string' || parts === undefined) return [];
  const { subscriptionId, resourceGroup, name } = parts;
  return [{ id, name, type: vault.type, subscriptionId, resourceGroup }];
}
