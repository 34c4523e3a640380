import type { JsonObject } from './json.ts';
import type { Risk } from './risk.ts';
import type { Resource } from './resource.ts';
import type { Tool } from './tool.ts';
import type { VaultState } from './vault-state.ts';

/** The possible outcomes of a step. */
export const outcomes = [
  'verified',
  'sentNotVerified',
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

/** The outcome of a step; each one calls for a different action. */
export type Outcome = (typeof outcomes)[number];

/** The verdict of one rule on the vault after the step. */
export interface RuleVerdict {
  readonly id: string;
  readonly verdict: 'compliant' | 'nonCompliant' | 'unknown' | 'notApplicable';
}

/** The effect of a request that has not been sent: for the person who is asked, and for a dry run. */
export interface StepPreview {
  /** The values that would change, as they are now. */
  readonly before: Pick<VaultState, 'properties' | 'tags'>;
  /** Of the rules that it would close. */
  readonly risks: readonly Risk[];
  /** In words: what can never be undone, who may be cut off. */
  readonly consequences: readonly string[];
  /** In words: what would make Azure refuse it, as the plan found it. */
  readonly obstacles: readonly string[];
}

/** The result of one step: its outcome, the cause, and a hint. */
export interface StepResult {
  readonly step: string;
  readonly vault: Pick<Resource, 'id' | 'name' | 'type'>;
  readonly outcome: Outcome;
  readonly cause: string;
  /** The next action; empty where none is needed. */
  readonly hint: string;
  /** True when a request was sent in this run. */
  readonly sent: boolean;
  /** The body that was sent, or would be. */
  readonly changes: JsonObject;
  /** Of the last request that was sent; empty when none was. */
  readonly requestId: string;
  /** By the last reading of the vault; empty when it was not read. */
  readonly rules: readonly RuleVerdict[];
  /** The user left it out. */
  readonly notSelected?: true;
  /** Only where a request would be sent: in a dry run, and for the person who is asked. */
  readonly preview?: StepPreview;
}

/** The reason why steps were not taken: the user's choice, or a run that could not continue. `broken` is our bug. */
export type Ending = 'finished' | 'interrupted' | 'journalFailed' | 'broken';

/** The results of a run that writes, for people and scripts. Times are ISO 8601 UTC. */
export interface RunReport {
  readonly schemaVersion: '1.0';
  readonly tool: Tool;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ending: Ending;
  readonly results: readonly StepResult[];
  readonly summary: Readonly<Record<Outcome, number>>;
}

/** The results of `apply`: in the order of the plan; steps that were not selected included, as `skipped`. */
export interface ApplyReport extends RunReport {
  readonly planHash: string;
  readonly dryRun: boolean;
}
