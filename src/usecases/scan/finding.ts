import { compareText } from '../../model/compare-text.ts';
import { createHash } from 'node:crypto';
import type { Exemption } from '../../model/exemption.ts';
import { type Evidence, valueOrWords } from '../../model/evidence.ts';
import type { Compliance, Finding, FindingExemption, FindingResource } from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { Rule } from '../../model/rule.ts';
import type { UnreadContents } from '../../model/source.ts';
import { knownType } from '../../resource-types/known-type.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { decisiveEvidence } from '../../rules/evaluate.ts';

/** A verdict that a report lists, with the exemption that covers it. */
export type ListedVerdict =
  | { readonly compliance: 'exempt'; readonly exemption: Exemption }
  | { readonly compliance: Exclude<Compliance, 'exempt'> };

/** One verdict with its rule and its resource: the making of a finding. */
export interface JudgedResource {
  readonly compiled: CompiledRule;
  readonly resource: Resource;
  readonly verdict: ListedVerdict;
}

/** Words a verdict: message, evidence, exemption, remediation and fingerprint. */
export function describeVerdict({ compiled, resource, verdict }: JudgedResource): Finding {
  const { compliance } = verdict;
  const evidence = decisiveEvidence(compiled, resource);
  const facts = factsOf(compiled.rule, resource, { compliance, evidence });
  return verdict.compliance === 'exempt'
    ? { ...facts, compliance: 'exempt', exemption: findingExemption(verdict.exemption) }
    : { ...facts, compliance: verdict.compliance };
}

/** Words what a rule cannot say of what is in a resource: one finding, of that resource. */
export function describeUnread(
  { rule, appliesTo }: CompiledRule,
  { resource, types }: UnreadContents,
): Finding {
  const evidence = types.filter(appliesTo).map((type): Evidence => {
    const actual = { kind: 'unreadable', words: 'could not be read' } as const;
    return { field: knownType(type)?.words.many ?? type, expected: 'a list', actual };
  });
  const compliance = 'unknown';
  return { ...factsOf(rule, resource, { compliance, evidence }), compliance };
}

function factsOf(
  rule: Rule,
  resource: Resource,
  { compliance, evidence }: Pick<Finding, 'compliance' | 'evidence'>,
): Omit<Finding, 'compliance' | 'exemption'> {
  return {
    ruleId: rule.id,
    ruleName: rule.name,
    severity: rule.severity,
    resource: findingResource(resource),
    message: messageFor(rule, resource, { compliance, evidence }),
    evidence,
    ...(rule.remediation === undefined || compliance === 'compliant'
      ? {}
      : { remediation: rule.remediation }),
    fingerprint: fingerprintOf(rule.id, resource.id),
  };
}

/** Depends on the rule's id and the lower-cased id of the resource alone: lower-case hex SHA-256. */
function fingerprintOf(ruleId: string, resourceId: string): string {
  return createHash('sha256').update(`${ruleId}\n${resourceId.toLowerCase()}`).digest('hex');
}

/** The order of findings in a report: by resource id, then by rule id. It does not depend on pages and rules. */
export function compareByResource(a: Finding, b: Finding): number {
  return (
    compareText(a.resource.id.toLowerCase(), b.resource.id.toLowerCase()) || compareText(a.ruleId, b.ruleId)
  );
}

const verbs: Readonly<Record<Compliance, string>> = {
  nonCompliant: 'fails',
  exempt: 'is exempt from',
  compliant: 'meets',
  unknown: 'could not be judged by',
};

function messageFor(
  rule: Rule,
  resource: Resource,
  { compliance, evidence }: Pick<Finding, 'compliance' | 'evidence'>,
): string {
  const facts = evidence.map(factInWords).join('; ');
  const head = `${resource.name} ${verbs[compliance]} ${rule.id} ${rule.name}`;
  return facts === '' ? head : `${head}: ${facts}`;
}

function factInWords({ field, expected, actual }: Evidence): string {
  const words = inWords(valueOrWords(actual));
  const found = actual.kind === 'unreadable' ? words : `is ${words}`;
  return `${field} ${found}, expected ${inWords(expected)}`;
}

function inWords(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function findingResource({
  id,
  name,
  type,
  subscriptionId,
  resourceGroup,
  location,
  tags,
  body,
}: Resource): FindingResource {
  const resource = { id, name, type, subscriptionId, resourceGroup, location };
  return 'tags' in body ? { ...resource, tags } : resource;
}

function findingExemption({ category, reason, owner, ticket, expiresOn }: Exemption): FindingExemption {
  return {
    category,
    reason,
    ...(owner === undefined ? {} : { owner }),
    ...(ticket === undefined ? {} : { ticket }),
    expiresOn,
  };
}
