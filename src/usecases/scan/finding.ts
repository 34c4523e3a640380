import { compareText } from '../../model/compare-text.ts';
import { hash } from 'node:crypto';
import { type EvidenceWording, evidenceSentences } from '../../model/evidence-words.ts';
import { placeOfField } from '../../model/declared-places.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Compliance, Finding, FindingResource } from '../../model/finding.ts';
import { sameJson } from '../../model/json.ts';
import type { Location } from '../../model/location.ts';
import type { Resource } from '../../model/resource.ts';
import type { Rule } from '../../model/rule.ts';
import type { UnreadContents } from '../../model/source.ts';
import { knownType } from '../../resource-types/known-type.ts';
import { resourceName } from '../../reporters/words/scope.ts';
import type { CompiledRule } from '../../rules/condition/compiled.ts';
import { decisiveEvidence } from '../../rules/evaluate.ts';

/** A verdict before exemptions are applied, and the facts behind it. */
interface Judged {
  readonly compliance: Exclude<Compliance, 'exempt'>;
  readonly evidence: readonly Evidence[];
}

/** Words the verdict of a rule. */
export type DescribeVerdict = (compiled: CompiledRule, compliance: Judged['compliance']) => Finding;

/** Words the verdicts of rules on a resource, whose body is released. */
export function describeVerdicts(resource: Resource): DescribeVerdict {
  const { declared } = resource;
  let shown: FindingResource | undefined;
  return (compiled, compliance) => {
    shown ??= findingResource(resource);
    const evidence = decisiveEvidence(compiled, resource);
    if (declared === undefined) return describe(compiled.rule, shown, { compliance, evidence });
    const worded = evidence.map(beforeDeployment);
    const fields = evidence.map(({ field }) => field);
    return {
      ...describe(compiled.rule, shown, { compliance, evidence: worded }),
      declaredAt: placeOfField(declared, fields),
    };
  };
}

/** A value that nobody has read yet, in the words for one that is not there to be read. */
function beforeDeployment(fact: Evidence): Evidence {
  const { actual } = fact;
  if (actual.kind !== 'unreadable') return fact;
  const words = actual.words.replace('could not be read', 'is not known before deployment');
  return { ...fact, actual: { kind: 'unreadable', words } };
}

/** The same with the parameters in force, where they are others than the rule has outside of every scope. */
export function describeInScope(
  compiled: CompiledRule,
  describeOne: DescribeVerdict,
  { compliance, base }: Pick<Judged, 'compliance'> & { readonly base: CompiledRule },
): Finding {
  const finding = describeOne(compiled, compliance);
  const { parameters } = compiled;
  return sameJson(parameters, base.parameters) ? finding : { ...finding, parameters };
}

/** The facts that are not known, the parameters that depend on them, and the evidence of the verdicts that would be. */
interface Undecided {
  readonly facts: readonly string[];
  readonly parameters: string;
  readonly evidence: readonly Evidence[];
  /** The line of code of one of them; absent for what is deployed. */
  readonly declaredAt: Location | undefined;
}

/** Words that a rule cannot be judged, since the scope of a resource and so its parameters are not known. */
export function describeUndecided(
  rule: Rule,
  resource: FindingResource,
  { facts, parameters, evidence, declaredAt }: Undecided,
): Finding {
  const actual = { kind: 'unreadable', words: 'could not be read' } as const;
  const unknown = facts.map((field): Evidence => ({ field, expected: `to decide ${parameters}`, actual }));
  const worded = declaredAt === undefined ? unknown : unknown.map(beforeDeployment);
  const finding = describe(rule, resource, { compliance: 'unknown', evidence: [...worded, ...evidence] });
  return declaredAt === undefined ? finding : { ...finding, declaredAt };
}

/** The same finding with other evidence, and the message that goes with it. */
export function withEvidence(finding: Finding, evidence: readonly Evidence[]): Finding {
  return { ...finding, evidence, message: messageFor({ ...finding, evidence }) };
}

/** Words what a rule cannot say of what is in a resource: one verdict, on that resource. */
export function describeUnread(
  { rule, appliesTo }: CompiledRule,
  { resource, types }: UnreadContents,
): Finding {
  const field = types
    .filter(appliesTo)
    .map((type) => knownType(type)?.words.many ?? type)
    .join(', ');
  const actual = { kind: 'unreadable', words: 'could not be read' } as const;
  return describe(rule, findingResource(resource), {
    compliance: 'unknown',
    evidence: [{ field, expected: 'a list', actual }],
  });
}

function describe(rule: Rule, resource: FindingResource, { compliance, evidence }: Judged): Finding {
  const { id: ruleId, name: ruleName, severity, remediation } = rule;
  return {
    ruleId,
    ruleName,
    severity,
    resource,
    message: messageFor({ ruleId, ruleName, resource, compliance, evidence }),
    evidence,
    ...(remediation === undefined || compliance === 'compliant' ? {} : { remediation }),
    fingerprint: fingerprintOf(ruleId, resource.id),
    compliance,
  };
}

/** Depends on the rule's id and the lower-cased id of the resource alone: lower-case hex SHA-256. */
function fingerprintOf(ruleId: string, resourceId: string): string {
  return hash('sha256', `${ruleId}\n${resourceId.toLowerCase()}`);
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

/** The message of a finding, from its parts. */
export function messageFor({
  ruleId,
  ruleName,
  resource,
  compliance,
  evidence,
}: Pick<Finding, 'ruleId' | 'ruleName' | 'resource' | 'compliance' | 'evidence'>): string {
  const facts = evidenceSentences(evidence, wording).join('; ');
  // Joined, since V8 keeps what is added as a tree of its parts, which takes twice the memory.
  const head = [resourceName(resource), verbs[compliance], ruleId, ruleName].join(' ');
  return facts === '' ? head : [head, facts].join(': ');
}

const wording: EvidenceWording = {
  field: (path) => path,
  value: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
};

/** The part of a resource that a finding keeps. */
export function findingResource({
  id,
  name,
  type,
  subscriptionId,
  resourceGroup,
  location,
  tags,
  body,
}: Resource): FindingResource {
  return 'tags' in body
    ? { id, name, type, subscriptionId, resourceGroup, location, tags }
    : { id, name, type, subscriptionId, resourceGroup, location };
}
