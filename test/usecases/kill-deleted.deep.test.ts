import { describe, expect } from 'vitest';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { bundleChild, testKilled } from './kill.ts';
import { binEstate, deletedVault, subscriptionId, tenantWithBin } from './recycle-bin-estate.ts';

const child = bundleChild('deleted-child.ts');

/** A vault in the recycle bin, to be recovered or purged. */
async function setScene(action: 'recover' | 'purge') {
  const { azure, journal, writes, change, list } = binEstate(tenantWithBin(deletedVault('kv-a')), {
    purgePolls: 2,
  });
  const deleted = await list();
  return {
    azure,
    journal,
    argv: [action, subscriptionId],
    /** A second run says what happened, and sends nothing twice; a third one sends nothing at all. */
    async expectResumed() {
      const report = await change(action, { deleted, clock: wallClock });
      expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified']);
      expect(writes()).toHaveLength(1);
      const third = await change(action, { deleted, clock: wallClock });
      expect(third.results).toMatchObject([{ outcome: 'verified', sent: false }]);
      expect(writes()).toHaveLength(1);
    },
  };
}

describe.for(['recover', 'purge'] as const)('%s, killed with SIGKILL, resumes to the same end', (action) => {
  const isPurge = action === 'purge';
  testKilled(child, async () => setScene(action), [
    {
      name: 'while Azure carries the request out',
      match: { method: isPurge ? 'POST' : 'PUT' },
    },
    {
      name: 'before anything was read of it',
      match: { method: 'GET', path: /locations\/westeurope/ },
    },
    {
      name: 'while it reads what became of it',
      match: { method: 'GET', path: isPurge ? /operationResults/ : /vaults\/kv-a$/ },
    },
  ]);
});
