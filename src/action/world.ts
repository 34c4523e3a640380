import type { Runner } from './runner.ts';

/** The surroundings of the action: its environment, runner, clock and folders. */
export interface ActionWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder from which inputs name files: the workspace. */
  readonly workspace: string;
  readonly runner: Runner;
  readonly now: () => Date;
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
  /** The folder that holds `package.json` and `policies/`. */
  readonly packageRoot: string;
}
