import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Address, AzureSize, Traffic } from './azure-process.ts';

/** An emulated Azure in a process of its own. */
export interface AzureProcess {
  readonly address: Address;
  /** What was asked since the last call. */
  readonly traffic: () => Promise<Traffic>;
  readonly stop: () => Promise<void>;
}

/** Starts an Azure with a generated tenant. */
export async function startAzure(tenant: AzureSize): Promise<AzureProcess> {
  const child = fork(join(import.meta.dirname, 'azure-process.ts'), [JSON.stringify(tenant)], {
    execArgv: ['--import', 'tsx', '--max-old-space-size=8192'],
  });
  const [address]: Address[] = await once(child, 'message');
  if (address === undefined) throw new Error('the emulated Azure did not start');
  return {
    address,
    async traffic() {
      const answer = once(child, 'message');
      child.send('traffic');
      const [traffic]: Traffic[] = await answer;
      return traffic ?? { requests: 0, vaults: 0 };
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
