import type { WriteSender } from '../model/arm-ports.ts';
import type { AzureConnection } from './connection.ts';
import { sendToRecycleBin } from './recycle-bin.ts';
import { sendToVault } from './vault-plane.ts';
import { armVaults } from './vault-writer.ts';

/**
 * Sends every kind of write to ARM, or to the data plane of a vault. `pollMs` is the pause between polls of an operation,
 * where Azure asks for none.
 */
export function armWriteSender(connection: AzureConnection, pollMs = 2000): WriteSender {
  const vaults = armVaults(connection, pollMs);
  return {
    async send(action, signal) {
      if (action.kind === 'patch') return vaults.patch(action.vault, action.body, signal);
      return 'object' in action
        ? sendToVault(connection, action)
        : sendToRecycleBin(connection, action, { pollMs, signal });
    },
  };
}
