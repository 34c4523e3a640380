import { fileURLToPath } from 'node:url';
import { run } from './run.ts';
import { actionsRunner } from './runner.ts';
import type { ActionWorld } from './world.ts';

// Both src/action/index.ts and the bundle dist/action/index.mjs lie two folders below policies/.
process.exitCode = await run(stepWorld(fileURLToPath(new URL('../../', import.meta.url))));

/** The surroundings of a step on a runner. */
function stepWorld(packageRoot: string): ActionWorld {
  const { env } = process;
  const workspace = env['GITHUB_WORKSPACE'] ?? '';
  return {
    env,
    workspace: workspace === '' ? process.cwd() : workspace,
    runner: actionsRunner(env),
    now: () => new Date(),
    signal: cancellation(),
    packageRoot,
  };
}

/** A cancelled job gets SIGINT, and SIGTERM some seconds later. */
function cancellation(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
