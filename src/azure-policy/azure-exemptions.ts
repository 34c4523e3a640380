import { isAtOrBelowScope, scopeInId } from '../model/arm-id.ts';
import type { AzureExemption, ExemptedAssignment } from '../model/azure-exemption.ts';
import { endsSoon } from '../model/days-between.ts';
import type { ExemptionNotice } from '../model/exemption-notice.ts';
import type { Finding, FindingExemption, FindingResource } from '../model/finding.ts';
import { isJsonObject, type Json, type JsonObject, objectAt } from '../model/json.ts';
import type { Rule } from '../model/rule.ts';
import type { Subscription } from '../model/source.ts';
import { isSelected, isTextList, readSelectors, unknownKinds } from './resource-selectors.ts';

/** The exemptions of Azure Policy that are in force for some rules. */
export interface AzureExemptionsInUse {
  /** The exemption of a finding; of several, the one that holds longest. */
  find(
    finding: Pick<Finding, 'ruleId' | 'resource'>,
    subscription?: Subscription,
  ): FindingExemption | undefined;
  /** A notice for each exemption of a mapped definition that ends soon, and for each that cannot be evaluated. */
  readonly notices: readonly ExemptionNotice[];
}

/** An exemption in force, and the rules that it is about. */
interface InForce {
  readonly exemption: AzureExemption;
  readonly ruleIds: ReadonlySet<string>;
}

/** Prepares the exemptions that are in force at `now` and about what one of the rules maps to. */
export function azureExemptionsInUse(
  exemptions: readonly AzureExemption[],
  { rules, now }: { readonly rules: readonly Rule[]; readonly now: Date },
): AzureExemptionsInUse {
  const current = exemptions.filter(
    ({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now.getTime(),
  );
  const mapped = current
    .map((exemption): InForce => ({ exemption, ruleIds: rulesExempted(exemption, rules) }))
    .filter(({ ruleIds }) => ruleIds.size > 0)
    .toSorted((a, b) => endOf(b) - endOf(a));
  const usable = mapped.filter(({ exemption }) => kindsNotEvaluated(exemption).length === 0);
  return {
    find({ ruleId, resource }, subscription) {
      const found = usable.find(
        ({ exemption, ruleIds }) => ruleIds.has(ruleId) && covers(exemption, resource, subscription),
      );
      return found && toFindingExemption(found.exemption);
    },
    notices: [
      ...current.flatMap(unresolvedNotice),
      ...mapped.flatMap(({ exemption }) => selectorNotice(exemption).concat(endNotice(exemption, now))),
    ],
  };
}

function endOf({ exemption: { expiresAt } }: InForce): number {
  return expiresAt === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(expiresAt);
}

function rulesExempted({ definitions = [] }: AzureExemption, rules: readonly Rule[]): ReadonlySet<string> {
  const exempted = new Set(definitions);
  const about = rules.filter(({ azurePolicies = [] }) =>
    azurePolicies.some((one) => exempted.has(definitionId(one))),
  );
  return new Set(about.map(({ id }) => id));
}

/** The ARM id of a definition, in lower case: one that is named without a path is built in. */
function definitionId(name: string): string {
  const id = name.startsWith('/') ? name : `/providers/Microsoft.Authorization/policyDefinitions/${name}`;
  return id.toLowerCase();
}

/** An exemption is from one assignment: where that does not reach, it says nothing, whatever Azure was told not to validate. */
function covers(
  { scope, assignment, selectors }: AzureExemption,
  resource: FindingResource,
  subscription?: Subscription,
): boolean {
  const holds = (at: string): boolean => isAtOrAbove(at, resource, subscription);
  return (
    [scope, scopeInId(assignment.id)].every(holds) &&
    !assignment.notScopes.some(holds) &&
    [selectors, assignment.selectors].every((one) => isSelected(one, resource))
  );
}

const groupPrefix = '/providers/microsoft.management/managementgroups/';

function isAtOrAbove(scope: string, { id }: FindingResource, subscription?: Subscription): boolean {
  const outer = scope.toLowerCase();
  if (!outer.startsWith(groupPrefix)) return outer !== '' && isAtOrBelowScope(id, outer);
  const group = outer.slice(groupPrefix.length);
  return subscription?.managementGroups.some((one) => one.id.toLowerCase() === group) ?? false;
}

function kindsNotEvaluated({ selectors, assignment }: AzureExemption): readonly string[] {
  return unknownKinds([...selectors, ...assignment.selectors]);
}

function selectorNotice(exemption: AzureExemption): readonly ExemptionNotice[] {
  const kinds = kindsNotEvaluated(exemption);
  if (kinds.length === 0) return [];
  return [notEvaluated(exemption, `it selects resources by ${kinds.join(' and ')}`)];
}

/** Nobody knows what it exempts from, so that may be what a rule is about. */
function unresolvedNotice(exemption: AzureExemption): readonly ExemptionNotice[] {
  if (exemption.definitions !== undefined) return [];
  return [
    notEvaluated(exemption, `what ${exemption.assignment.id} assigns is not there or could not be read`),
  ];
}

function notEvaluated(exemption: AzureExemption, why: string): ExemptionNotice {
  const message = `the exemption of Azure Policy exempts nothing here: ${why}`;
  return { kind: 'notEvaluated', at: exemption.id, ...lastDay(exemption), message };
}

function endNotice(exemption: AzureExemption, now: Date): readonly ExemptionNotice[] {
  const { expiresAt, id } = exemption;
  if (expiresAt === undefined || !endsSoon(expiresAt, now)) return [];
  const message = `the exemption of Azure Policy ends at ${expiresAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [{ kind: 'endsSoon', at: id, ...lastDay(exemption), message }];
}

function toFindingExemption(exemption: AzureExemption): FindingExemption {
  const { category, reason, id } = exemption;
  return { category, reason, ...lastDay(exemption), id };
}

/** The last day on which it holds for a while, at least. */
function lastDay({ expiresAt }: AzureExemption): { readonly expiresOn?: string } {
  if (expiresAt === undefined) return {};
  return { expiresOn: new Date(Date.parse(expiresAt) - 1).toISOString().slice(0, 10) };
}

/** The ids of the definitions in an initiative, in lower case, by reference id in lower case. */
export type InitiativeMembers = ReadonlyMap<string, string>;

/** The initiatives that are known, by ARM id in lower case. */
export type Initiatives = ReadonlyMap<string, InitiativeMembers>;

/** Reads the row of an initiative: `undefined` for one in an unknown shape. */
export function toInitiative({ definitions }: JsonObject): InitiativeMembers | undefined {
  if (!Array.isArray(definitions)) return undefined;
  const members = new Map<string, string>();
  for (const one of definitions) {
    const id = isJsonObject(one) ? textOf(one['policyDefinitionId']) : undefined;
    const reference = isJsonObject(one) ? textOf(one['policyDefinitionReferenceId']) : undefined;
    if (id === undefined || reference === undefined) return undefined;
    members.set(reference.toLowerCase(), id.toLowerCase());
  }
  return members;
}

/** The ARM id in lower case of what the assignment of an exemption assigns; `undefined` where no assignment shows. */
export function assignedBy({ assigned }: JsonObject): string | undefined {
  return textOf(assigned)?.toLowerCase();
}

/** True for the ARM id of an initiative. */
export function isInitiative(definitionId: string): boolean {
  return definitionId.includes('/policysetdefinitions/');
}

const exemptionId = /\/providers\/microsoft\.authorization\/policyexemptions\/[^/]+$/iu;

/** Reads the row of an exemption: `undefined` for one in an unknown shape, which exempts nothing. */
export function toAzureExemption(row: JsonObject, initiatives: Initiatives): AzureExemption | undefined {
  const properties = objectAt(row, 'properties');
  const [id, name] = [row['id'], row['name']].map(textOf);
  const category = textOf(properties['exemptionCategory'])?.toLowerCase();
  const selectors = readSelectors(properties['resourceSelectors'] ?? []);
  const expiresAt = properties['expiresOn'] ?? undefined;
  const assignment = assignmentOf(row);
  if (id === undefined || assignment === undefined || !exemptionId.test(id)) return undefined;
  if (category !== 'waiver' && category !== 'mitigated') return undefined;
  if (selectors === undefined || (expiresAt !== undefined && !isTime(expiresAt))) return undefined;
  const definitions = definitionsOf(row, initiatives);
  const reason = ['description', 'displayName'].map((key) => textOf(properties[key])?.trim()).find(Boolean);
  return {
    id,
    scope: scopeInId(id),
    category,
    reason: reason ?? name ?? id,
    ...(expiresAt === undefined ? {} : { expiresAt: new Date(expiresAt).toISOString() }),
    assignment,
    ...(definitions === undefined ? {} : { definitions }),
    selectors,
  };
}

/** The columns of the assignment are empty where none shows. Of some, the Azure CLI wrote all `notScopes` as one text. */
function assignmentOf(row: JsonObject): ExemptedAssignment | undefined {
  const id = textOf(objectAt(row, 'properties')['policyAssignmentId']);
  const notScopes = row['notScopes'] ?? [];
  const selectors = readSelectors(row['assignmentSelectors'] ?? []);
  return id === undefined || selectors === undefined || !isTextList(notScopes)
    ? undefined
    : { id, notScopes: notScopes.flatMap((scopes) => scopes.split(/\s+(?=\/)/u)), selectors };
}

/** All that an initiative assigns, or what the reference ids name of it; a reference id that it does not have names nothing. */
function definitionsOf(row: JsonObject, initiatives: Initiatives): readonly string[] | undefined {
  const assigned = assignedBy(row);
  if (assigned === undefined || !isInitiative(assigned))
    return assigned === undefined ? undefined : [assigned];
  const members = initiatives.get(assigned);
  const references = objectAt(row, 'properties')['policyDefinitionReferenceIds'] ?? [];
  if (members === undefined || !isTextList(references)) return undefined;
  if (references.length === 0) return [...new Set(members.values())];
  return references.flatMap((reference) => members.get(reference.toLowerCase()) ?? []);
}

/** Azure writes times in UTC. One without its zone may be any of a day, and none that has ended may count. */
function isTime(value: Json): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/iu.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
