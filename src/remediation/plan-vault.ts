import type { ManualItem, PlanRule, PlanStep, PlanVault } from '../model/plan.ts';
import type { Resource } from '../model/resource.ts';
import { type Risk, risks } from '../model/rule.ts';
import { type CompiledRule, judge } from '../rules/evaluate.ts';
import { sha256 } from './canonical-json.ts';
import { type Candidate, propose, type Rejection } from './candidate.ts';
import { afterChanges } from './changes.ts';
import { consequencesOf } from './consequences.ts';
import { prove } from './prove.ts';
import { runbookFor } from './runbook.ts';
import { propertiesOf, stateOf } from './state.ts';

/** What there is to do about one vault. */
export interface VaultPlan {
  readonly step?: PlanStep;
  readonly manual: readonly ManualItem[];
}

/** What a vault is planned by. */
export interface VaultPlanRequest {
  /** Every selected rule: a step may break none of them. */
  readonly rules: readonly CompiledRule[];
  /** True for the rules that are to be mended on this vault. */
  readonly isWanted: (ruleId: string) => boolean;
  /** Fixes of other risks are left to a person. */
  readonly risks: readonly Risk[];
}

/** Plans the repair of a vault as ARM says that it is now: one proved step at most, and the rest by hand. */
export function planVault(resource: Resource, { rules, isWanted, risks }: VaultPlanRequest): VaultPlan {
  const proposals = rules
    .filter((compiled) => compiled.appliesTo(resource.type) && isWanted(compiled.rule.id))
    .filter((compiled) => judge(compiled, resource) === 'nonCompliant')
    .map((compiled) => withinRisks(propose(compiled, resource), risks));
  const proof = prove(resource, proposals.filter(isCandidate), rules);
  const rejected = [...proposals.filter(isRejection), ...proof.rejected];
  const vault = planVaultOf(resource);
  const manual = rejected
    .toSorted((a, b) => compareText(a.compiled.rule.id, b.compiled.rule.id))
    .map((rejection) => manualItem(rejection, resource));
  if (proof.kept.length === 0) return { manual };
  const after = afterChanges(resource, proof.changes);
  const step: PlanStep = {
    id: stepId(resource.id),
    vault,
    before: stateOf(resource, proof.changes),
    changes: proof.changes,
    rules: proof.kept.map(planRule),
    risk: worstRisk(proof.kept.map(({ compiled }) => riskOf(compiled))),
    consequences: consequencesOf(resource, proof.changes, proof.kept),
    preconditions: [],
  };
  const passing = new Set(
    rejected.filter(({ compiled }) => judge(compiled, after) !== 'nonCompliant').map(idOf),
  );
  return { step, manual: manual.map((item) => (passing.has(item.rule.id) ? withStep(item) : item)) };
}

/** Names a step: the first 12 hex digits of the SHA-256 of the vault's lower-cased id. */
export function stepId(vaultId: string): string {
  return sha256(vaultId.toLowerCase()).slice(0, 12);
}

/** Worst last. */
export function worstRisk(given: readonly Risk[]): Risk {
  return risks.findLast((risk) => given.includes(risk)) ?? 'safe';
}

/** The part of a vault that a plan shows. */
export function planVaultOf(resource: Resource): PlanVault {
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

function isCandidate(proposal: Candidate | Rejection): proposal is Candidate {
  return 'patch' in proposal;
}

function isRejection(proposal: Candidate | Rejection): proposal is Rejection {
  return 'reason' in proposal;
}

function withinRisks(proposal: Candidate | Rejection, allowed: readonly Risk[]): Candidate | Rejection {
  const risk = riskOf(proposal.compiled);
  if (!isCandidate(proposal) || allowed.includes(risk)) return proposal;
  return { compiled: proposal.compiled, reason: `Its fix is ${risk}, and such fixes were not asked for.` };
}

function riskOf({ rule }: CompiledRule): Risk {
  return rule.remediation?.risk ?? 'safe';
}

function planRule({ compiled: { rule, parameters }, patch }: Candidate): PlanRule {
  return {
    id: rule.id,
    name: rule.name,
    title: rule.title,
    severity: rule.severity,
    risk: rule.remediation?.risk ?? 'safe',
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

function withStep(item: ManualItem): ManualItem {
  return { ...item, reason: `${item.reason} Once the step for this vault is applied, it is mended as well.` };
}

function idOf({ compiled }: Rejection): string {
  return compiled.rule.id;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
