import { type AzureConnection, connect, type ConnectOptions } from '../azure/connection.ts';
import { type IdentifiedRow, readRows } from '../azure/graph-sequence.ts';
import { currentIdentity, armPreconditions } from '../azure/permissions.ts';
import { armRecycleBin } from '../azure/recycle-bin.ts';
import { refusal } from '../azure/refusal.ts';
import type { GraphScope } from '../azure/graph-query.ts';
import { quietSession, type Session } from '../azure/session.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { vaultPlane } from '../azure/vault-plane.ts';
import { armVaults } from '../azure/vault-writer.ts';
import { armWriteSender } from '../azure/write-sender.ts';
import type {
  ExpectedSubscriptions,
  RecycleBin,
  VaultRead,
  VaultReader,
  WriteSender,
} from '../model/arm-ports.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { AzureError, UsageError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { SubscriptionLookup } from '../model/source.ts';
import { graphDependants } from './dependants.ts';
import { graphNamesakes } from './graph-search.ts';
import type { VaultPlane } from '../model/vault-plane.ts';
import { binnedTypes } from '../resource-types/known-type.ts';
import { subscriptionsQuery } from './live/query.ts';
import { type NamedScope, targetSubscriptions } from './live/first-snapshot.ts';
import { unlistedGroup } from './live/gaps.ts';
import { subscriptionLists } from './live/snapshot.ts';
import { targetGroup } from './live/target-snapshot.ts';
import { parseArmId } from './rows/arm-id.ts';
import { isRowProblem, toResource } from './rows/resource.ts';
import { readSubscription } from './rows/subscription-row.ts';

/** Single vaults as ARM has them, alive or deleted, what is in them, what changes either, and the identity that does. */
export interface OpenVaults {
  readonly vaults: VaultReader;
  readonly recycleBin: RecycleBin;
  readonly dependants: DependantSearch;
  readonly plane: VaultPlane;
  readonly sender: WriteSender;
  readonly preconditions: Preconditions;
  readonly subscriptions: SubscriptionLookup;
  /** The subscriptions of a scope; where it names nothing, every visible one. Throws `AzureError`. */
  expected(named: NamedScope, signal: AbortSignal): Promise<ExpectedSubscriptions>;
  /** The vaults of the named subscriptions; without any, of every visible one. Throws `AzureError`. */
  visible(subscriptions: readonly string[], signal: AbortSignal): Promise<readonly KitVaultAddress[]>;
  /** Signs in. Throws `AzureError` without a sign-in. */
  identity(): Promise<Identity>;
}

/** Opens ARM. Nothing is read yet. */
export function openVaults(options: ConnectOptions): OpenVaults {
  const connection = connect(options);
  return {
    vaults: liveVaults(connection),
    recycleBin: armRecycleBin(connection),
    dependants: { ...graphDependants(connection), namesakes: graphNamesakes(connection) },
    plane: vaultPlane(connection),
    sender: armWriteSender(connection),
    preconditions: armPreconditions(connection),
    subscriptions: graphSubscriptions(connection),
    expected: (named, signal) => expectedIn(connection, quietSession(signal), named),
    visible: async (subscriptions, signal) => visibleVaults(connection, subscriptions, signal),
    identity: () => currentIdentity(connection),
  };
}

async function expectedIn(
  connection: AzureConnection,
  session: Session,
  { subscriptions, managementGroups }: NamedScope,
): Promise<ExpectedSubscriptions> {
  if (subscriptions.length + managementGroups.length === 0)
    return { found: await listSubscriptions(connection, session), unknown: [], gaps: [] };
  const { expected: named = [], unknown } =
    subscriptions.length === 0
      ? { unknown: [] }
      : await targetSubscriptions(connection, session, subscriptions);
  const groups = await Promise.all(managementGroups.map((id) => targetGroup(connection, session, id)));
  const all = [...named, ...groups.flatMap(({ expected = [] }) => expected)];
  return {
    found: [...new Map(all.map((one) => [one.id.toLowerCase(), one])).values()],
    unknown,
    gaps: groups.flatMap(({ unlisted }, index) =>
      unlisted === undefined ? [] : [unlistedGroup(managementGroups[index] ?? '', unlisted)],
    ),
  };
}

/** Single vaults and managed HSMs as ARM has them now. */
export function liveVaults(connection: AzureConnection): VaultReader {
  const arm = armVaults(connection);
  return {
    async readVault(vault, signal) {
      const read = await arm.read(vault, signal);
      if (read.kind !== 'found') return read;
      const resource = toResource(read.body);
      if (isRowProblem(resource)) return unreadable(`the answer ${resource.problem}`);
      if (resource.id.toLowerCase() === vault.id.toLowerCase()) return { kind: 'found', resource };
      return unreadable('the answer is about another resource');
    },
  };
}

function unreadable(message: string): VaultRead {
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
}

/** Looks subscriptions up in Resource Graph: nothing else shows a reader the management groups above them. */
export function graphSubscriptions(connection: AzureConnection): SubscriptionLookup {
  return {
    async find(ids, signal) {
      const rows: Json[] = [];
      for (const scope of subscriptionLists(ids)) rows.push(...(await rowsOf(connection, scope, signal)));
      const found = rows.map(readSubscription).filter((one) => one !== undefined);
      return new Map(found.map((one) => [one.id.toLowerCase(), one]));
    },
  };
}

/** A subscription that Azure refuses or withholds is not found: callers must allow for that. */
async function rowsOf(
  connection: AzureConnection,
  scope: GraphScope,
  signal: AbortSignal,
): Promise<readonly Json[]> {
  if (signal.aborted) return [];
  const session = quietSession(signal);
  const operation = 'read the management groups above the subscriptions';
  try {
    return await readRows(connection, session, { operation, query: subscriptionsQuery, scope });
  } catch (error) {
    if (error instanceof AzureError || signal.aborted) return [];
    throw error;
  }
}

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
      ...(await readRows(connection, session, { operation: 'find the vaults', query: vaultsQuery, scope })),
    );
  return rows.flatMap(toAddress);
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

const vaultsQuery = `resources | where type in~ (${binnedTypes.map((type) => `'${type.toLowerCase()}'`).join(', ')}) | project id, name | order by id asc`;

function toAddress({ id }: IdentifiedRow): readonly KitVaultAddress[] {
  const parts = parseArmId(id);
  if (parts === undefined) return [];
  const { subscriptionId, resourceGroup, name } = parts;
  const type = binnedTypes.find((one) => one.toLowerCase() === parts.type.toLowerCase());
  return type === undefined ? [] : [{ id, name, type, subscriptionId, resourceGroup }];
}
