import { connect } from '../azure/connect.ts';
import type { AzureConnection, ConnectOptions } from '../azure/connection.ts';
import { readRows } from '../azure/graph-sequence.ts';
import { currentIdentity, armPreconditions } from '../azure/permissions.ts';
import { armRecycleBin } from '../azure/recycle-bin.ts';
import { refusal } from '../azure/refusal.ts';
import type { GraphScope } from '../azure/graph-query.ts';
import { quietSession, type Session } from '../azure/session.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { vaultPlane } from '../azure/vault-plane.ts';
import { readFromArm } from '../azure/vaults.ts';
import { armWriteSender } from '../azure/write.ts';
import type {
  ExpectedSubscriptions,
  RecycleBin,
  VaultRead,
  VaultReader,
  WriteSender,
} from '../model/arm-ports.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { AzureError } from '../model/errors.ts';
import type { Identity } from '../model/identity.ts';
import type { Json } from '../model/json.ts';
import type { KitVaultAddress } from '../model/kit.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { SubscriptionLookup } from '../model/source.ts';
import { graphDependants } from './dependants.ts';
import { graphNamesakes } from './graph-search.ts';
import type { VaultPlane } from '../model/vault-plane.ts';
import { subscriptionsQuery } from './live/query.ts';
import type { NamedScope } from './live/first-snapshot.ts';
import { absentGroup, unlistedGroup } from './live/gaps.ts';
import { suggestAmong, targetSubscriptions, visibleGroups } from './live/named-scope.ts';
import { type SnapshotTarget, subscriptionLists } from './live/snapshot.ts';
import { targetGroup } from './live/target-snapshot.ts';
import { isRowProblem, toResource } from './rows/resource.ts';
import { readSubscription } from './rows/subscription-row.ts';
import { visibleVaults } from './visible-vaults.ts';

/** Single vaults as ARM has them, alive or deleted, what is in them, and the identity that is signed in. */
export interface OpenVaults {
  readonly vaults: VaultReader;
  readonly recycleBin: RecycleBin;
  readonly dependants: DependantSearch;
  readonly plane: VaultPlane;
  readonly preconditions: Preconditions;
  readonly subscriptions: SubscriptionLookup;
  /** The subscriptions of a scope; where it names nothing, every visible one. Throws `AzureError`. */
  expected(named: NamedScope, signal: AbortSignal): Promise<ExpectedSubscriptions>;
  /** The vaults of the named subscriptions; without any, of every visible one. Throws `AzureError`. */
  visible(subscriptions: readonly string[], signal: AbortSignal): Promise<readonly KitVaultAddress[]>;
  /** Signs in. Throws `AzureError` without a sign-in. */
  identity(): Promise<Identity>;
  /** Opens the way to change vaults and what is in them: for `apply` and `deleted` alone. */
  openSender(): WriteSender;
}

/** Opens ARM. Nothing is read or sent yet. */
export function openVaults(options: ConnectOptions): OpenVaults {
  const connection = connect(options);
  return {
    vaults: liveVaults(connection),
    recycleBin: armRecycleBin(connection),
    dependants: { ...graphDependants(connection), namesakes: graphNamesakes(connection) },
    plane: vaultPlane(connection),
    preconditions: armPreconditions(connection),
    subscriptions: graphSubscriptions(connection),
    expected: (named, signal) => expectedIn(connection, quietSession(signal), named),
    visible: async (subscriptions, signal) => visibleVaults(connection, subscriptions, signal),
    identity: () => currentIdentity(connection),
    openSender: () => armWriteSender(connection),
  };
}

async function expectedIn(
  connection: AzureConnection,
  session: Session,
  { subscriptions, managementGroups }: NamedScope,
): Promise<ExpectedSubscriptions> {
  if (subscriptions.length + managementGroups.length === 0)
    return {
      found: await listSubscriptions(connection, session),
      unknown: [],
      suggest: noSuggestion,
      gaps: [],
    };
  const {
    expected: named = [],
    unknown,
    suggest,
  } = subscriptions.length === 0
    ? { unknown: [], suggest: noSuggestion }
    : await targetSubscriptions(connection, session, subscriptions);
  const groups = await Promise.all(managementGroups.map((id) => targetGroup(connection, session, id)));
  const all = [...named, ...groups.flatMap(({ expected = [] }) => expected)];
  return {
    found: [...new Map(all.map((one) => [one.id.toLowerCase(), one])).values()],
    unknown,
    suggest,
    gaps: await gapsOf(connection, session, { managementGroups, groups }),
  };
}

const noSuggestion = async (): Promise<string> => '';

/** The gaps of management groups whose subscriptions could not be listed, in their order. */
async function gapsOf(
  connection: AzureConnection,
  session: Session,
  {
    managementGroups,
    groups,
  }: Pick<NamedScope, 'managementGroups'> & { readonly groups: readonly SnapshotTarget[] },
): Promise<ExpectedSubscriptions['gaps']> {
  const isAbsent = groups.some(({ unlisted }) => unlisted?.status === 404);
  const suggest = suggestAmong(isAbsent ? await visibleGroups(connection, session) : []);
  return groups.flatMap(({ unlisted }, index) => {
    const name = managementGroups[index] ?? '';
    if (unlisted === undefined) return [];
    return unlisted.status === 404 ? absentGroup(name, suggest(name)) : unlistedGroup(name, unlisted);
  });
}

/** Single vaults and managed HSMs as ARM has them now. */
export function liveVaults(connection: AzureConnection): VaultReader {
  return {
    async readVault(vault, signal) {
      const read = await readFromArm(connection, vault, signal);
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
