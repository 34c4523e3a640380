import type { AzureConnection } from '../azure/connection.ts';
import { type IdentifiedRow, readRows } from '../azure/graph-sequence.ts';
import { quietSession, type Session } from '../azure/session.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { UsageError } from '../model/errors.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import { recycleBinTypes } from '../resource-types/known-type.ts';
import { targetSubscriptions } from './live/named-scope.ts';
import { subscriptionLists } from './live/snapshot.ts';
import { parseArmId } from './rows/arm-id.ts';

/** The vaults and managed HSMs of the named subscriptions by Resource Graph; without any, of every visible one. Throws `AzureError`. */
export async function visibleVaults(
  connection: AzureConnection,
  subscriptions: readonly string[],
  signal: AbortSignal,
): Promise<readonly KitVaultAddress[]> {
  const session = quietSession(signal);
  const found =
    subscriptions.length === 0
      ? await listSubscriptions(connection, session)
      : await named(connection, session, subscriptions);
  const rows: IdentifiedRow[] = [];
  for (const scope of subscriptionLists(found.map(({ id }) => id)))
    rows.push(
      ...(await readRows(connection, session, {
        operation: 'find the vaults and managed HSMs',
        query: vaultsQuery,
        scope,
      })),
    );
  return rows.flatMap(toAddress);
}

async function named(
  connection: AzureConnection,
  session: Session,
  subscriptions: readonly string[],
): Promise<readonly { readonly id: string }[]> {
  const { expected = [], unknown, suggest } = await targetSubscriptions(connection, session, subscriptions);
  const [first] = unknown;
  if (first === undefined) return expected;
  throw new UsageError(
    `No visible subscription is called ${JSON.stringify(first)}.${await suggest(first)}`,
    'Check the name, and that you signed in to its tenant: `az account list`',
  );
}

const vaultsQuery = `resources | where type in~ (${recycleBinTypes.map((type) => `'${type.toLowerCase()}'`).join(', ')}) | project id, name | order by id asc`;

function toAddress({ id }: IdentifiedRow): readonly KitVaultAddress[] {
  const parts = parseArmId(id);
  if (parts === undefined) return [];
  const { subscriptionId, resourceGroup, name } = parts;
  const type = recycleBinTypes.find((one) => one.toLowerCase() === parts.type.toLowerCase());
  return type === undefined ? [] : [{ id, name, type, subscriptionId, resourceGroup }];
}
