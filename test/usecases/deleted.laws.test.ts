import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../runs.ts';
import { acceptedWrites, anyFault } from './faults.ts';
import { binEstate, type BinEstate, deletedVault, tenantWithBin } from './recycle-bin-estate.ts';

const fault = anyFault(['GET', 'PUT', 'POST'], [/./, /deletedVaults/, /operationResults/, /vaults\/kv-a$/]);

/** By then the faults are used up. */
const mostRuns = 40;

describe.for(['recover', 'purge'] as const)('laws of a %s, whatever goes wrong', (action) => {
  test('nothing is sent again once Azure has accepted it, and verified is true', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        async (faults, purgePolls) => {
          const estate = binEstate(tenantWithBin(deletedVault('kv-a')), { purgePolls });
          const deleted = await estate.list();
          for (const one of faults) estate.azure.inject(one);
          for (let again = 0; again < mostRuns; again += 1) {
            const { results } = await estate.change(action, { deleted });
            const outcome = results[0]?.outcome;
            expectTrue(outcome, estate, action);
            if (outcome === 'verified') break;
          }
          // An answer that breaks twice is not counted.
          expect(acceptedWrites(estate.azure)).toBeLessThanOrEqual(1);
          expectTrue('verified', estate, action);
        },
      ),
      { numRuns: runs(120) },
    );
  });
});

function expectTrue(outcome: string | undefined, { azure }: BinEstate, action: 'recover' | 'purge'): void {
  if (outcome !== 'verified') return;
  const { deleted, resources } = azure.tenant;
  expect(deleted).toEqual([]);
  expect(Array.isArray(resources) && resources.length).toBe(action === 'recover' ? 1 : 0);
}
