import type { Plan, PlanStep, PlanVault } from '../../model/plan.ts';
import { isManagedHsm } from '../../model/resource.ts';
import { count, joinWords } from '../words/counts.ts';
import { valueWords } from '../words/values.ts';
import type { Change } from './difference.ts';

/** What the plan amounts to, in a sentence or two. With gaps it never sounds as if nothing were left. */
export function planSummary(plan: Plan, gaps: readonly string[]): string {
  if (gaps.length === 0) return summaryOf(plan);
  const incomplete = 'INCOMPLETE: not everything could be read.';
  return plan.steps.length + plan.manual.length === 0 ? incomplete : `${incomplete} ${summaryOf(plan)}`;
}

function summaryOf({ steps, manual }: Plan): string {
  if (steps.length === 0 && manual.length === 0) return 'There is nothing to do.';
  const left = `${count(manual.length, 'finding')} to fix by hand`;
  if (steps.length === 0) return `purgeproof cannot fix anything here; ${left}.`;
  const risky = (['irreversible', 'disruptive'] as const).flatMap((risk) => {
    const number = steps.filter((step) => step.rules.some((rule) => rule.risk === risk)).length;
    return number === 0 ? [] : [`${number} ${risk}`];
  });
  const how = risky.length === 0 ? '' : ` (${joinWords(risky)})`;
  return `${count(steps.length, 'vault')} to change${how}, ${left}.`;
}

/** What `apply` has to be told for this plan. */
export function applyFlags({ steps }: Plan): string {
  const flags = (['disruptive', 'irreversible'] as const)
    .filter((risk) => steps.some((step) => step.rules.some((rule) => rule.risk === risk)))
    .map((risk) => ` --allow ${risk}`);
  return flags.join('');
}

/** Where a vault is: `vault · prod-payments · rg-payments · westeurope`. */
export function placeWords(
  { type, subscriptionId, resourceGroup, location }: PlanVault,
  { scope }: Plan,
): string {
  const named = scope.subscriptions.find(({ id }) => id.toLowerCase() === subscriptionId.toLowerCase());
  const subscription = named?.name ?? subscriptionId;
  const parts = [isManagedHsm(type) ? 'managed HSM' : 'vault', subscription, resourceGroup, location];
  return parts.filter((part) => part !== '').join(' · ');
}

/** A value before or after. */
export function sideWords(value: Change['before']): string {
  return value === undefined || value === null ? 'unset' : valueWords(value);
}

/** The rules that a step closes. */
export function rulesWords({ rules }: PlanStep): string {
  return joinWords(rules.map(({ id, name }) => `${id} ${name}`));
}
