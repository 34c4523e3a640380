import type { AzureConnection } from '../azure/connection.ts';
import { refusal } from '../azure/refusal.ts';
import { armVaults } from '../azure/vault-writer.ts';
import type { VaultWriter } from '../model/vault-writer.ts';
import { isRowProblem, toResource } from './rows/resource.ts';

/** Single vaults and managed HSMs as ARM has them now, to be read and changed. */
export function liveVaults(
  connection: AzureConnection,
  options: { readonly pollMs?: number } = {},
): VaultWriter {
  const arm = armVaults(connection, options.pollMs);
  return {
    async readVault(vault, signal) {
      const read = await arm.read(vault, signal);
      if (read.kind !== 'found') return read;
      const resource = toResource(read.body);
      if (isRowProblem(resource)) return unreadable(`the answer ${resource.problem}`);
      if (resource.id.toLowerCase() === vault.id.toLowerCase()) return { kind: 'found', resource };
      return unreadable('the answer is about another resource');
    },
    patchVault: (vault, body, signal) => arm.patch(vault, body, signal),
  };
}

function unreadable(message: string): {
  readonly kind: 'failed';
  readonly refusal: ReturnType<typeof refusal>;
} {
  return { kind: 'failed', refusal: refusal({ status: 0, code: 'MalformedAnswer', message }) };
}
