import type { Plan } from '../../model/plan.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Format, Terminal } from '../format.ts';

/** A thing that a plan does not cover: which and why, and what to do about it. */
export interface PlanGap {
  readonly text: string;
  /** May hold commands between backticks; empty where nothing is known to help. */
  readonly hint: string;
}

/** Commands that go on from a plan, each as it is pasted into a shell. */
export interface PlanCommands {
  /** Shows it vault by vault; absent where it is shown so already. */
  readonly everything?: string;
  /** Makes the same plan, and writes it to a file. */
  readonly toFile: string;
  /** Makes it with the fixes that may cut users off as well. */
  readonly disruptive: string;
}

/** The surroundings of a plan that its formats may use. */
export interface PlanContext {
  readonly terminal: Terminal;
  readonly gaps: readonly PlanGap[];
  /** The findings to fix by hand that would have a step, were disruptive fixes planned. */
  readonly heldBack?: number;
  /** The file that the plan was written to; without it, there is nothing to apply. */
  readonly planFile?: string;
  /** `full`: vault by vault, with every value; else what is the same for several vaults is said once. */
  readonly detail?: 'full';
  /** Absent where nobody can paste a command. */
  readonly commands?: PlanCommands;
  /** The cloud that it was made in. */
  readonly cloud?: Cloud;
}

/** A format of plans. */
export type PlanFormat = Format<Plan, PlanContext>;
