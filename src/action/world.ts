import type { OpenOptions } from '../sources/open-source.ts';
import type { Runner } from './runner.ts';

/** Replaces the way to Azure. */
export type AzureOverrides = OpenOptions['azure'];

/** Everything that the action may touch: the outside, as an argument. */
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
