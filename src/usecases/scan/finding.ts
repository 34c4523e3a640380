import { compareText } from '../../model/compare-text.ts';
import { createHash } from 'node:crypto';
import type { Exemption } from '../../model/exemption.ts';
import type {
  Compliance,
  Evidence,
  Finding,
  FindingExemption,
  FindingResource,
} from '../../model/finding.ts';
import type { Json } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { Rule } from '../../model/rule.ts';
import { type CompiledRule, evidenceFor } from '../../rules/evaluate.ts';

/** One verdict with what it is about: the making of a finding. */
export interface JudgedResource {
  readonly compiled: CompiledRule;
  readonly resource: Resource;
  readonly compliance: Compliance;
  readonly exemption: Exemption | undefined;
}

/** Words a verdict: message, evidence, exemption, remediation and fingerprint. */
export function describeVerdict({ compiled, resource, compliance, exemption }: JudgedResource): Finding {
  const { rule } = compiled;
  const evidence = evidenceFor(compiled, resource);
  return {
    ruleId: rule.id,
    ruleName: rule.name,
    severity: rule.severity,
    compliance,
    resource: findingResource(resource),
    message: messageFor(rule, resource, { compliance, evidence }),
    evidence,
    ...(exemption === undefined ? {} : { exemption: findingExemption(exemption) }),
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

/** The order of findings in a report, whatever the order of pages and rules: by resource id, then by rule id. */
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
  const words = inWords(actual);
  const found = words.startsWith('could not be read') ? words : `is ${words}`;
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
