import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../emulator/index.ts';
import type { DeletedVault } from '../../src/model/arm-ports.ts';
import { wallClock } from '../../src/sources/wall-clock.ts';
import { bundleChild } from './child.ts';
import type { CrashPoint } from './mortal.ts';
import {
  binEstate,
  type BinEstate,
  deletedVault,
  subscriptionId,
  tenantWithBin,
} from './recycle-bin-estate.ts';

const child = bundleChild(join(import.meta.dirname, 'deleted-child.ts'));

type Action = 'recover' | 'purge';

interface Scene {
  readonly estate: BinEstate;
  readonly deleted: readonly DeletedVault[];
  readonly start: (crashPoint: CrashPoint) => ChildProcess;
  readonly close: () => Promise<void>;
}

/** A vault in the recycle bin, and a process that recovers or purges it over the loopback. */
async function scene(action: Action): Promise<Scene> {
  const estate = binEstate(tenantWithBin(deletedVault('kv-a')), { purgePolls: 2 });
  const deleted = await estate.list();
  const { url, close } = await serve(estate.azure);
  const token = await estate.azure.credential.getToken('https://management.azure.com/.default');
  return {
    estate,
    deleted,
    start: (crashPoint) =>
      child.start([action, subscriptionId, estate.journal, url, token?.token ?? '', crashPoint]),
    close,
  };
}

/** A second run in the same place says what happened, and sends nothing twice; a third one sends nothing at all. */
async function expectResumed({ estate, deleted }: Scene, action: Action): Promise<void> {
  const report = await estate.change(action, { deleted, clock: wallClock });
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified']);
  expect(estate.writes()).toHaveLength(1);
  const third = await estate.change(action, { deleted, clock: wallClock });
  expect(third.results).toMatchObject([{ outcome: 'verified', sent: false }]);
  expect(estate.writes()).toHaveLength(1);
}

const deaths: readonly CrashPoint[] = [
  'beforeIntent',
  'inIntent',
  'afterIntent',
  'afterResponse',
  'beforeResult',
  'inResult',
  'afterResult',
];

describe.for<Action>(['recover', 'purge'])('%s, killed with SIGKILL, resumes to the same end', (action) => {
  test.for(deaths)('%s', async (crashPoint) => {
    const stage = await scene(action);
    const [, signal] = await once(stage.start(crashPoint), 'exit');
    expect(signal).toBe('SIGKILL');
    const isTorn = !readFileSync(stage.estate.journal, 'utf8').endsWith('\n');
    expect(isTorn).toBe(crashPoint.startsWith('in'));
    await expectResumed(stage, action);
    await stage.close();
  });

  test.for([
    { name: 'while Azure carries the request out', method: action === 'purge' ? 'POST' : 'PUT', path: /./ },
    { name: 'before anything was read of it', method: 'GET', path: /locations\/westeurope/ },
    {
      name: 'while it reads what became of it',
      method: 'GET',
      path: action === 'purge' ? /operationResults/ : /vaults\/kv-a$/,
    },
  ])('$name', async ({ method, path }) => {
    const stage = await scene(action);
    const running = stage.start('none');
    stage.estate.azure.inject({
      kind: 'hook',
      match: { method, path },
      run: async () => {
        running.kill('SIGKILL');
        await once(running, 'exit');
      },
    });
    const [, signal] = await once(running, 'exit');
    expect(signal).toBe('SIGKILL');
    await expectResumed(stage, action);
    await stage.close();
  });
});
