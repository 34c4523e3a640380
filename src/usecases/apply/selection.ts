import { UsageError } from '../../model/errors.ts';
import type { Plan, PlanStep } from '../../model/plan.ts';
import { worstRisk, type Risk, risks } from '../../model/risk.ts';
import type { Identity } from '../../model/identity.ts';

/** The part of a plan to apply; empty lists mean everything. */
export interface Selection {
  /** Steps by their own id, or by the id or name of their vault. */
  readonly only: readonly string[];
  /** Rules by id or name: of each step, only what these rules ask for. */
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
    if (!plan.steps.some((step) => step.rules.some((rule) => isRule(rule, id))))
      throw notInPlan(`step for rule ${id}`);
  }
  const selected = plan.steps.map((step) => {
    const named = only.length === 0 || only.some((name) => isNamed(step, name));
    const kept = step.rules.filter((rule) => rules.length === 0 || rules.some((name) => isRule(rule, name)));
    if (!named || kept.length === 0) return { step, selected: false, whole: true };
    const narrowed = { ...step, rules: kept, risk: worstRisk(kept.map(({ risk }) => risk)) };
    return { step: narrowed, selected: true, whole: kept.length === step.rules.length };
  });
  if (only.length + rules.length > 0 && !selected.some((step) => step.selected))
    throw notInPlan('step that both --only and --rule name');
  return selected;
}

function isRule({ id, name }: PlanStep['rules'][number], written: string): boolean {
  return same(id, written) || same(name, written);
}

function isNamed({ id, vault }: PlanStep, name: string): boolean {
  return [id, vault.id, vault.name].some((candidate) => same(candidate, name));
}

function notInPlan(what: string): UsageError {
  return new UsageError(
    `The plan has no ${what}.`,
    'The plan file lists its steps, what each is about, and their rules.',
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Refuses a plan that has expired, or that was made for another tenant. */
export function checkPlan(plan: Plan, identity: Identity, now: Date): void {
  // What is no date never comes.
  if (!(now.getTime() < Date.parse(plan.expiresAt))) {
    throw new UsageError(
      `The plan expired on ${plan.expiresAt}: settings change, so plans are valid only for a limited time.`,
      'Make a new one: `purgeproof plan --out plan.json`',
    );
  }
  if (plan.tenantId.toLowerCase() === identity.tenantId.toLowerCase()) return;
  throw new UsageError(
    `The plan was made in tenant ${plan.tenantId}, and you are signed in to ${identity.tenantId}.`,
    `Sign in to the other one: \`az login --tenant ${plan.tenantId}\``,
  );
}

/** The limits that the user sets. */
export interface Limits {
  readonly allow: readonly Risk[];
  readonly maxChanges: number;
}

/** Refuses steps that are riskier, or more, than the user allows. */
export function checkLimits(pending: readonly SelectedStep[], { allow, maxChanges }: Limits): void {
  const missing = risks.filter(
    (risk) => risk !== 'safe' && !allow.includes(risk) && countOf(pending, risk) > 0,
  );
  if (missing.length > 0) {
    const counts = missing.map((risk) => `${risk}: ${countOf(pending, risk)}`).join(', ');
    const flags = missing.map((risk) => `--allow ${risk}`).join(' ');
    throw new UsageError(
      `The plan has steps whose risk must be allowed by name (${counts}).`,
      `Add ${flags} to send them (with --dry-run as well, to see first what they do), or leave them out with --rule or --only.`,
    );
  }
  if (pending.length <= maxChanges) return;
  throw new UsageError(
    `The plan changes ${pending.length} resources, and at most ${maxChanges} are allowed at once.`,
    `Raise the limit with --max-changes ${pending.length}, or apply part of the plan with --only or --rule.`,
  );
}

function countOf(steps: readonly SelectedStep[], risk: Risk): number {
  return steps.filter(({ step }) => step.rules.some((rule) => rule.risk === risk)).length;
}
