import type { JsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import { knownType } from '../resource-types/known-type.ts';
import { type CompiledRule, decisiveEvidence, judge } from '../rules/evaluate.ts';
import { afterChanges, changesFor } from './changes.ts';
import { refuseChanges } from './patchable.ts';
import { objectAt } from './state.ts';

/** A failed rule whose patch, alone, fixes the vault. */
export interface Candidate {
  readonly compiled: CompiledRule;
  readonly patch: JsonObject;
}

/** A failed rule that no request can fix. */
export interface Rejection {
  readonly compiled: CompiledRule;
  readonly reason: string;
}

/** Checks whether a failed rule's patch can be sent to this vault and fixes it. */
export function propose(compiled: CompiledRule, resource: Resource): Candidate | Rejection {
  const patch = compiled.rule.remediation?.patch;
  if (patch === undefined) return { compiled, reason: noPatchReason(compiled, resource) };
  if (retention in objectAt(patch, 'properties')) return { compiled, reason: retentionReason(resource) };
  const changes = changesFor(resource, [patch]);
  const reason = refuseChanges(changes, resource.type) ?? proofFault(compiled, resource, changes);
  return reason === undefined ? { compiled, patch } : { compiled, reason };
}

/** True when the rule's verdict rests on the retention period. */
export function isAboutRetention(compiled: CompiledRule, resource: Resource): boolean {
  return (
    retention in objectAt(compiled.rule.remediation?.patch ?? {}, 'properties') ||
    decisiveEvidence(compiled, resource).some(({ field }) => field === `properties.${retention}`)
  );
}

/** The retention period in force, in days: unset means 90. */
export function retentionDays(resource: Resource): number {
  const days = objectAt(resource.body, 'properties')[retention];
  const unset = knownType(resource.type)?.properties.get(retention)?.unset;
  return [days, unset].find((each) => typeof each === 'number') ?? 90;
}

/** True when the retention period was set when the vault was created. */
export function isRetentionSet(resource: Resource): boolean {
  return (objectAt(resource.body, 'properties')[retention] ?? null) !== null;
}

const retention = 'softDeleteRetentionInDays';

function noPatchReason(compiled: CompiledRule, resource: Resource): string {
  return isAboutRetention(compiled, resource) ? retentionReason(resource) : 'No single request can fix it.';
}

function retentionReason(resource: Resource): string {
  return isRetentionSet(resource)
    ? `The retention period is set to ${retentionDays(resource)} days, and cannot be changed by any means.`
    : 'The retention period is unset, which means 90 days, and Azure may refuse to set it on an existing vault.';
}

function proofFault(compiled: CompiledRule, resource: Resource, changes: JsonObject): string | undefined {
  if (judge(compiled, afterChanges(resource, changes)) === 'compliant') return undefined;
  return 'The patch of the rule does not make this vault pass it.';
}
