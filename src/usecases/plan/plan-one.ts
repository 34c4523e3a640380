import type { Exemption } from '../../model/exemption.ts';
import type { Finding } from '../../model/finding.ts';
import type { PlanStep } from '../../model/plan.ts';
import type { ReportScope, Unreadable } from '../../model/report.ts';
import type { Resource } from '../../model/resource.ts';
import type { Risk } from '../../model/rule.ts';
import type { Subscription } from '../../model/source.ts';
import type { VaultReader } from '../../model/vault-writer.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { planVault, type VaultPlan } from '../../remediation/plan-vault.ts';
import type { CompiledRule } from '../../rules/evaluate.ts';
import { findExemptions } from '../../rules/exempt.ts';
import { type Patience, readPatiently } from '../read-vault.ts';
import type { VaultToPlan } from './vaults-to-plan.ts';

/** What every vault is planned by. */
export interface PlanningRequest extends Patience {
  /** The selected rules. Findings of other rules are passed over. */
  readonly rules: readonly CompiledRule[];
  readonly scope: ReportScope;
  readonly exemptions: readonly Exemption[];
  /** Fixes of other risks are left to a person. */
  readonly risks: readonly Risk[];
  readonly vaults: VaultReader;
}

/** What became of planning one vault. */
export type PlanOutcome =
  | { readonly kind: 'planned'; readonly planned: VaultPlan }
  | { readonly kind: 'unreadable'; readonly entry: Unreadable }
  | { readonly kind: 'gone'; readonly id: string };

/** One planning from beginning to end. */
export interface Planning {
  readonly request: PlanningRequest;
  readonly lookups: (step: PlanStep) => Promise<PlanStep>;
  readonly now: Date;
}

/** Reads one vault from ARM, and plans its repair. */
export async function planOne(vault: VaultToPlan, { request, lookups, now }: Planning): Promise<PlanOutcome> {
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
