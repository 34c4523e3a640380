import { actionsRunner } from './runner.ts';
import type { ActionWorld } from './world.ts';

/** The world of a step on a runner. */
export function processWorld(packageRoot: string): ActionWorld {
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
