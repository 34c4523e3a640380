import { compareText } from '../model/compare-text.ts';
import type { FindingResource } from '../model/finding.ts';
import type { ManualItem, PlanRule, PlanStep, PlanVault } from '../model/plan.ts';
import { type Resource, propertiesOf } from '../model/resource.ts';
import { type Risk, worstRisk } from '../model/risk.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { judge } from '../rules/evaluate.ts';
import { sha256 } from './canonical-json.ts';
import {
  byRule,
  propose,
  riskOf,
  runbookFor,
  type Candidate,
  type Rejection,
  consequencesOf,
} from './candidate.ts';
import { afterChanges } from './changes.ts';
import { proveInRounds } from './prove.ts';
import { stateOf } from './state.ts';

/** The planned work on one vault. */
export interface VaultPlan {
  readonly step?: PlanStep;
  readonly manual: readonly ManualItem[];
  /** The findings by hand that a request could fix, were its risk among those to plan. */
  readonly heldBack: number;
}

/** Inputs of planning one vault. */
export interface VaultPlanRequest {
  /** Every selected rule: a step may break none of them. */
  readonly rules: readonly CompiledRule[];
  /** True for the rules that are to be fixed on this vault. */
  readonly isWanted: (ruleId: string) => boolean;
  /** Fixes of other risks are left to a person. */
  readonly risks: readonly Risk[];
}

/** Plans the repair of a vault as ARM says that it is now: one proved step at most, and the rest by hand. */
export function planVault(resource: Resource, { rules, isWanted, risks }: VaultPlanRequest): VaultPlan {
  const sorted = rules.toSorted(byId);
  const rounds = proveInRounds(resource, {
    rules: sorted,
    wanted: sorted.filter(({ appliesTo, rule }) => appliesTo(resource.type) && isWanted(rule.id)),
    propose: (compiled, at) => withinRisks(propose(compiled, at), risks),
  });
  const { kept, changes, rejected } = rounds;
  const vault = planVaultOf(resource);
  const manual = rejected
    .toSorted((a, b) => byId(a.compiled, b.compiled))
    .map((rejection) => manualItem(rejection, resource));
  const heldBack = rejected.filter((rejection) => rejection.heldBack === true).length;
  if (kept.length === 0) return { manual, heldBack };
  const after = afterChanges(resource, changes);
  const step: PlanStep = {
    id: stepId(resource.id),
    vault,
    before: stateOf(resource, changes),
    changes,
    rules: kept.map(planRule),
    risk: worstRisk(kept.map(riskOf)),
    consequences: consequencesOf(resource, changes, kept),
    preconditions: [],
  };
  const passing = new Set(
    rejected.filter(({ compiled }) => judge(compiled, after) !== 'nonCompliant').map(idOf),
  );
  return {
    step,
    heldBack,
    manual: manual.map((item) => (passing.has(item.rule.id) ? withStep(item) : item)),
  };
}

/** Names a step: the first 12 hex digits of the SHA-256 of the vault's lower-cased id. */
function stepId(vaultId: string): string {
  return sha256(vaultId.toLowerCase()).slice(0, 12);
}

/** The part of a vault that a plan shows. */
function planVaultOf(resource: Resource): PlanVault {
  const { id, name, type, subscriptionId, resourceGroup, location } = resource;
  const { tenantId } = propertiesOf(resource);
  return {
    id,
    name,
    type,
    subscriptionId,
    resourceGroup,
    location,
    tenantId: typeof tenantId === 'string' ? tenantId : '',
  };
}

function withinRisks(proposal: Candidate | Rejection, allowed: readonly Risk[]): Candidate | Rejection {
  if ('reason' in proposal) return proposal;
  const risk = riskOf(proposal);
  if (allowed.includes(risk)) return proposal;
  return {
    compiled: proposal.compiled,
    reason: `Its fix is ${risk}, and the plan was made without --allow ${risk}.`,
    heldBack: true,
  };
}

function planRule(candidate: Candidate): PlanRule {
  const { compiled, patch } = candidate;
  const { rule, parameters } = compiled;
  return {
    id: rule.id,
    name: rule.name,
    title: rule.title,
    severity: rule.severity,
    risk: riskOf(candidate),
    patch,
    ...(rule.when === undefined ? {} : { when: rule.when }),
    require: rule.require,
    parameters,
  };
}

function manualItem({ compiled, reason }: Rejection, resource: Resource): ManualItem {
  const { id, name, title, severity } = compiled.rule;
  return {
    vault: planVaultOf(resource),
    rule: { id, name, title, severity },
    reason,
    runbook: runbookFor(compiled, resource),
  };
}

/** Leaves failed rules on a resource that is never changed to a person. Its directory is not known: it is not read. */
export function planByHand(
  { id, name, type, subscriptionId, resourceGroup, location }: FindingResource,
  rules: readonly CompiledRule[],
  reason: string,
): VaultPlan {
  const vault = { id, name, type, subscriptionId, resourceGroup, location, tenantId: '' };
  const manual = rules.toSorted(byId).map((compiled) => {
    const { id, name, title, severity } = compiled.rule;
    return { vault, rule: { id, name, title, severity }, reason, runbook: byRule(compiled) };
  });
  return { manual, heldBack: 0 };
}

function withStep(item: ManualItem): ManualItem {
  return {
    ...item,
    reason: `${item.reason} Once the step for the same resource is applied, it is fixed as well.`,
  };
}

function idOf({ compiled }: Rejection): string {
  return compiled.rule.id;
}

function byId({ rule: a }: CompiledRule, { rule: b }: CompiledRule): number {
  return compareText(a.id, b.id);
}
