import type { WriteSender } from '../model/arm-ports.ts';
import type { AzureConnection } from './connection.ts';
import { sendToRecycleBin } from './recycle-bin.ts';
import { armVaults } from './vault-writer.ts';

/** Sends every kind of write to ARM. `pollMs` is the pause between polls of an operation, where Azure asks for none. */
export function armWriteSender(connection: AzureConnection, pollMs = 2000): WriteSender {
  const vaults = armVaults(connection, pollMs);
  return {
    send: (action, signal) =>
      action.kind === 'patch'
        ? vaults.patch(action.vault, action.body, signal)
        : sendToRecycleBin(connection, action, { pollMs, signal }),
  };
}
