import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import { type Emulator, type Fault, serve } from '../../emulator/index.ts';
import { type CrashPoint, crashPoints } from './mortal.ts';

/** A script of this folder to be run in a process of its own. */
interface Child {
  readonly start: (argv: readonly string[]) => ChildProcess;
}

/** Bundles a script before the tests: one file starts in a fraction of the time that hundreds take. */
export function bundleChild(script: string): Child {
  const outfile = join(mkdtempSync(join(tmpdir(), 'purgeproof-child-')), 'child.mjs');
  beforeAll(async () => {
    await build({
      input: join(import.meta.dirname, script),
      platform: 'node',
      output: { file: outfile, format: 'esm', codeSplitting: false },
      logLevel: 'warn',
    });
  });
  return { start: (argv) => spawn(process.execPath, [outfile, ...argv], { stdio: 'inherit' }) };
}

/** An emulated Azure, and what a script is to change in it. */
interface Scene {
  readonly azure: Emulator;
  readonly journal: string;
  /** The arguments of the script before those of `mortalRun`. */
  readonly argv: readonly string[];
  /** Runs the same here once more: it must end what the first run began, and send nothing twice. */
  readonly expectResumed: () => Promise<void>;
}

/** A request of the process during which it is killed. */
interface Moment {
  readonly name: string;
  readonly match: Required<Fault>['match'];
}

/** Tests a script that is killed with SIGKILL: at every point of its journal, and while Azure has requests of it. */
export function testKilled(child: Child, setScene: () => Promise<Scene>, moments: readonly Moment[]): void {
  test.for(crashPoints)('%s', async (crashPoint) => {
    const scene = await setScene();
    const { running, close } = await start(child, scene, crashPoint);
    expect(await signalThatEnded(running)).toBe('SIGKILL');
    const isTorn = !readFileSync(scene.journal, 'utf8').endsWith('\n');
    expect(isTorn).toBe(crashPoint.startsWith('in'));
    await scene.expectResumed();
    await close();
  });

  test.for(moments)('$name', async ({ match }) => {
    const scene = await setScene();
    const { running, close } = await start(child, scene, 'none');
    const run = async (): Promise<void> => {
      running.kill('SIGKILL');
      await once(running, 'exit');
    };
    scene.azure.inject({ kind: 'hook', match, run });
    expect(await signalThatEnded(running)).toBe('SIGKILL');
    await scene.expectResumed();
    await close();
  });
}

async function start(child: Child, { azure, journal, argv }: Scene, crashPoint: CrashPoint | 'none') {
  const { url, close } = await serve(azure);
  const tokens = await Promise.all(
    ['https://management.azure.com/.default', 'https://vault.azure.net/.default'].map(
      async (scope) => (await azure.credential.getToken(scope))?.token ?? '',
    ),
  );
  return { running: child.start([...argv, journal, url, tokens.join(' '), crashPoint]), close };
}

async function signalThatEnded(running: ChildProcess): Promise<unknown> {
  const [, signal] = await once(running, 'exit');
  return signal;
}
