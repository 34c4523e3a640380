import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../emulator/index.ts';
import type { Plan } from '../../src/model/plan.ts';
import { journalFile } from '../../src/files/apply/journal-file.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { planValidForMs } from '../../src/usecases/plan.ts';
import { bundleChild } from './child.ts';
import type { CrashPoint } from './mortal.ts';
import { aTenant, type Estate, estate } from './estate.ts';
import { planFileText } from '../build.ts';

const unprotected = { enableSoftDelete: true, softDeleteRetentionInDays: 90 };

const child = bundleChild(join(import.meta.dirname, 'apply-child.ts'));

interface Scene {
  readonly tenant: Estate;
  readonly plan: Plan;
  readonly journal: string;
  readonly start: (crashPoint: CrashPoint) => ChildProcess;
  readonly close: () => Promise<void>;
}

/** Two vaults, a plan for them, and a process that applies it over the loopback. */
async function scene(): Promise<Scene> {
  const tenant = estate(aTenant({ 'kv-a': unprotected, 'kv-b': unprotected }));
  const { plan } = await tenant.plan({ clock: wallClock, validForMs: planValidForMs });
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-kill-'));
  const [planFile, journal] = [join(folder, 'plan.json'), join(folder, 'plan.ndjson')];
  writeFileSync(planFile, planFileText(plan));
  const { url, close } = await serve(tenant.azure);
  const token = await tenant.azure.credential.getToken('https://management.azure.com/.default');
  const start = (crashPoint: CrashPoint): ChildProcess =>
    child.start([planFile, journal, url, token?.token ?? '', crashPoint]);
  return { tenant, plan, journal, start, close };
}

/** A second run in the same place must end what the first began, and send nothing twice. */
async function expectResumed({ tenant, plan, journal }: Scene): Promise<void> {
  const report = await tenant.apply(plan, { journal: journalFile(journal), clock: wallClock });
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
  expect(
    tenant
      .patches()
      .map(([name]) => name)
      .toSorted(),
  ).toEqual(['kv-a', 'kv-b']);
  const third = await tenant.apply(plan, { journal: journalFile(journal), clock: wallClock });
  expect(third.summary.verified).toBe(2);
  expect(tenant.patches()).toHaveLength(2);
}

describe('apply, killed with SIGKILL, resumes to the same end with no vault written twice', () => {
  test.for<CrashPoint>([
    'beforeIntent',
    'inIntent',
    'afterIntent',
    'afterResponse',
    'beforeResult',
    'inResult',
    'afterResult',
  ])('%s', async (crashPoint) => {
    const stage = await scene();
    const [, signal] = await once(stage.start(crashPoint), 'exit');
    expect(signal).toBe('SIGKILL');
    const isTorn = !readFileSync(stage.journal, 'utf8').endsWith('\n');
    expect(isTorn).toBe(crashPoint.startsWith('in'));
    await expectResumed(stage);
    await stage.close();
  });

  test('while Azure carries the request out', async () => {
    const stage = await scene();
    const process = stage.start('none');
    stage.tenant.azure.inject({
      kind: 'hook',
      match: { method: 'PATCH' },
      run: async () => {
        process.kill('SIGKILL');
        await once(process, 'exit');
      },
    });
    const [, signal] = await once(process, 'exit');
    expect(signal).toBe('SIGKILL');
    await expectResumed(stage);
    await stage.close();
  });
});
