import { readArmList } from '../azure/arm-list.ts';
import { connect } from '../azure/connect.ts';
import type { AzureConnection, ConnectOptions } from '../azure/connection.ts';
import type { VaultReader } from '../model/arm-ports.ts';
import { type KitReader, type KitVaultAddress, listedTypes } from '../model/kit.ts';
import { isListed } from '../remediation/kit/items.ts';
import { liveVaults } from './open-vaults.ts';
import { visibleVaults } from './visible-vaults.ts';
import type { AccessReader } from '../model/access.ts';
import type { ResourceSource, SourceScope } from '../model/source.ts';
import { readAccess } from './access.ts';
import { liveSource } from './live.ts';
import type { NamedScope } from './live/first-snapshot.ts';

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
    visible: async (subscriptions, signal) => visibleVaults(connection, subscriptions, signal),
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

/** Vaults and managed HSMs in a scope, and who has access to them, eligible principals included. */
export interface OpenAccess {
  readonly source: ResourceSource;
  readonly openAccess: (scope: SourceScope, signal: AbortSignal) => AccessReader;
}

/** Opens Resource Graph and ARM. Nothing is read yet. */
export function openAccess(options: ConnectOptions, named: NamedScope): OpenAccess {
  const connection = connect(options);
  return {
    source: liveSource({ connection, ...named }),
    openAccess: ({ subscriptions }, signal) =>
      readAccess(connection, { signal, subscriptions, eligible: true }),
  };
}
