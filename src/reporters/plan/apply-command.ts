import { defaultMaxChanges, type Plan } from '../../model/plan.ts';
import { clouds } from '../../model/cloud.ts';
import { shellPath } from '../text/shell.ts';
import type { PlanContext } from './format.ts';

/** The command that applies this plan, to be pasted into a shell; `undefined` where there is no file to apply. */
export function applyCommand(
  plan: Plan,
  { planFile, cloud }: Pick<PlanContext, 'planFile' | 'cloud'>,
): string | undefined {
  if (planFile === undefined || plan.steps.length === 0) return undefined;
  const elsewhere = cloud === undefined || cloud === clouds[0] ? '' : ` --cloud ${cloud}`;
  const amount = plan.steps.length;
  const limit = amount > defaultMaxChanges ? ` --max-changes ${amount}` : '';
  return `purgeproof apply ${shellPath(planFile)}${allowFlags(plan)}${limit}${elsewhere}`;
}

function allowFlags({ steps }: Plan): string {
  const flags = (['disruptive', 'irreversible'] as const)
    .filter((risk) => steps.some((step) => step.rules.some((rule) => rule.risk === risk)))
    .map((risk) => ` --allow ${risk}`);
  return flags.join('');
}
