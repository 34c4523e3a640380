import type { Ending, Outcome, StepResult } from './apply.ts';
import type { Tool } from './tool.ts';

/** The results of recovering or purging, for people and scripts. Times are ISO 8601 UTC. */
export interface DeletedReport {
  readonly schemaVersion: '1.0';
  readonly tool: Tool;
  readonly action: 'recover' | 'purge';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ending: Ending;
  readonly results: readonly StepResult[];
  readonly summary: Readonly<Record<Outcome, number>>;
}
