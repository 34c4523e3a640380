import type { Plan } from '../../model/plan.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { Format, Terminal } from '../format.ts';

/** The surroundings of a plan that its formats may use. */
export interface PlanContext {
  readonly terminal: Terminal;
  /** Descriptions of what could not be read. */
  readonly gaps: readonly string[];
  /** The file that the plan was written to; without it, there is nothing to apply. */
  readonly planFile?: string;
  /** The cloud that it was made in. */
  readonly cloud?: Cloud;
}

/** A format of plans. */
export type PlanFormat = Format<Plan, PlanContext>;
