import { evidenceToJson } from '../../../model/evidence.ts';
import type { DeclaredToday } from '../../../model/deployed.ts';
import type { Compliance, Finding } from '../../../model/finding.ts';
import type { ReportRule, ScanReport } from '../../../model/report.ts';
import { type Severity, severities } from '../../../model/severity.ts';
import { controlNames } from '../../words/controls.ts';
import { placeInOrder } from '../finding-json.ts';
import { exemptionWords } from '../../words/exemption.ts';
import { fixWords } from '../../words/fix.ts';
import { evidenceWords } from '../../words/values.ts';
import type { EventParts, EventSeverity } from './event.ts';

/** The parts of a report that every finding refers to. */
export interface FindingContext {
  readonly report: ScanReport;
  readonly rules: ReadonlyMap<string, ReportRule>;
  /** The name of a subscription by its id. */
  readonly nameOf: (id: string) => string;
  /** The words about Azure beside a finding on code, and the resource that is there. */
  readonly today: (finding: Finding) => string;
  readonly deployed: (finding: Finding) => DeclaredToday | undefined;
}

/** A finding as an event. The fingerprint is the same for as long as rule and resource are. */
export function findingEvent(finding: Finding, context: FindingContext): EventParts {
  const { report, rules, nameOf } = context;
  const { resource, ruleId, ruleName, message, evidence, exemption, baselineState } = finding;
  const isGone = baselineState === 'absent';
  const rule = rules.get(ruleId);
  const id = resource.subscriptionId;
  const subscription = id === '' ? undefined : { id, name: nameOf(id) };
  return {
    ...statesOf(finding),
    uid: finding.fingerprint,
    title: rule?.title || ruleName,
    message: isGone ? `Gone since the baseline: ${message}` : message,
    check: ruleId,
    code: isGone ? 'gone' : finding.compliance,
    details: evidenceWords(evidence),
    subscription,
    region: resource.location === '' ? undefined : resource.location,
    findingInfo: {
      desc: rule?.description,
      src_url: rule?.helpUri || undefined,
      analytic: { uid: ruleId, name: ruleName, type_id: 1, type: 'Rule' },
    },
    compliance: complianceOf(rule, finding),
    rest: {
      resources: [resourceOf(finding, subscription?.name)],
      ...(evidence.length === 0
        ? {}
        : { evidences: evidence.map((fact) => ({ name: fact.field, data: evidenceToJson(fact) })) }),
      ...remediationOf(finding, rule),
      ...(exemption === undefined ? {} : { comment: exemptionWords(exemption, report) }),
      ...unmappedOf(finding, context),
    },
  };
}

/** The members that the schema has no place for. */
function unmappedOf(finding: Finding, { today, deployed }: FindingContext): object {
  const { baselineState, declaredAt } = finding;
  const [words, found] = [today(finding), deployed(finding)];
  const unmapped = {
    ...(baselineState === undefined ? {} : { baseline_state: baselineState }),
    ...(declaredAt === undefined ? {} : { declared_at: placeInOrder(declaredAt) }),
    ...(found === undefined ? {} : { deployed: found.state }),
    ...(found?.state === 'deployed' ? { deployed_uid: found.id } : {}),
    ...(words === '' ? {} : { today: words }),
  };
  return Object.keys(unmapped).length === 0 ? {} : { unmapped };
}

type States = Pick<EventParts, 'activity' | 'severity' | 'status' | 'result'>;

const states: Readonly<Record<Compliance, Pick<States, 'status' | 'result'>>> = {
  nonCompliant: { status: 'New', result: 'Fail' },
  unknown: { status: 'New', result: 'Warning' },
  exempt: { status: 'Suppressed', result: 'Fail' },
  compliant: { status: 'Resolved', result: 'Pass' },
};

const captions: Readonly<Record<Severity, EventSeverity>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

function statesOf({ compliance, severity, baselineState }: Finding): States {
  const state = { ...states[compliance], severity: captions[severity] };
  if (compliance === 'compliant') return { ...state, severity: 'Informational' };
  if (baselineState === 'absent') return { ...state, activity: 'Close', status: 'Resolved' };
  return baselineState === undefined || baselineState === 'new' ? state : { ...state, activity: 'Update' };
}

/** The worst severity among rules: that of what could not be judged, since it may be as bad. */
export function worstSeverity(rules: readonly ReportRule[]): EventSeverity {
  const worst = severities.find((severity) => rules.some((rule) => rule.severity === severity));
  return captions[worst ?? 'critical'];
}

function complianceOf(rule: ReportRule | undefined, finding: Finding): object {
  if (rule === undefined) return {};
  const standards = Object.keys(rule.controls);
  const parameters = Object.entries(finding.parameters ?? rule.parameters ?? {});
  return {
    desc: rule.title,
    ...(standards.length === 0 ? {} : { standards, requirements: controlNames(rule) }),
    ...(parameters.length === 0
      ? {}
      : {
          control_parameters: parameters.map(([name, value]) => ({
            name,
            value: typeof value === 'string' ? value : JSON.stringify(value),
          })),
        }),
  };
}

/** With the subscription once more: what reads only the resources of an event would not know it. */
function resourceOf({ resource }: Finding, subscriptionName: string | undefined): object {
  const { id, name, type, subscriptionId, resourceGroup, location } = resource;
  return {
    uid: id,
    name,
    type,
    ...(subscriptionName === undefined
      ? {}
      : { namespace: subscriptionId, data: { subscriptionId, subscriptionName } }),
    ...(resourceGroup === '' ? {} : { group: { name: resourceGroup, type: 'resource group' } }),
    ...(location === '' ? {} : { region: location }),
  };
}

function remediationOf({ remediation }: Finding, rule: ReportRule | undefined): object {
  const desc = fixWords(remediation);
  if (desc === '') return {};
  return { remediation: { desc, ...(rule?.helpUri ? { references: [rule.helpUri] } : {}) } };
}
