import { describe, expect } from 'vitest';
import { bundleChild, testKilled } from './kill.ts';
import { deletedDates, objectsEstate, tenantWithObjects, vaultId } from './objects-estate.ts';

const child = bundleChild('deleted-objects-child.ts');

/** A deleted secret, to be recovered or purged. */
async function setScene(action: 'recover' | 'purge') {
  const { azure, journal, writes, change, ...estate } = objectsEstate(
    tenantWithObjects({ objects: [{ type: 'secret', name: 's', ...deletedDates }] }),
    { recoverLooks: 2 },
  );
  const objects = [await estate.deleted('s')];
  return {
    azure,
    journal,
    argv: [action, vaultId],
    /** A second run says what happened, and sends nothing twice; a third one sends nothing at all. */
    async expectResumed() {
      const report = await change(action, objects);
      expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified']);
      expect(writes()).toHaveLength(1);
      const third = await change(action, objects);
      expect(third.results).toMatchObject([{ outcome: 'verified', sent: false }]);
      expect(writes()).toHaveLength(1);
    },
  };
}

describe.for(['recover', 'purge'] as const)('%s, killed with SIGKILL, resumes to the same end', (action) => {
  const isPurge = action === 'purge';
  testKilled(child, async () => setScene(action), [
    {
      name: 'while the request is carried out',
      match: { method: isPurge ? 'DELETE' : 'POST' },
    },
    {
      name: 'before anything was read of it',
      match: { method: 'GET', path: /deletedsecrets\/s$/ },
    },
    {
      name: 'while it reads what became of it',
      match: isPurge
        ? { method: 'GET', path: /deletedsecrets\/s$/, nth: 2 }
        : { method: 'GET', path: /versions$/ },
    },
  ]);
});
