import { UsageError } from '../../model/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { type Risk, risks } from '../../model/risk.ts';
import type { Identity } from '../../model/identity.ts';
import type { SelectedStep } from './selection.ts';

/** Refuses a plan that has expired, or that was made for another tenant. */
export function checkPlan(plan: Plan, identity: Identity, now: Date): void {
  // What is no date never comes.
  if (!(now.getTime() < Date.parse(plan.expiresAt))) {
    throw new UsageError(
      `The plan expired on ${plan.expiresAt}: vaults change, so plans are valid only for a limited time.`,
      'Make a new one with purgeproof plan.',
    );
  }
  if (plan.tenantId.toLowerCase() === identity.tenantId.toLowerCase()) return;
  throw new UsageError(
    `The plan was made in tenant ${plan.tenantId}, and you are signed in to ${identity.tenantId}.`,
    `Sign in to the other one: az login --tenant ${plan.tenantId}`,
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
      `Read their consequences, then add ${flags}, or leave them out with --rule or --only.`,
    );
  }
  if (pending.length <= maxChanges) return;
  throw new UsageError(
    `The plan changes ${pending.length} vaults, and at most ${maxChanges} are allowed at once.`,
    `Raise the limit with --max-changes ${pending.length}, or apply part of the plan with --only or --rule.`,
  );
}

function countOf(steps: readonly SelectedStep[], risk: Risk): number {
  return steps.filter(({ step }) => step.rules.some((rule) => rule.risk === risk)).length;
}
