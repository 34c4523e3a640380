import pMap from 'p-map';

import type { Finding } from '../model/finding.ts';
import type { Identity } from '../model/identity.ts';
import type { Plan } from '../model/plan.ts';
import type { Preconditions } from '../model/preconditions.ts';
import type { ReportScope, Unreadable } from '../model/coverage.ts';
import { sealPlan } from '../remediation/plan-file.ts';
import { exitCodes } from './exit-code.ts';
import { resolveExemptions } from '../rules/exemptions/resolve.ts';
import { type PlanningRequest, planOne, type PlanOutcome } from './plan/plan-one.ts';
import { preconditionLookups } from './plan/preconditions.ts';
import { vaultsToPlan, type VaultToPlan } from './plan/vaults-to-plan.ts';
import type { Exemption } from '../model/exemption.ts';
import type { Subscription, SubscriptionLookup } from '../model/source.ts';
import { hasExpired } from '../rules/exemptions/find.ts';
import { asksOfSubscriptions, type KnownSubscription } from './plan/acceptance.ts';

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

/** The sources of facts about subscriptions. */
interface SubscriptionFacts {
  /** Has their names, as far as the scan knew them, and no management groups. */
  readonly scope: ReportScope;
  readonly exemptions: readonly Exemption[];
  readonly subscriptions: SubscriptionLookup;
  readonly signal: AbortSignal;
}

/** Tells what is known of the subscription of a vault. Azure is asked only where an exemption depends on it. */
async function knownSubscriptions(
  vaults: readonly VaultToPlan[],
  { scope, exemptions, subscriptions, signal }: SubscriptionFacts,
  now: Date,
): Promise<(id: string) => KnownSubscription> {
  const isAsked = exemptions.some((one) => !hasExpired(one, now) && asksOfSubscriptions(one));
  const ids = [...new Set(vaults.map(({ resource }) => resource.subscriptionId.toLowerCase()))];
  const found: ReadonlyMap<string, Subscription> =
    isAsked && ids.length > 0 ? await subscriptions.find(ids, signal) : new Map();
  const named = new Map(scope.subscriptions.map((one) => [one.id.toLowerCase(), one.name]));
  return (id) => {
    const key = id.toLowerCase();
    const { name = named.get(key), managementGroups = [] } = found.get(key) ?? {};
    return {
      id,
      // A report has the id for a name that it does not know.
      ...(name === undefined || name.toLowerCase() === key ? {} : { name }),
      // Every subscription is in a group: none means that Azure does not tell.
      ...(managementGroups.length === 0 ? {} : { managementGroups }),
    };
  };
}

/** The known facts about every subscription of a report and of the vaults to plan. */
function subscriptionsOf(
  scope: ReportScope,
  vaults: readonly VaultToPlan[],
  subscriptionOf: (id: string) => KnownSubscription,
): readonly Subscription[] {
  const ids = [
    ...scope.subscriptions.map(({ id }) => id),
    ...vaults.map(({ resource }) => resource.subscriptionId),
  ];
  return [...new Map(ids.map((id) => [id.toLowerCase(), subscriptionOf(id)])).values()].map(
    ({ id, name = id, managementGroups = [] }) => ({ id, name, managementGroups }),
  );
}
