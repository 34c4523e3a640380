import type { JsonObject } from './json.ts';
import type { PlanVault } from './plan.ts';
import type { Tool } from './tool.ts';

/** What may become of a step. */
export const outcomes = [
  'verified',
  'stillFailing',
  'drifted',
  'alreadyCompliant',
  'lockedByScope',
  'deniedByPolicy',
  'unauthorized',
  'notFound',
  'conflict',
  'failed',
  'skipped',
] as const;

/** What became of a step, told apart because each asks for something else to be done. */
export type Outcome = (typeof outcomes)[number];

/** How one rule judges the vault after the step. */
export interface RuleVerdict {
  readonly id: string;
  readonly verdict: 'compliant' | 'nonCompliant' | 'unknown' | 'notApplicable';
}

/** What became of one step, why, and what to do about it. */
export interface StepResult {
  readonly step: string;
  readonly vault: Pick<PlanVault, 'id' | 'name' | 'type'>;
  readonly outcome: Outcome;
  readonly cause: string;
  /** What to do; empty where nothing is to be done. */
  readonly hint: string;
  /** True when a request was sent in this run. */
  readonly sent: boolean;
  /** The body that was sent, or would be. */
  readonly changes: JsonObject;
  /** Of the last request that was sent; empty when none was. */
  readonly requestId: string;
  /** By the last reading of the vault; empty when it was not read. */
  readonly rules: readonly RuleVerdict[];
}

/** Why steps were left: by the user's choice, or because the run could not go on. `broken` is a bug of ours. */
export type Ending = 'finished' | 'interrupted' | 'journalFailed' | 'broken';

/** The results of `apply`, for people and scripts. Times are ISO 8601 UTC. */
export interface ApplyReport {
  readonly schemaVersion: '1.0';
  readonly tool: Tool;
  readonly planHash: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly dryRun: boolean;
  readonly ending: Ending;
  /** In the order of the plan; steps that were not selected included, as `skipped`. */
  readonly results: readonly StepResult[];
  readonly summary: Readonly<Record<Outcome, number>>;
}
