import type { Plan } from '../../model/plan.ts';
import { clouds } from '../../model/cloud.ts';
import { shellWord } from '../text/shell.ts';
import type { PlanContext } from './format.ts';

/** The command that applies this plan, to be pasted into a shell; `undefined` where there is no file to apply. */
export function applyCommand(
  plan: Plan,
  { planFile, cloud }: Pick<PlanContext, 'planFile' | 'cloud'>,
): string | undefined {
  if (planFile === undefined || plan.steps.length === 0) return undefined;
  const elsewhere = cloud === undefined || cloud === clouds[0] ? '' : ` --cloud ${cloud}`;
  return `purgeproof apply ${pathWord(planFile)}${allowFlags(plan)}${elsewhere}`;
}

/** The advice where there is no file to apply. */
export const withoutFile = 'To apply this plan, write it to a file with --out plan.json.';

function allowFlags({ steps }: Plan): string {
  const flags = (['disruptive', 'irreversible'] as const)
    .filter((risk) => steps.some((step) => step.rules.some((rule) => rule.risk === risk)))
    .map((risk) => ` --allow ${risk}`);
  return flags.join('');
}

/** A path as one word of a shell, which the command does not take for a flag. */
function pathWord(path: string): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path);
}
