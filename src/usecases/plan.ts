import pMap from 'p-map';
import type { Finding } from '../model/finding.ts';
import type { Identity } from '../model/identity.ts';
import type { Plan } from '../model/plan.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { Unreadable } from '../model/coverage.ts';
import { sealPlan } from '../remediation/plan-file.ts';
import { exitCodes } from './exit-code.ts';
import { resolveExemptions } from '../rules/exemptions/resolve.ts';
import { knownSubscriptions, subscriptionsOf, type SubscriptionFacts } from './plan/known-subscriptions.ts';
import { type PlanningRequest, type PlanOutcome, planOne } from './plan/plan-one.ts';
import { preconditionLookups } from './plan/preconditions.ts';
import { vaultsToPlan } from './plan/vaults-to-plan.ts';

/** Inputs and ports of planning. */
export interface PlanRequest extends PlanningRequest, SubscriptionFacts {
  readonly tool: Plan['tool'];
  readonly findings: readonly Finding[];
  readonly preconditions: Preconditions;
  readonly identity: Identity;
  readonly validForMs: number;
}

/** A plan, and what is missing from it. */
export interface PlanResult {
  readonly plan: Plan;
  /** Vaults, or what decides about them, that could not be read: the plan does not cover them. */
  readonly unreadable: readonly Unreadable[];
  /** Ids of vaults that are not where they were found any more: deleted, or moved and not looked for. */
  readonly gone: readonly string[];
}

/** The default validity of a plan: a day. */
export const planValidForMs = 24 * 60 * 60 * 1000;

/** Reads each vault that has a finding from ARM, and plans its repair from what ARM says now. Writes nothing. */
export async function plan(request: PlanRequest): Promise<PlanResult> {
  const { findings, rules } = request;
  const createdAt = request.clock.now();
  const vaults = vaultsToPlan(findings, rules, createdAt);
  const subscriptionOf = await knownSubscriptions(vaults, request, createdAt);
  const exemptions = resolveExemptions(request.exemptions, {
    subscriptions: subscriptionsOf(request.scope, vaults, subscriptionOf),
    now: createdAt,
  });
  const lookups = preconditionLookups(request.preconditions, request.signal);
  const outcomes = await pMap(
    vaults,
    (vault) =>
      planOne(vault, { request: { ...request, exemptions }, lookups, subscriptionOf, now: createdAt }),
    { concurrency: 8 },
  );
  const plans = outcomes.flatMap((outcome) => (outcome.kind === 'planned' ? [outcome.planned] : []));
  return {
    plan: sealPlan({
      schemaVersion: '1.0',
      tool: request.tool,
      createdAt: createdAt.toISOString(),
      expiresAt: new Date(createdAt.getTime() + request.validForMs).toISOString(),
      tenantId: request.identity.tenantId,
      scope: request.scope,
      steps: plans.flatMap(({ step }) => (step === undefined ? [] : [step])),
      manual: plans.flatMap(({ manual }) => manual),
    }),
    unreadable: outcomes.flatMap(missingFrom),
    gone: outcomes.flatMap((outcome) => (outcome.kind === 'gone' ? [outcome.id] : [])),
  };
}

function missingFrom(outcome: PlanOutcome): readonly Unreadable[] {
  if (outcome.kind === 'unreadable') return [outcome.entry];
  return outcome.kind === 'planned' ? outcome.doubts : [];
}

/** 0 nothing to do, 1 steps or manual findings, 3 when something could not be read or found; `complete` is the scan's. */
export function planExitCode(
  { plan: { steps, manual }, unreadable, gone }: PlanResult,
  complete: boolean,
): number {
  if (!complete || unreadable.length + gone.length > 0) return exitCodes.incomplete;
  return steps.length + manual.length > 0 ? exitCodes.findings : exitCodes.clean;
}
