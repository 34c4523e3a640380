import type { PropertyBag, ReportingDescriptorRelationship, Result, ToolComponent } from 'sarif';

import { evidenceToJson } from '../../model/evidence.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import type { ReportRule, ScanReport } from '../../model/report.ts';
import { compareText } from '../../model/compare-text.ts';
import { publishedState } from './json.ts';
import { worstFirst } from './order.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { indexOf, rulesById, sarifLog } from './sarif/log.ts';
import { describeResult, type ResultContext } from './sarif.ts';
import { describeRule } from './sarif/rule.ts';
import { sarifName } from '../text/sarif.ts';

/**
 * SARIF 2.1.0 as the complete record: every listed verdict with its kind, exemptions as suppressions, controls as
 * taxonomies, coverage as properties. Not for GitHub, which would raise an alert for a passed rule.
 */
export const sarifFull: ScanReportFormat = { extension: 'sarif', render };

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const rules = rulesById(report);
  const taxonomies = taxonomiesOf(rules);
  yield* sarifLog(report, context.codeScanning, {
    rules: rules.map((rule) => {
      const relationships = taxonomies.relationshipsOf(rule);
      return { ...describeRule(rule, context), ...(relationships.length === 0 ? {} : { relationships }) };
    }),
    results: results(report, { ruleIndex: indexOf(rules), codeScanning: context.codeScanning }),
    omitted: 0,
    taxonomies: taxonomies.components,
    properties: propertiesOf(report),
  });
}

/** Every finding, then those of the baseline that are gone: SARIF wants a baseline state on all results or on none. */
function* results({ findings, baseline }: ScanReport, context: ResultContext): Iterable<Result> {
  const listed = new Set(findings.map(({ fingerprint }) => fingerprint));
  const gone = (baseline?.gone ?? []).filter(({ fingerprint }) => !listed.has(fingerprint));
  for (const finding of worstFirst(findings)) yield fullResult(finding, finding.baselineState, context);
  for (const finding of worstFirst(gone)) yield fullResult(finding, 'absent', context);
}

function fullResult(
  finding: Finding,
  state: Result.baselineState | undefined,
  context: ResultContext,
): Result {
  return {
    ...describeResult(finding, context),
    ...kindOf(finding.compliance),
    ...(state === undefined ? {} : { baselineState: state }),
    suppressions: suppressionsOf(finding),
    properties: { compliance: finding.compliance, ...detailsOf(finding) },
  };
}

/** SARIF wants level none wherever the kind is not fail. */
function kindOf(compliance: Compliance): Pick<Result, 'kind' | 'level'> {
  if (compliance === 'unknown') return { kind: 'open', level: 'none' };
  return compliance === 'compliant' ? { kind: 'pass', level: 'none' } : {};
}

/** Empty rather than absent where nothing is suppressed: SARIF wants the property on all results or on none. */
function suppressionsOf({ exemption }: Finding): NonNullable<Result['suppressions']> {
  if (exemption === undefined) return [];
  const { category, owner, ticket, expiresOn, id, reason } = exemption;
  return [
    {
      kind: 'external',
      status: 'accepted',
      justification: sarifName(reason),
      properties: { category, owner, ticket, expiresOn, id },
    },
  ];
}

function detailsOf({ severity, resource, evidence, remediation }: Finding): PropertyBag {
  const { type, subscriptionId, resourceGroup, location } = resource;
  return {
    severity,
    resource: { type, subscriptionId, resourceGroup, location },
    evidence: evidence.map(evidenceToJson),
    remediation,
  };
}

/** The properties that stay the same in two scans of an unchanged tenant: retries and waits do not. */
function propertiesOf({ complete, scope, summary, coverage }: ScanReport): PropertyBag {
  const subscriptions = coverage.subscriptions
    .map((subscription) => ({ ...subscription, state: publishedState(subscription) }))
    .toSorted((a, b) => compareText(a.id, b.id));
  return { complete, scope, summary, coverage: { expectedFrom: coverage.expectedFrom, subscriptions } };
}

/** The control frameworks that rules name, each with the controls that they name, as SARIF taxonomies. */
interface Taxonomies {
  readonly components: ToolComponent[];
  /** The controls of a rule, as relationships of its descriptor. */
  readonly relationshipsOf: (rule: ReportRule) => ReportingDescriptorRelationship[];
}

/** Collects the frameworks and controls of all rules, sorted. */
function taxonomiesOf(rules: readonly ReportRule[]): Taxonomies {
  const named = rules.flatMap(({ controls }) => Object.entries(controls));
  const frameworks = [...new Set(named.map(([framework]) => framework))].toSorted(compareText);
  const controls = frameworks.map((framework) => {
    const ids = named.flatMap(([name, ids]) => (name === framework ? ids : []));
    return [...new Set(ids)].toSorted(compareText);
  });
  const components = frameworks.map((framework, index) => taxonomy(framework, controls[index] ?? []));
  return { components, relationshipsOf };

  function relationshipsOf(rule: ReportRule): ReportingDescriptorRelationship[] {
    return Object.entries(rule.controls).flatMap(([framework, ids]) => {
      const index = frameworks.indexOf(framework);
      const toolComponent = { name: sarifName(framework), index };
      return ids.map((id) => ({
        target: { id: sarifName(id), index: controls[index]?.indexOf(id) ?? -1, toolComponent },
        kinds: ['relevant'],
      }));
    });
  }
}

function taxonomy(framework: string, ids: readonly string[]): ToolComponent {
  return {
    name: sarifName(framework),
    shortDescription: { text: sarifName(`Controls of ${framework} that the rules name.`) },
    isComprehensive: false,
    taxa: ids.map((id) => ({ id: sarifName(id) })),
  };
}
