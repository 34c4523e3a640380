import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { runs } from '../runs.ts';
import { aTenant, type Estate, estate } from './estate.ts';
import { acceptedWrites, anyFault } from './faults.ts';

const fault = anyFault(['GET', 'PATCH'], [/./, /vaults\/kv-a$/, /managedHSMs\/hsm-a$/, /OperationResults/i]);

/** By then the faults are used up. */
const mostRuns = 40;

test('whatever goes wrong, no change is sent again once Azure has accepted it, and verified is true', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 4 }), async (faults) => {
      const tenant = estate(
        aTenant({ 'kv-a': { enableSoftDelete: true } }, { 'hsm-a': { softDeleteRetentionInDays: 90 } }),
      );
      const { plan } = await tenant.plan();
      expect(plan.steps).toHaveLength(2);
      const journal = join(mkdtempSync(join(tmpdir(), 'purgeproof-law-')), 'plan.ndjson');
      for (const one of faults) tenant.azure.inject(one);
      for (let again = 0; again < mostRuns; again += 1) {
        const { results } = await tenant.apply(plan, { journal: journalFile(journal) });
        const verified = results.filter(({ outcome }) => outcome === 'verified');
        const claimed = verified.filter(({ vault }) => !isProtected(tenant, vault.name));
        expect(claimed).toEqual([]);
        if (results.every(({ outcome }) => outcome === 'verified')) break;
      }
      expect(['kv-a', 'hsm-a'].filter((name) => !isProtected(tenant, name))).toEqual([]);
      // An answer that breaks twice is not counted.
      expect(acceptedWrites(tenant.azure)).toBeLessThanOrEqual(2);
    }),
    { numRuns: runs(120) },
  );
});

function isProtected({ properties }: Estate, name: string): boolean {
  return properties(name)['enablePurgeProtection'] === true;
}
