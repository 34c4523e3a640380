import type { Exemption } from '../../model/exemption.ts';
import type { Finding } from '../../model/finding.ts';
import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import type { Risk } from '../../model/risk.ts';
import type { VaultReader } from '../../model/arm-ports.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { refuseType } from '../../remediation/patchable.ts';
import { planByHand, planVault, type VaultPlan } from '../../remediation/plan-vault.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { judge } from '../../rules/evaluate.ts';
import { type RulesInForce, scopedPart } from '../../rules/scopes/in-force.ts';
import type { Subscription } from '../../model/source.ts';
import { readWithRetry } from '../write/read-vault.ts';
import type { RetryOptions } from '../../model/retry.ts';
import { scopeGap } from '../scan/scope-gaps.ts';
import { acceptances, type KnownSubscription } from './acceptance.ts';
import type { VaultToPlan } from './vaults-to-plan.ts';
import type { PlanStep } from '../../model/plan.ts';

/** Inputs and ports of planning a vault. */
export interface PlanningRequest extends RetryOptions {
  /** The selected rules. Findings of other rules are skipped. */
  readonly rules: readonly CompiledRule[];
  readonly exemptions: readonly Exemption[];
  /** Fixes of other risks are left to a person. */
  readonly risks: readonly Risk[];
  readonly vaults: VaultReader;
}

/** The result of planning one vault. */
export type PlanOutcome =
  | {
      readonly kind: 'planned';
      readonly planned: VaultPlan;
      /** Failures that were left alone, because they may be accepted. */
      readonly doubts: readonly Unreadable[];
    }
  | { readonly kind: 'unreadable'; readonly entry: Unreadable }
  | { readonly kind: 'gone'; readonly id: string };

/** One planning from beginning to end. */
export interface Planning {
  readonly request: PlanningRequest;
  /** The parameters of each rule by scope. */
  readonly scopes: ReadonlyMap<CompiledRule, RulesInForce>;
  readonly lookups: (step: PlanStep) => Promise<PlanStep>;
  readonly subscriptionOf: (id: string) => KnownSubscription;
  readonly now: Date;
}

/** Reads one vault from ARM, and plans its repair. */
export async function planOne(
  vault: VaultToPlan,
  { request, scopes, lookups, subscriptionOf, now }: Planning,
): Promise<PlanOutcome> {
  const { resource: found } = vault;
  if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
  const unchangeable = refuseType(found.type);
  if (unchangeable !== undefined) {
    const failed = request.rules.filter(({ rule }) => vault.ruleIds.has(rule.id));
    return { kind: 'planned', planned: planByHand(found, failed, unchangeable), doubts: [] };
  }
  const read = await readWithRetry(request.vaults, found, request);
  if (read.kind === 'notFound') return { kind: 'gone', id: found.id };
  if (read.kind === 'failed') {
    if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
    const { cause, hint } = explainRefusal(read.refusal, found, 'read');
    return { kind: 'unreadable', entry: { scope: found.id, kind: 'resource', reason: cause, hint } };
  }
  if (read.resource.gaps.length > 0) return { kind: 'unreadable', entry: halfRead(read.resource) };
  const subscription = subscriptionOf(found.subscriptionId);
  const acceptanceOf = acceptances(request.exemptions, { resource: read.resource, subscription, now });
  const { id, name = id, managementGroups = [] } = subscription;
  const tuned = rulesOn(read.resource, { scopes, subscription: { id, name, managementGroups } });
  const planned = planVault(read.resource, {
    rules: tuned.rules,
    isWanted: (rule) =>
      vault.ruleIds.has(rule) && !tuned.gaps.has(rule) && acceptanceOf(rule).kind === 'open',
    risks: request.risks,
  });
  const failed = new Map(
    tuned.rules.filter((one) => fails(one, read.resource)).map((one) => [one.rule.id, one]),
  );
  const doubts = [...failed].flatMap(([rule, compiled]): readonly Unreadable[] => {
    const acceptance = vault.ruleIds.has(rule) ? acceptanceOf(rule) : undefined;
    if (acceptance?.kind === 'doubt') return [doubtful(compiled, found, acceptance.exemption)];
    const gap = acceptance?.kind === 'open' ? tuned.gaps.get(rule) : undefined;
    return gap === undefined ? [] : [{ ...gap, reason: `${rule} was not planned: ${gap.reason}` }];
  });
  if (planned.step === undefined) return { kind: 'planned', planned, doubts };
  const step = await lookups(planned.step);
  if (request.signal.aborted) return { kind: 'unreadable', entry: interrupted(found.id) };
  return { kind: 'planned', planned: { ...planned, step }, doubts };
}

function fails(compiled: CompiledRule, resource: Resource): boolean {
  return compiled.appliesTo(resource.type) && judge(compiled, resource) === 'nonCompliant';
}

function interrupted(scope: string): Unreadable {
  return {
    scope,
    kind: 'interrupted',
    reason: 'Planning was interrupted before this was read.',
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

/** Nothing is changed where an exemption may cover the vault, depending on something that could not be read. */
function doubtful(
  { rule }: CompiledRule,
  { id, subscriptionId }: Finding['resource'],
  exemption: Exemption,
): Unreadable {
  const { file, line } = exemption.location;
  return {
    scope: id,
    kind: 'subscription',
    reason:
      `${rule.id} was not planned: the exemption at ${file}:${line} may cover it, and the name and the management ` +
      `groups of subscription ${subscriptionId} could not be read.`,
    hint: 'Plan with an identity that has the Reader role on the subscription, or exempt it by its id.',
  };
}

/** The rules with the parameters that are in force for a vault. */
interface TunedRules {
  /** Of a rule whose parameters are not known for certain, each that it may be: a step may break none of them. */
  readonly rules: readonly CompiledRule[];
  /** The gaps behind those, by the id of the rule. */
  readonly gaps: ReadonlyMap<string, Unreadable>;
}

/** Finds the rules as they are in force for a vault. */
function rulesOn(
  resource: Resource,
  {
    scopes,
    subscription,
  }: { readonly scopes: ReadonlyMap<CompiledRule, RulesInForce>; readonly subscription: Subscription },
): TunedRules {
  const scoped = scopedPart(resource);
  const gaps = new Map<string, Unreadable>();
  const rules = [...scopes.values()].flatMap((inForce) => {
    const possible = inForce.find(scoped, subscription);
    const gap =
      possible.length > 1
        ? scopeGap(resource, { keys: [...inForce.unknownKeys(scoped, subscription)], rules: possible })
        : undefined;
    if (gap !== undefined) gaps.set(possible[0].rule.id, gap);
    return possible;
  });
  return { rules, gaps };
}
