import { isAtOrBelowScope } from '../model/arm-id.ts';
import { objectAt } from '../model/json.ts';
import pMap from 'p-map';
import type { Finding } from '../model/finding.ts';
import type { Identity } from '../model/identity.ts';
import type { Plan, PlanStep, PlanVault, Precondition } from '../model/plan.ts';
import type { Preconditions, Lock } from '../model/preconditions.ts';
import type { Coverage, Unreadable } from '../model/coverage.ts';
import { sealPlan } from '../remediation/plan-file.ts';
import { exitCodes } from './exit-code.ts';
import { resolveExemptions } from '../rules/exemptions/resolve.ts';
import { scopesOf } from './scan/by-scope.ts';
import { type PlanningRequest, planOne, type PlanOutcome } from './plan/plan-one.ts';
import { vaultsToPlan } from './plan/vaults-to-plan.ts';
import {
  knownSubscriptions,
  readOnlySubscriptions,
  type SubscriptionFacts,
  subscriptionsOf,
} from './plan/acceptance.ts';
import { locksRead, permissionsRead, roleAssignmentsWrite } from '../model/permission.ts';
import { grantOf } from '../access/grant.ts';
import { writeRight } from '../resource-types/known-type.ts';

/** Inputs and ports of planning. */
export interface PlanRequest extends PlanningRequest, SubscriptionFacts {
  readonly tool: Plan['tool'];
  readonly findings: readonly Finding[];
  readonly preconditions: Preconditions;
  readonly identity: Identity;
  readonly validForMs: number;
  /** The state of the subscriptions that were scanned: one that is disabled can be read, and not changed. */
  readonly coverage: Pick<Coverage, 'subscriptions'>;
}

/** A plan, and what is missing from it. */
export interface PlanResult {
  readonly plan: Plan;
  /** Vaults, or what decides about them, that could not be read: the plan does not cover them. */
  readonly unreadable: readonly Unreadable[];
  /** Ids of vaults that are not where they were found any more: deleted, or moved and not looked for. */
  readonly gone: readonly string[];
  /** The findings left to a person that a request could fix, were its risk among those to plan. */
  readonly heldBack: number;
}

/** The default validity of a plan: a day. */
export const planValidForMs = 24 * 60 * 60 * 1000;

/** Reads each vault that has a finding from ARM, and plans its repair from what ARM says now. Writes nothing. */
export async function plan(request: PlanRequest): Promise<PlanResult> {
  const { findings, rules } = request;
  const createdAt = request.clock.now();
  const vaults = vaultsToPlan(findings, rules, createdAt);
  const subscriptionOf = await knownSubscriptions(vaults, request, createdAt);
  const known = subscriptionsOf(request.scope, vaults, subscriptionOf);
  const exemptions = resolveExemptions(request.exemptions, { subscriptions: known, now: createdAt });
  const scopes = scopesOf(rules, known);
  const lookups = preconditionLookups(request.preconditions, request);
  const planning = { request: { ...request, exemptions }, scopes, lookups, subscriptionOf, now: createdAt };
  const outcomes = await pMap(vaults, (vault) => planOne(vault, planning), { concurrency: 8 });
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
    heldBack: plans.reduce((sum, { heldBack }) => sum + heldBack, 0),
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

/** Looks up what would be in the way of a step; the locks of a subscription are read once. */
function preconditionLookups(
  preconditions: Preconditions,
  { coverage, signal }: Pick<PlanRequest, 'coverage' | 'signal'>,
): (step: PlanStep) => Promise<PlanStep> {
  const locks = new Map<string, Promise<readonly Lock[] | undefined>>();
  return async (step) => {
    const { vault } = step;
    const key = vault.subscriptionId.toLowerCase();
    const ofSubscription = locks.get(key) ?? preconditions.locks(vault.subscriptionId, signal);
    locks.set(key, ofSubscription);
    const permissions = await preconditions.permissions(vault.id, signal);
    const missing =
      permissions && actionsFor(step).filter((action) => grantOf(permissions, action) === 'notGranted');
    const found = preconditionsOf(vault, await ofSubscription, missing);
    return { ...step, preconditions: [...readOnlySubscriptions(vault, coverage), ...found] };
  };
}

/**
 * Conditions under which Azure would refuse to change a vault. `missing` are needed actions that the caller does not hold on it;
 * `undefined` is what could not be read.
 */
function preconditionsOf(
  vault: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
  missing: readonly string[] | undefined,
): readonly Precondition[] {
  return [...lockConditions(vault, locks), ...permissionConditions(vault, missing)];
}

/** The actions that the request of a step needs on its vault. */
function actionsFor({ vault, changes }: Pick<PlanStep, 'vault' | 'changes'>): readonly string[] {
  const switchesModel = objectAt(changes, 'properties')['enableRbacAuthorization'] !== undefined;
  return [writeRight(vault.type), ...(switchesModel ? [roleAssignmentsWrite] : [])];
}

function lockConditions(
  { id, subscriptionId }: Pick<PlanVault, 'id' | 'subscriptionId'>,
  locks: readonly Lock[] | undefined,
): readonly Precondition[] {
  if (locks === undefined) {
    const message = `Locks could not be read (${locksRead}): a ReadOnly lock may block the change.`;
    return [{ kind: 'notChecked', scope: `/subscriptions/${subscriptionId}`, message }];
  }
  return locks
    .filter(({ level, scope }) => level === 'ReadOnly' && isAtOrBelowScope(id, scope))
    .map(({ scope, name }) => ({
      kind: 'readOnlyLock',
      scope,
      message: `The ReadOnly lock "${name}" on ${scope} forbids every change; have it removed first.`,
    }));
}

const unreadRights = `Your own rights on it could not be read (${permissionsRead}).`;

function permissionConditions(
  { id }: Pick<PlanVault, 'id'>,
  missing: readonly string[] | undefined,
): readonly Precondition[] {
  if (missing === undefined) return [{ kind: 'notChecked', scope: id, message: unreadRights }];
  return missing.map((action) => {
    const purpose = action === roleAssignmentsWrite ? ', which switching its permission model takes' : '';
    const message = `You do not have ${action} on it${purpose}.`;
    return { kind: 'missingPermission', scope: id, message };
  });
}
