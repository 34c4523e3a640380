import type { PlanFormat } from './format.ts';

/** The plan file, as `apply` reads it: `schemas/plan.schema.json`. */
export const planJson: PlanFormat = {
  extension: 'json',
  render: (plan) => [`${JSON.stringify(plan, null, 2)}\n`],
};
