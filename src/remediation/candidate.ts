import { isJsonObject, type JsonObject, type Json, objectAt } from '../model/json.ts';
import { type Resource, propertiesOf } from '../model/resource.ts';
import { type Risk, worstRisk } from '../model/risk.ts';
import { roleAssignmentsWrite } from '../model/permission.ts';
import { resourceTypes } from '../resource-types/index.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { CompiledRule } from '../rules/condition/compiled.ts';
import { decisiveEvidence, judge } from '../rules/evaluate.ts';
import { afterChanges, changesFor, wholeValues } from './changes.ts';
import { refuseChanges } from './patchable.ts';
import { retentionDays, retentionIn } from './state.ts';

/** A failed rule whose patch, alone, fixes the vault. */
export interface Candidate {
  readonly compiled: CompiledRule;
  readonly patch: JsonObject;
}

/** A failed rule that no request can fix. */
export interface Rejection {
  readonly compiled: CompiledRule;
  readonly reason: string;
  /** There is a patch, of a risk that was not asked for. */
  readonly heldBack?: true;
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
    : 'The retention period is unset, which means 90 days, and Azure may refuse to set it on what exists.';
}

function proofFault(compiled: CompiledRule, resource: Resource, changes: JsonObject): string | undefined {
  if (judge(compiled, afterChanges(resource, changes)) === 'compliant') return undefined;
  return 'The patch of the rule does not make it pass.';
}

/** The least risk of changing a property, whatever a rule calls it: the worst that it has on any resource type. */
function leastRisk(property: string): Risk {
  return worstRisk(resourceTypes.map(({ properties }) => properties.get(property)?.risk ?? 'safe'));
}

/** The risk of what a candidate would change: what its rule says, or worse. A label cannot make a change harmless. */
export function riskOf({ compiled: { rule }, patch }: Candidate): Risk {
  const properties = Object.keys(objectAt(patch, 'properties'));
  return worstRisk([rule.remediation?.risk ?? 'safe', ...properties.map(leastRisk)]);
}

/** The manual steps for a failed rule that no request can fix, in order. */
export function runbookFor(compiled: CompiledRule, resource: Resource): readonly string[] {
  if (!isAboutRetention(compiled, resource)) return byRule(compiled);
  if (!isRetentionSet(resource)) return [...tryToSet, ...byRule(compiled)];
  return knownType(resource.type)?.recreate ?? byRule(compiled);
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
    'everything.',
];

/** The consequences of the changes in sentences: first what cannot be undone, then whom they may cut off. */
export function consequencesOf(
  resource: Resource,
  changes: JsonObject,
  candidates: readonly Candidate[],
): readonly string[] {
  const properties = objectAt(changes, 'properties');
  const sentences = new Set([
    ...irreversible(resource, properties),
    ...access(resource, properties),
    ...lostUpdates(changes),
    ...candidates.flatMap((candidate) => advice(candidate)),
  ]);
  return [...sentences];
}

function irreversible(resource: Resource, properties: JsonObject): readonly string[] {
  const days = retentionDays(resource);
  const known = knownType(resource.type);
  if (properties['enablePurgeProtection'] === true) {
    return [
      'Purge protection can never be switched off again, not even by Microsoft.',
      `Once deleted, it cannot be purged: its name stays reserved for ${days} days.`,
      ...(known?.billedUntilPurged === true
        ? [`Once deleted, it is billed at its full rate until it is purged: for ${days} days.`]
        : []),
      ...(properties['enableSoftDelete'] === true ? ['Soft delete can never be switched off again.'] : []),
    ];
  }
  if (properties['enableSoftDelete'] !== true) return [];
  return [
    'Soft delete can never be switched off again.',
    `Once deleted, its name stays reserved until it is purged, or for ${days} days.`,
  ];
}

function access(resource: Resource, properties: JsonObject): readonly string[] {
  const { accessPolicies, enableRbacAuthorization, networkAcls, publicNetworkAccess } = properties;
  const sentences: string[] = [];
  if (accessPolicies !== undefined)
    sentences.push('The access policies are replaced: anyone not in the new list loses access at once.');
  if (enableRbacAuthorization !== undefined)
    sentences.push(
      `Azure makes this switch only for whoever may assign roles on the vault (${roleAssignmentsWrite}, without a condition).`,
    );
  if (enableRbacAuthorization === true) sentences.push(policiesSentence(resource));
  if (enableRbacAuthorization === false)
    sentences.push(
      'Access policies alone control access: rights granted by Azure RBAC stop applying at once.',
    );
  if (isJsonObject(networkAcls)) sentences.push(firewallSentence(networkAcls));
  if (publicNetworkAccess !== undefined)
    sentences.push(`Public network access becomes ${inWords(publicNetworkAccess)}.`);
  return sentences;
}

/** ARM replaces these whole, and has no conditional write for vaults. */
function lostUpdates(changes: JsonObject): readonly string[] {
  const whole = wholeValues(changes);
  if (whole.length === 0) return [];
  const [are, lost] = whole.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return [
    `${whole.join(' and ')} ${are} sent whole: a change that another client makes to ${lost} in the moment of the write is lost.`,
  ];
}

function policiesSentence(resource: Resource): string {
  const policies = objectAt(resource.body, 'properties')['accessPolicies'];
  const count = Array.isArray(policies) ? policies.length : 0;
  if (count === 0) return 'Azure RBAC alone controls access; the vault has no access policies.';
  const which = count === 1 ? 'its one access policy stops' : `its ${count} access policies stop`;
  return `Azure RBAC alone controls access: ${which} applying at once.`;
}

function firewallSentence(networkAcls: JsonObject): string {
  const { defaultAction, bypass } = networkAcls;
  const rules = `${counted(networkAcls['ipRules'], 'address rule')} and ${counted(networkAcls['virtualNetworkRules'], 'network rule')}`;
  const trusted =
    bypass === 'None' ? 'nobody bypasses it' : `${inWords(bypass ?? 'AzureServices')} bypass it`;
  return `The firewall's default becomes ${inWords(defaultAction ?? 'Allow')}, alongside ${rules}; ${trusted}.`;
}

/** A rule's own advice is shown for a fix that affects users but can be reverted. */
function advice({ compiled: { rule } }: Candidate): readonly string[] {
  const { remediation } = rule;
  if (remediation?.manual === undefined || remediation.risk === 'irreversible') return [];
  return [remediation.manual];
}

function counted(value: Json | undefined, thing: string): string {
  const count = Array.isArray(value) ? value.length : 0;
  return count === 1 ? `1 ${thing}` : `${count} ${thing}s`;
}

function inWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
