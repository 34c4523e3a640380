import type { ConnectOptions } from '../azure/connection.ts';
import { connect } from '../azure/connection.ts';
import { currentIdentity } from '../azure/identity.ts';
import { armPreconditions } from '../azure/preconditions.ts';
import { armRecycleBin } from '../azure/recycle-bin.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import { armWriteSender } from '../azure/write-sender.ts';
import type { Identity } from '../model/identity.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { SubscriptionLookup } from '../model/source.ts';
import type { ExpectedSubscriptions, RecycleBin, VaultReader, WriteSender } from '../model/arm-ports.ts';
import { targetSubscriptions } from './live/targets.ts';
import { liveVaults } from './live-vaults.ts';
import { graphSubscriptions } from './subscription-lookup.ts';

/** Single vaults as ARM has them, alive or deleted, what changes them, and the identity that does. */
export interface OpenVaults {
  readonly vaults: VaultReader;
  readonly recycleBin: RecycleBin;
  readonly sender: WriteSender;
  readonly preconditions: Preconditions;
  readonly subscriptions: SubscriptionLookup;
  /** The named subscriptions, by id or display name; without any, every visible one. Throws `AzureError`. */
  expected(named: readonly string[], signal: AbortSignal): Promise<ExpectedSubscriptions>;
  /** Signs in. Throws `AzureError` when nobody is signed in. */
  identity(): Promise<Identity>;
}

/** Opens ARM. Nothing is read yet. */
export function openVaults(options: ConnectOptions): OpenVaults {
  const connection = connect(options);
  return {
    vaults: liveVaults(connection),
    recycleBin: armRecycleBin(connection),
    sender: armWriteSender(connection),
    preconditions: armPreconditions(connection),
    subscriptions: graphSubscriptions(connection),
    async expected(named, signal) {
      const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
      const session = { signal, cost, onWait: () => undefined };
      if (named.length === 0) return { found: await listSubscriptions(connection, session), unknown: [] };
      const { expected: found = [], unknown } = await targetSubscriptions(connection, session, named);
      return { found, unknown };
    },
    identity: () => currentIdentity(connection),
  };
}
