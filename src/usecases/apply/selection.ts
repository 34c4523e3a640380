import { UsageError } from '../../model/errors.ts';
import type { Plan, PlanStep } from '../../model/plan.ts';
import { worstRisk } from '../../model/risk.ts';

/** The part of a plan to apply; empty lists mean everything. */
export interface Selection {
  /** Steps by their own id, or by the id or name of their vault. */
  readonly only: readonly string[];
  /** Rules by id: of each step, only what these rules ask for. */
  readonly rules: readonly string[];
}

/** A step of the plan, and what is to be done of it. */
export interface SelectedStep {
  /** Narrowed to the selected rules. */
  readonly step: PlanStep;
  readonly selected: boolean;
  /** All rules of the step are selected: its body is the plan's own. */
  readonly whole: boolean;
}

/** Selects from a plan, in its order. Throws UsageError when something is named that the plan does not have. */
export function selectSteps(plan: Plan, { only, rules }: Selection): readonly SelectedStep[] {
  for (const name of only) {
    if (!plan.steps.some((step) => isNamed(step, name))) throw notInPlan(`step ${name}`);
  }
  for (const id of rules) {
    if (!plan.steps.some((step) => step.rules.some((rule) => same(rule.id, id))))
      throw notInPlan(`step for rule ${id}`);
  }
  const selected = plan.steps.map((step) => {
    const named = only.length === 0 || only.some((name) => isNamed(step, name));
    const kept = step.rules.filter(({ id }) => rules.length === 0 || rules.some((rule) => same(rule, id)));
    if (!named || kept.length === 0) return { step, selected: false, whole: true };
    const narrowed = { ...step, rules: kept, risk: worstRisk(kept.map(({ risk }) => risk)) };
    return { step: narrowed, selected: true, whole: kept.length === step.rules.length };
  });
  if (only.length + rules.length > 0 && !selected.some((step) => step.selected))
    throw notInPlan('step that both --only and --rule name');
  return selected;
}

function isNamed({ id, vault }: PlanStep, name: string): boolean {
  return [id, vault.id, vault.name].some((candidate) => same(candidate, name));
}

function notInPlan(what: string): UsageError {
  return new UsageError(
    `The plan has no ${what}.`,
    'The plan file lists its steps, their vaults and their rules.',
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
