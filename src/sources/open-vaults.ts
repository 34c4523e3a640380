import type { ConnectOptions } from '../azure/connection.ts';
import { connect } from '../azure/connection.ts';
import { currentIdentity } from '../azure/identity.ts';
import { armPreconditions } from '../azure/preconditions.ts';
import type { Identity } from '../model/identity.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { SubscriptionLookup } from '../model/subscription-lookup.ts';
import type { VaultWriter } from '../model/vault-writer.ts';
import { liveVaults } from './live-vaults.ts';
import { graphSubscriptions } from './subscription-lookup.ts';

/** Single vaults as ARM has them, and who it is that looks. */
export interface OpenVaults {
  readonly vaults: VaultWriter;
  readonly preconditions: Preconditions;
  readonly subscriptions: SubscriptionLookup;
  /** Signs in. Throws `AzureError` when nobody is signed in. */
  identity(): Promise<Identity>;
}

/** Opens ARM. Nothing is read yet. */
export function openVaults(options: ConnectOptions): OpenVaults {
  const connection = connect(options);
  return {
    vaults: liveVaults(connection),
    preconditions: armPreconditions(connection),
    subscriptions: graphSubscriptions(connection),
    identity: () => currentIdentity(connection),
  };
}
