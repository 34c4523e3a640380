import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { planValidForMs } from '../../src/usecases/plan.ts';
import { planFileText } from '../build.ts';
import { aTenant, estate } from './estate.ts';
import { bundleChild, testKilled } from './kill.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90 };

const child = bundleChild('apply-child.ts');

/** Two vaults, and a plan for them to be applied. */
async function setScene() {
  const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
  const { plan } = await tenant.plan({ clock: wallClock, validForMs: planValidForMs });
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-kill-'));
  const [planFile, journal] = [join(folder, 'plan.json'), join(folder, 'plan.ndjson')];
  writeFileSync(planFile, planFileText(plan));
  return {
    azure: tenant.azure,
    journal,
    argv: [planFile],
    /** A second run ends what the first began, and sends nothing twice; a third one sends nothing at all. */
    async expectResumed() {
      const report = await tenant.apply(plan, { journal: journalFile(journal), clock: wallClock });
      expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
      const patched = tenant.patches().map(([name]) => name);
      expect(patched.toSorted()).toEqual(['kv-a', 'kv-b']);
      const third = await tenant.apply(plan, { journal: journalFile(journal), clock: wallClock });
      expect(third.summary.verified).toBe(2);
      expect(tenant.patches()).toHaveLength(2);
    },
  };
}

describe('apply, killed with SIGKILL, resumes to the same end with no vault written twice', () => {
  testKilled(child, setScene, [{ name: 'while Azure carries the request out', match: { method: 'PATCH' } }]);
});
