import type { Plan, PlanStep, PlanVault } from '../../model/plan.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { countKinds, filteredWords, namesOf } from '../words/scope.ts';
import type { Risk } from '../../model/risk.ts';
import { joinWords } from '../../model/join-words.ts';
import { count, number } from '../words/counts.ts';
import { valueWords } from '../words/values.ts';
import type { Change } from './difference.ts';

/** A summary of the plan in a sentence or two. With gaps it never sounds as if nothing were left to do. */
export function planSummary(plan: Plan, gaps: readonly unknown[]): string {
  if (gaps.length === 0) return summaryOf(plan);
  const incomplete = 'INCOMPLETE: not everything could be read.';
  return plan.steps.length + plan.manual.length === 0 ? incomplete : `${incomplete} ${summaryOf(plan)}`;
}

function summaryOf(plan: Plan): string {
  const filter = filteredWords(plan);
  return filter === '' ? amounts(plan) : `${amounts(plan)} ${filter}`;
}

function amounts({ steps, manual }: Plan): string {
  if (steps.length === 0 && manual.length === 0) return 'There is nothing to do.';
  const left = `${count(manual.length, 'finding')} to fix by hand`;
  if (steps.length === 0) return `purgeproof cannot fix anything here; ${left}.`;
  const risky = named.flatMap((risk) => {
    const number = steps.filter((step) => risksOf(step).includes(risk)).length;
    return number === 0 ? [] : [`${number} ${risk}`];
  });
  const both = steps.filter((step) => risksOf(step).length > 1).length;
  const overlap = both === 0 ? '' : `, ${both} of them both`;
  const how = risky.length === 0 ? '' : ` (${joinWords(risky)}${overlap})`;
  return `${countKinds(steps.map(({ vault }) => vault.type))} to change${how}, ${left}.`;
}

/** The risks that `apply` wants allowed by name, most severe first. */
const named = ['irreversible', 'disruptive'] as const;

function risksOf({ rules }: PlanStep): readonly Risk[] {
  return named.filter((risk) => rules.some((rule) => rule.risk === risk));
}

/** `irreversible and disruptive`: every risk of a step, not only the most severe. */
export function riskWords(step: PlanStep): string {
  const risks = risksOf(step);
  return risks.length === 0 ? step.risk : joinWords(risks);
}

/** `42 of these findings have a fix that may cut users off; to plan those as well`. */
export function heldBackWords(heldBack: number): string {
  return heldBack === 1
    ? '1 of these findings has a fix that may cut users off; to plan that as well'
    : `${number(heldBack)} of these findings have a fix that may cut users off; to plan those as well`;
}

/** The place of a vault: `vault · prod-payments · rg-payments · westeurope`. */
export function placeWords(vault: PlanVault, plan: Plan): string {
  const kind = knownType(vault.type)?.words.one ?? vault.type;
  return [kind, ...placeParts(vault, plan)].join(' · ');
}

/** The same without its kind, in parts: its subscription, its resource group, its region. */
export function placeParts(
  { subscriptionId, resourceGroup, location }: PlanVault,
  { scope }: Plan,
): readonly string[] {
  const parts = [namesOf(scope.subscriptions)(subscriptionId), resourceGroup, location];
  return parts.filter((part) => part !== '');
}

/** `29 vaults`, `1 managed HSM`: resources of one type, else `3 resources`. */
export function vaultCount(things: readonly { readonly vault: Pick<PlanVault, 'type'> }[]): string {
  const types = new Set(things.map(({ vault }) => vault.type.toLowerCase()));
  const words = types.size === 1 ? knownType([...types][0] ?? '')?.words : undefined;
  return count(things.length, words?.one ?? 'resource', words?.many ?? 'resources');
}

/** A value before or after. */
export function sideWords(value: Change['before']): string {
  return value === undefined || value === null ? 'unset' : valueWords(value);
}

/** The rules that a step closes. */
export function rulesWords({ rules }: PlanStep): string {
  return joinWords(rules.map(({ id, name }) => `${id} ${name}`));
}
