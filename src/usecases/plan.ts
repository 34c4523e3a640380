import pMap from 'p-map';
import type { Exemption } from '../model/exemption.ts';
import type { Finding } from '../model/finding.ts';
import type { Plan, PlanStep } from '../model/plan.ts';
import type { ReportScope, Unreadable } from '../model/report.ts';
import type { Resource } from '../model/resource.ts';
import type { Risk } from '../model/rule.ts';
import type { Subscription } from '../model/source.ts';
import type { Clock } from '../model/clock.ts';
import type { Identity } from '../model/identity.ts';
import type { Lock, Preconditions } from '../model/preconditions.ts';
import type { VaultReader } from '../model/vault-writer.ts';
import { explainRefusal } from '../remediation/explain-refusal.ts';
import { sealPlan } from '../remediation/plan-file.ts';
import { planVault, type VaultPlan } from '../remediation/plan-vault.ts';
import { preconditionsOf } from '../remediation/preconditions.ts';
import type { CompiledRule } from '../rules/evaluate.ts';
import { findExemptions } from '../rules/exempt.ts';
import { exitCodes } from './exit-code.ts';
import { readPatiently } from './read-vault.ts';

/** Everything that planning needs; it reads nothing else. */
export interface PlanRequest {
  readonly tool: Plan['tool'];
  /** The selected rules. Findings of other rules are passed over. */
  readonly rules: readonly CompiledRule[];
  readonly findings: readonly Finding[];
  readonly scope: ReportScope;
  readonly exemptions: readonly Exemption[];
  /** Fixes of other risks are left to a person. */
  readonly risks: readonly Risk[];
  readonly vaults: VaultReader;
  readonly preconditions: Preconditions;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly validForMs: number;
  readonly signal: AbortSignal;
}

/** A plan, and what is missing from it. */
export interface PlanResult {
  readonly plan: Plan;
  /** Vaults that could not be read: the plan says nothing of them. */
  readonly unreadable: readonly Unreadable[];
  /** Ids of vaults that are not where they were found any more: deleted, or moved and not looked for. */
  readonly gone: readonly string[];
}

/** How long a plan holds unless told: a day. */
export const planValidForMs = 24 * 60 * 60 * 1000;

/** Reads each vault that has a finding from ARM, and plans its repair from what ARM says now. Writes nothing. */
export async function plan(request: PlanRequest): Promise<PlanResult> {
  const createdAt = request.clock.now();
  const lookups = preconditionLookups(request);
  const outcomes = await pMap(
    vaultsToPlan(request),
    (vault) => planOne(vault, { request, lookups, now: createdAt }),
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
    unreadable: outcomes.flatMap((outcome) => (outcome.kind === 'unreadable' ? [outcome.entry] : [])),
    gone: outcomes.flatMap((outcome) => (outcome.kind === 'gone' ? [outcome.id] : [])),
  };
}

/** 0 nothing to do, 1 steps or manual findings, 3 when something could not be read or found; `complete` is the scan's. */
export function planExitCode(
  { plan: { steps, manual }, unreadable, gone }: PlanResult,
  complete: boolean,
): number {
  if (!complete || unreadable.length + gone.length > 0) return exitCodes.incomplete;
  return steps.length + manual.length > 0 ? exitCodes.findings : exitCodes.clean;
}

/** One vault that has findings, and the rules that they are of. */
interface VaultToPlan {
  readonly resource: Finding['resource'];
  readonly ruleIds: ReadonlySet<string>;
}

/** An accepted risk is not mended; what a scan could not judge is looked at again. */
function vaultsToPlan({ findings, rules }: PlanRequest): readonly VaultToPlan[] {
  const selected = new Set(rules.map(({ rule }) => rule.id));
  const vaults = new Map<string, { resource: Finding['resource']; ruleIds: Set<string> }>();
  for (const { compliance, resource, ruleId } of findings) {
    if ((compliance !== 'nonCompliant' && compliance !== 'unknown') || !selected.has(ruleId)) continue;
    const key = resource.id.toLowerCase();
    const vault = vaults.get(key) ?? { resource, ruleIds: new Set() };
    vault.ruleIds.add(ruleId);
    vaults.set(key, vault);
  }
  return [...vaults.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, vault]) => vault);
}

type PlanOutcome =
  | { readonly kind: 'planned'; readonly planned: VaultPlan }
  | { readonly kind: 'unreadable'; readonly entry: Unreadable }
  | { readonly kind: 'gone'; readonly id: string };

interface Context {
  readonly request: PlanRequest;
  readonly lookups: (step: PlanStep) => Promise<PlanStep>;
  readonly now: Date;
}

async function planOne(vault: VaultToPlan, { request, lookups, now }: Context): Promise<PlanOutcome> {
  const { resource: found } = vault;
  if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
  const read = await readPatiently(request.vaults, found, request);
  if (read.kind === 'notFound') return { kind: 'gone', id: found.id };
  if (read.kind === 'failed') {
    if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
    const { cause, hint } = explainRefusal(read.refusal, found, 'read');
    return { kind: 'unreadable', entry: { scope: found.id, kind: 'resource', reason: cause, hint } };
  }
  if (read.resource.gaps.length > 0) return { kind: 'unreadable', entry: halfRead(read.resource) };
  const exemptionFor = findExemptions(request.exemptions, now);
  const subscription = subscriptionOf(found, request.scope);
  const planned = planVault(read.resource, {
    rules: request.rules,
    isWanted: (id) => vault.ruleIds.has(id) && exemptionFor(id, read.resource, subscription) === undefined,
    risks: request.risks,
  });
  if (planned.step === undefined) return { kind: 'planned', planned };
  const step = await lookups(planned.step);
  if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
  return { kind: 'planned', planned: { ...planned, step } };
}

/** What a report knows of a subscription; management groups are not in it. */
function subscriptionOf(
  { subscriptionId }: Finding['resource'],
  { subscriptions }: ReportScope,
): Subscription {
  const known = subscriptions.find(({ id }) => id.toLowerCase() === subscriptionId.toLowerCase());
  return { id: subscriptionId, name: known?.name ?? subscriptionId, managementGroups: [] };
}

/** Looks up what would be in the way of a step; the locks of a subscription are read once. */
function preconditionLookups({ preconditions, signal }: PlanRequest): (step: PlanStep) => Promise<PlanStep> {
  const locks = new Map<string, Promise<readonly Lock[] | undefined>>();
  return async (step) => {
    const { vault } = step;
    const key = vault.subscriptionId.toLowerCase();
    const ofSubscription = locks.get(key) ?? preconditions.locks(vault.subscriptionId, signal);
    locks.set(key, ofSubscription);
    const permissions = await preconditions.permissions(vault.id, signal);
    return { ...step, preconditions: preconditionsOf(vault, await ofSubscription, permissions) };
  };
}

function interrupted(scope: string): Unreadable {
  return {
    scope,
    kind: 'interrupted',
    reason: 'Planning was interrupted before this vault was read.',
    hint: 'Plan again.',
  };
}

function halfRead({ id, gaps }: Resource): Unreadable {
  return {
    scope: id,
    kind: 'resource',
    reason: `Azure's answer could not be understood in full: ${gaps.join(', ')}.`,
    hint: 'Plan again; if it happens again, report it as a bug.',
  };
}
