import type { ReportFramework, RuleVerdicts } from '../../model/control.ts';
import type { NotCoveredReason, UncomparedFinding } from '../../model/comparison.ts';
import type { DeclaredToday } from '../../model/deployed.ts';
import { evidenceToJson } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { Location } from '../../model/location.ts';
import type { ComparisonCounts } from '../words/comparison.ts';

/** Makes objects when they are asked for, so that not all of a long list are there at once. */
export function* each<T>(items: readonly T[], render: (item: T) => object): Iterable<object> {
  for (const item of items) yield render(item);
}

/** A finding with its keys in the order of the schema. */
export function findingInOrder(finding: Finding): object {
  const { id, name, type, subscriptionId, resourceGroup, location } = finding.resource;
  const { exemption, remediation } = finding;
  return {
    ruleId: finding.ruleId,
    ruleName: finding.ruleName,
    severity: finding.severity,
    compliance: finding.compliance,
    resource: { id, name, type, subscriptionId, resourceGroup, location },
    message: finding.message,
    evidence: finding.evidence.map(evidenceToJson),
    parameters: finding.parameters,
    exemption: exemption && {
      category: exemption.category,
      reason: exemption.reason,
      owner: exemption.owner,
      ticket: exemption.ticket,
      expiresOn: exemption.expiresOn,
      id: exemption.id,
    },
    remediation: remediation && {
      risk: remediation.risk,
      patch: remediation.patch,
      manual: remediation.manual,
    },
    declaredAt: finding.declaredAt && placeInOrder(finding.declaredAt),
    baselineState: finding.baselineState,
    fingerprint: finding.fingerprint,
  };
}

/** A place in code with its keys in the order of the schema. */
export function placeInOrder({ file, line, column }: Location): object {
  return { file, line, column };
}

/** The numbers of a comparison with their keys in the order of the schema. */
export function countsInOrder(counts: ComparisonCounts): object {
  const { worse, updated, unchanged, gone, notCompared } = counts;
  return { new: counts.new, worse, updated, unchanged, gone, notCompared };
}

/** A finding that is not compared with its keys in the order of the schema. */
export function uncomparedInOrder({ in: side, reason, finding }: UncomparedFinding): object {
  return { in: side, reason: reasonInOrder(reason), finding: comparedInOrder(finding) };
}

/** A finding of a comparison: without the state that it had since another baseline. */
export function comparedInOrder(finding: Finding): object {
  return { ...findingInOrder(finding), baselineState: undefined };
}

/** A reason with its keys in the order of the schema. */
export function reasonInOrder({ kind, what }: NotCoveredReason): object {
  return { kind, what };
}

/** The verdicts by the controls of a framework, with their keys in the order of the schema. */
export function frameworkInOrder({ name, title, version, controls, notCovered }: ReportFramework): object {
  return {
    name,
    title,
    version,
    controls: controls.map((control) => ({
      id: control.id,
      title: control.title,
      verdict: control.verdict,
      coverage: control.coverage,
      rules: control.rules.map(({ ruleId, mappedBy, verdict, reason, verdicts }) => {
        return { ruleId, mappedBy, verdict, reason, verdicts: verdictsInOrder(verdicts) };
      }),
    })),
    notCovered: notCovered.map(({ id, title }) => ({ id, title })),
  };
}

function verdictsInOrder({ compliant, nonCompliant, exempt, unknown, notApplicable }: RuleVerdicts): object {
  return { compliant, nonCompliant, exempt, unknown, notApplicable };
}

/** The state in Azure of what code declares with its keys in the order of the schema. */
export function deployedInOrder(today: DeclaredToday): object {
  const { declared, declaredAt, state } = today;
  const { id, name, type } = declared;
  const known = { declared: { id, name, type }, declaredAt: placeInOrder(declaredAt), state };
  return today.state === 'deployed'
    ? { ...known, id: today.id, findings: today.findings.map(comparedInOrder) }
    : { ...known, reason: today.reason };
}
