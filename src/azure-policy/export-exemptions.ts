import { createHash } from 'node:crypto';
import { isAtOrBelowScope, scopeInId } from '../model/arm-id.ts';
import type { Exemption } from '../model/exemption.ts';
import { isGuid } from '../model/guid.ts';
import type { JsonObject } from '../model/json.ts';

/** The assignments of Azure Policy that rules correspond to. Ids of rules are as rules have them. */
export interface ExportTarget {
  /** The ARM id of an assignment of the definition of one rule, by rule. */
  readonly definitions: ReadonlyMap<string, string>;
  /** The assignment of an initiative, and the reference ids of the definitions in it that rules correspond to. */
  readonly initiative?: {
    readonly assignment: string;
    readonly references: ReadonlyMap<string, readonly string[]>;
  };
}

/** Exemptions of Azure Policy as ARM has them, and what cannot be said there. */
export interface ExportedExemptions {
  readonly exemptions: readonly JsonObject[];
  readonly leftOut: readonly { readonly exemption: Exemption; readonly reason: string }[];
}

/** The newest version of Microsoft.Authorization/policyExemptions that has all that is used here. */
const apiVersion = '2022-07-01-preview';
const type = 'Microsoft.Authorization/policyExemptions';

/** Says exemptions in the words of Azure Policy. Nothing is exempted that is not: what Azure cannot say so is left out. */
export function exportExemptions(exemptions: readonly Exemption[], target: ExportTarget): ExportedExemptions {
  const said = exemptions.map((exemption) => ({ exemption, result: exported(exemption, target) }));
  return {
    exemptions: said.flatMap(({ result }) => (typeof result === 'string' ? [] : result)),
    leftOut: said.flatMap(({ exemption, result }) =>
      typeof result === 'string' ? [{ exemption, reason: result }] : [],
    ),
  };
}

/** The exemptions that say the same, or why there are none. */
function exported(exemption: Exemption, target: ExportTarget): readonly JsonObject[] | string {
  const at = azureScope(exemption.scope);
  if (!at.startsWith('/')) return at;
  const from = assignmentsFor(exemption.rule, target);
  if (from.length === 0) return noAssignment(exemption.rule);
  const reaching = from.filter(({ assignment }) => mayReach(assignment, at));
  if (reaching.length === 0)
    return `its scope is not below that of ${from.map(({ assignment }) => assignment).join(' or ')}`;
  return reaching.map((one) => toResource(exemption, at, one));
}

interface ExemptedFrom {
  readonly assignment: string;
  readonly references: readonly string[];
}

function assignmentsFor(rule: string, { definitions, initiative }: ExportTarget): readonly ExemptedFrom[] {
  const ids = rule === '*' ? [...definitions.values()] : [definitions.get(rule)].flatMap((id) => id ?? []);
  const references =
    rule === '*'
      ? [...(initiative?.references.values() ?? [])].flat()
      : (initiative?.references.get(rule) ?? []);
  return [
    ...ids.map((assignment) => ({ assignment, references: [] })),
    ...(initiative === undefined || references.length === 0
      ? []
      : [{ assignment: initiative.assignment, references }]),
  ];
}

function noAssignment(rule: string): string {
  return rule === '*'
    ? 'no assignment corresponds to any rule: name one with --assignment RULE=ID, or with --assignment ID and --reference RULE=REFERENCE'
    : `no assignment corresponds to ${rule}: name one with --assignment ${rule}=ID, or with --assignment ID and --reference ${rule}=REFERENCE`;
}

/** An exemption stands at or below the scope of its assignment. What is below a management group, ids do not tell. */
function mayReach(assignment: string, scope: string): boolean {
  const at = scopeInId(assignment);
  return /^\/providers\/microsoft\.management\//iu.test(at) || isAtOrBelowScope(scope, at);
}

/** The ARM id that says the same as a scope, or why there is none: no id begins without a slash. */
function azureScope(scope: Exemption['scope']): string {
  const { resource, resourceGroup, subscription, managementGroup, name, tag } = scope;
  if (name !== undefined || tag !== undefined)
    return 'Azure Policy exempts neither by a pattern of names nor by tags';
  if (subscription !== undefined && !isGuid(subscription))
    return 'Azure Policy knows subscriptions by their ids: name it by that';
  if (managementGroup !== undefined) {
    if (Object.keys(scope).length > 1)
      return 'whether the rest of its scope is below the management group is not known here';
    if (!/^[\w.()-]{1,90}$/u.test(managementGroup))
      return 'Azure Policy knows management groups by their ids: name it by that';
    return `/providers/Microsoft.Management/managementGroups/${managementGroup}`;
  }
  const outer = subscription === undefined ? undefined : `/subscriptions/${subscription}`;
  const group = groupId(resourceGroup, outer);
  if (resourceGroup !== undefined && group === undefined)
    return 'a resource group without its subscription may be in several: name it by its id';
  const [innermost, ...others] = [resource, group, outer].flatMap((id) =>
    id === undefined ? [] : [id.replace(/\/+$/u, '')],
  );
  if (innermost === undefined || !/^\/subscriptions\//iu.test(innermost))
    return 'it is not about something in Azure Resource Manager';
  const isInside = others.every((id) => isAtOrBelowScope(innermost, id));
  return isInside ? innermost : 'the parts of its scope contradict each other';
}

function groupId(resourceGroup: string | undefined, subscription: string | undefined): string | undefined {
  if (resourceGroup === undefined || resourceGroup.startsWith('/')) return resourceGroup;
  return subscription && `${subscription}/resourceGroups/${resourceGroup}`;
}

/** Longer names than 64 characters are refused. */
const mostRuleId = 40;
const mostDescription = 512;
const mostDisplayName = 128;

function toResource(
  exemption: Exemption,
  scope: string,
  { assignment, references }: ExemptedFrom,
): JsonObject {
  const { rule, category, reason, owner, ticket, expiresOn } = exemption;
  const name = nameOf(rule, scope, assignment);
  return {
    id: `${scope}/providers/${type}/${name}`,
    type,
    apiVersion,
    name,
    properties: {
      policyAssignmentId: assignment,
      ...(references.length === 0 ? {} : { policyDefinitionReferenceIds: references }),
      exemptionCategory: category === 'waiver' ? 'Waiver' : 'Mitigated',
      expiresOn: endOf(expiresOn),
      displayName: cut(`${rule === '*' ? 'All rules' : rule}: ${reason}`, mostDisplayName),
      description: cut(reason, mostDescription),
      metadata: {
        source: 'purgeproof',
        rule,
        ...(owner === undefined ? {} : { owner }),
        ...(ticket === undefined ? {} : { ticket }),
      },
    },
  };
}

/** The same for the same rule, scope and assignment, so that writing it again changes it and adds none. */
function nameOf(rule: string, scope: string, assignment: string): string {
  const hash = createHash('sha256').update([rule, scope, assignment].join('\n').toLowerCase()).digest('hex');
  const of = rule === '*' ? 'all' : rule.toLowerCase().slice(0, mostRuleId);
  return `purgeproof-${of}-${hash.slice(0, 12)}`;
}

/** It holds to the end of its last day: that is the beginning of the next one. */
function endOf(lastDay: string): string {
  if (lastDay === '9999-12-31') return `${lastDay}T23:59:59Z`;
  const next = new Date(`${lastDay}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().replace('.000', '');
}

/** Azure counts units of UTF-16, of which no pair is parted. */
function cut(text: string, most: number): string {
  const whole = Buffer.from(text).toString();
  return whole.length <= most ? whole : `${whole.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
