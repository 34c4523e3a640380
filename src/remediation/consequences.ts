import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { Resource } from '../model/resource.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { Candidate } from './candidate.ts';
import { roleAssignmentsWrite } from '../model/permission.ts';
import { objectAt, retentionDays } from './state.ts';
import { wholeValues } from './changes.ts';

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
  const kind = known?.words.one ?? 'resource';
  if (properties['enablePurgeProtection'] === true) {
    return [
      'Purge protection can never be switched off again, not even by Microsoft.',
      `If the ${kind} is deleted, nobody can purge it: its name stays reserved until ${days} days after the deletion.`,
      ...(known?.billedUntilPurged === true
        ? [`A deleted ${kind} is billed at its full hourly rate until it is purged: for ${days} days.`]
        : []),
      ...(properties['enableSoftDelete'] === true ? ['Soft delete can never be switched off again.'] : []),
    ];
  }
  if (properties['enableSoftDelete'] !== true) return [];
  return [
    'Soft delete can never be switched off again.',
    `If the ${kind} is deleted, its name stays reserved until it is purged, or until ${days} days after the deletion.`,
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
