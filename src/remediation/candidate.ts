import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import { type Risk, worstRisk } from '../model/risk.ts';
import { resourceTypes } from '../resource-types/index.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { decisiveEvidence, judge } from '../rules/evaluate.ts';
import { afterChanges, changesFor } from './changes.ts';
import { refuseChanges } from './patchable.ts';
import { objectAt, propertiesOf, retentionDays, retentionIn } from './state.ts';

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
  if (retentionIn(resource) in objectAt(patch, 'properties'))
    return { compiled, reason: retentionReason(resource) };
  const changes = changesFor(resource, [patch]);
  const reason = refuseChanges(changes, resource.type) ?? proofFault(compiled, resource, changes);
  return reason === undefined ? { compiled, patch } : { compiled, reason };
}

/** True when the rule's verdict rests on the retention period. */
function isAboutRetention(compiled: CompiledRule, resource: Resource): boolean {
  const property = retentionIn(resource);
  return (
    property in objectAt(compiled.rule.remediation?.patch ?? {}, 'properties') ||
    decisiveEvidence(compiled, resource).some(({ field }) => field === `properties.${property}`)
  );
}

/** True when the retention period was set when the vault was created. */
function isRetentionSet(resource: Resource): boolean {
  return (propertiesOf(resource)[retentionIn(resource)] ?? null) !== null;
}

function noPatchReason(compiled: CompiledRule, resource: Resource): string {
  return isAboutRetention(compiled, resource) ? retentionReason(resource) : 'No single request can fix it.';
}

function retentionReason(resource: Resource): string {
  return isRetentionSet(resource)
    ? `The retention period is set to ${retentionDays(resource)} days, and cannot be changed.`
    : 'The retention period is unset, which means 90 days, and Azure may refuse to set it on an existing vault.';
}

function proofFault(compiled: CompiledRule, resource: Resource, changes: JsonObject): string | undefined {
  if (judge(compiled, afterChanges(resource, changes)) === 'compliant') return undefined;
  return 'The patch of the rule does not make this vault pass it.';
}

/** The least risk of changing a property, whatever a rule calls it: the worst that it has on any resource type. */
function leastRisk(property: string): Risk {
  return worstRisk(resourceTypes.map(({ properties }) => properties.get(property)?.risk ?? 'safe'));
}

/** The risk of what a candidate would change: what its rule says, or worse. A label cannot make a change harmless. */
export function riskOf({ compiled: { rule }, patch }: Candidate): Risk {
  const properties = isJsonObject(patch['properties']) ? Object.keys(patch['properties']) : [];
  return worstRisk([rule.remediation?.risk ?? 'safe', ...properties.map(leastRisk)]);
}

/** The manual steps for a failed rule that no request can fix, in order. */
export function runbookFor(compiled: CompiledRule, resource: Resource): readonly string[] {
  if (!isAboutRetention(compiled, resource)) return byRule(compiled);
  if (!isRetentionSet(resource)) return [...tryToSet, ...byRule(compiled)];
  return knownType(resource.type)?.recreate?.(retentionDays(resource)) ?? byRule(compiled);
}

/** The manual steps that the rule itself gives. */
export function byRule({ rule }: CompiledRule): readonly string[] {
  const manual = rule.remediation?.manual;
  return [manual ?? `Change the resource so that this holds: ${rule.title}.`];
}

const tryToSet: readonly string[] = [
  'Leave it: an unset period means 90 days, the maximum.',
  'To make it explicit, try a PATCH request that contains only the period. Microsoft documents that it can only be set at ' +
    'creation, so the service may refuse; trying does no harm. Do not use "az keyvault update": it rewrites ' +
    'the whole vault.',
];
