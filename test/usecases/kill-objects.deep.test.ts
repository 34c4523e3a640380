import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../emulator/index.ts';
import type { DeletedObject } from '../../src/model/vault-plane.ts';
import { bundleChild } from './child.ts';
import type { CrashPoint } from './mortal.ts';
import {
  deletedDates,
  objectsEstate,
  type ObjectsEstate,
  tenantWithObjects,
  vaultId,
} from './objects-estate.ts';

const child = bundleChild(join(import.meta.dirname, 'deleted-objects-child.ts'));

type Action = 'recover' | 'purge';

interface Scene {
  readonly estate: ObjectsEstate;
  readonly objects: readonly DeletedObject[];
  readonly start: (crashPoint: CrashPoint) => ChildProcess;
  readonly close: () => Promise<void>;
}

/** A deleted secret, and a process that recovers or purges it over the loopback. */
async function scene(action: Action): Promise<Scene> {
  const estate = objectsEstate(
    tenantWithObjects({ objects: [{ type: 'secret', name: 's', ...deletedDates }] }),
    {
      recoverLooks: 2,
    },
  );
  const objects = [await estate.deleted('s')];
  const { url, close } = await serve(estate.azure);
  const tokens = await Promise.all(
    ['https://management.azure.com/.default', 'https://vault.azure.net/.default'].map(
      async (scope) => (await estate.azure.credential.getToken(scope))?.token ?? '',
    ),
  );
  return {
    estate,
    objects,
    start: (crashPoint) => child.start([action, vaultId, estate.journal, url, tokens.join(' '), crashPoint]),
    close,
  };
}

/** A second run in the same place says what happened, and sends nothing twice; a third one sends nothing at all. */
async function expectResumed({ estate, objects }: Scene, action: Action): Promise<void> {
  const report = await estate.change(action, objects);
  expect(report.results.map(({ outcome }) => outcome)).toEqual(['verified']);
  expect(estate.writes()).toHaveLength(1);
  const third = await estate.change(action, objects);
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
    {
      name: 'while the request is carried out',
      method: action === 'purge' ? 'DELETE' : 'POST',
      path: /./,
      nth: 1,
    },
    { name: 'before anything was read of it', method: 'GET', path: /deletedsecrets\/s$/, nth: 1 },
    {
      name: 'while it reads what became of it',
      method: 'GET',
      path: action === 'purge' ? /deletedsecrets\/s$/ : /versions$/,
      nth: action === 'purge' ? 2 : 1,
    },
  ])('$name', async ({ method, path, nth }) => {
    const stage = await scene(action);
    const running = stage.start('none');
    stage.estate.azure.inject({
      kind: 'hook',
      match: { method, path, nth },
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
