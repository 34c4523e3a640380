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

/** A verdict as it is kept until everything has been read: without the body of the resource, which is released. */
export interface KeptVerdict {
  readonly compiled: CompiledRule;
  readonly resource: FindingResource;
  readonly compliance: Exclude<Compliance, 'exempt'>;
  readonly evidence: readonly Evidence[];
}

/** Keeps a verdict of a rule on a resource, with the facts behind it. */
export function keepVerdict(
  compiled: CompiledRule,
  resource: Resource,
  compliance: KeptVerdict['compliance'],
): KeptVerdict {
  const evidence = decisiveEvidence(compiled, resource);
  return { compiled, resource: findingResource(resource), compliance, evidence };
}

/** Keeps what a rule cannot say of what is in a resource: one verdict, on that resource. */
export function keepUnread(compiled: CompiledRule, { resource, types }: UnreadContents): KeptVerdict {
  const field = types
    .filter(compiled.appliesTo)
    .map((type) => knownType(type)?.words.many ?? type)
    .join(', ');
  const actual = { kind: 'unreadable', words: 'could not be read' } as const;
  const evidence = [{ field, expected: 'a list', actual }];
  return { compiled, resource: findingResource(resource), compliance: 'unknown', evidence };
}

/** Words a verdict: message, evidence, remediation, fingerprint, and the exemption that covers it. */
export function describeVerdict(
  { compiled, resource, compliance, evidence }: KeptVerdict,
  exemption?: Exemption,
): Finding {
  const { rule } = compiled;
  const shown = exemption === undefined ? compliance : 'exempt';
  const facts = {
    ruleId: rule.id,
    ruleName: rule.name,
    severity: rule.severity,
    resource,
    message: messageFor(rule, resource, { compliance: shown, evidence }),
    evidence,
    ...(rule.remediation === undefined || compliance === 'compliant'
      ? {}
      : { remediation: rule.remediation }),
    fingerprint: fingerprintOf(rule.id, resource.id),
  };
  return exemption === undefined
    ? { ...facts, compliance }
    : { ...facts, compliance: 'exempt', exemption: findingExemption(exemption) };
}

/** Depends on the rule's id and the lower-cased id of the resource alone: lower-case hex SHA-256. */
function fingerprintOf(ruleId: string, resourceId: string): string {
  return createHash('sha256').update(`${ruleId}\n${resourceId.toLowerCase()}`).digest('hex');
}

/** In the order of a report: by resource id, then by rule id. It does not depend on pages and rules. */
export function inReportOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings
    .map((finding) => ({ finding, id: finding.resource.id.toLowerCase() }))
    .toSorted((a, b) => compareText(a.id, b.id) || compareText(a.finding.ruleId, b.finding.ruleId))
    .map(({ finding }) => finding);
}

const verbs: Readonly<Record<Compliance, string>> = {
  nonCompliant: 'fails',
  exempt: 'is exempt from',
  compliant: 'meets',
  unknown: 'could not be judged by',
};

function messageFor(
  rule: Rule,
  resource: FindingResource,
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
