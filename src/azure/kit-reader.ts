import { type KitReader, listedTypes } from '../model/kit.ts';
import type { JsonObject } from '../model/json.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';

/**
 * Reads what stands beside vaults from ARM. Role assignments come without a filter: `atScope()` leaves out those on single
 * keys, secrets and certificates, which a recovery does not bring back either.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
export function armKitReader(connection: AzureConnection, isEntry: (row: JsonObject) => boolean): KitReader {
  return {
    async list({ id, name }, part, signal) {
      const { type, apiVersion } = listedTypes[part];
      const path = `${id
        .split('/')
        .map((segment) => encodeURIComponent(segment))
        .join('/')}/providers/${type}?api-version=${apiVersion}`;
      return readArmList(connection, { operation: `read the ${type} of ${name}`, path, isEntry }, signal);
    },
  };
}
