import type { AzureConnection } from '../azure/connection.ts';
import { refusal } from '../azure/refusal.ts';
import { armVaults } from '../azure/vault-writer.ts';
import type { VaultRead, VaultReader } from '../model/arm-ports.ts';
import { isRowProblem, toResource } from './rows/resource.ts';

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
