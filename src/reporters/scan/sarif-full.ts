import type { PropertyBag, Result } from 'sarif';

import { evidenceToJson } from '../../model/evidence.ts';
import type { Compliance, Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { compareText } from '../../model/compare-text.ts';
import { deployedInOrder } from './finding-json.ts';
import { publishedState } from './json.ts';
import { worstFirst } from './order.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { indexOf, rulesById, sarifLog } from './sarif/log.ts';
import { describeResult, type ResultContext } from './sarif.ts';
import { describeRule, taxonomiesOf, type Taxonomies } from './sarif/rule.ts';
import { sarifName } from '../text/sarif.ts';
import { todayOf } from '../words/deployed.ts';

/**
 * SARIF 2.1.0 as the complete record: every listed verdict with its kind, exemptions as suppressions, controls as
 * taxonomies, coverage as properties. Not for GitHub, which would raise an alert for a passed rule.
 */
export const sarifFull: ScanReportFormat = { extension: 'sarif', render };

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const rules = rulesById(report);
  const taxonomies = taxonomiesOf(rules, report.frameworks ?? []);
  yield* sarifLog(report, context.codeScanning, {
    rules: rules.map((rule) => {
      const relationships = taxonomies.relationshipsOf(rule);
      return { ...describeRule(rule, context), ...(relationships.length === 0 ? {} : { relationships }) };
    }),
    results: results(report, {
      ruleIndex: indexOf(rules),
      codeScanning: context.codeScanning,
      today: todayOf(report),
      taxaOf: taxonomies.taxaOf,
    }),
    omitted: 0,
    taxonomies: taxonomies.components,
    properties: propertiesOf(report),
  });
}

/** Every finding, then those of the baseline that are gone: SARIF wants a baseline state on all results or on none. */
function* results({ findings, baseline }: ScanReport, context: FullContext): Iterable<Result> {
  const listed = new Set(findings.map(({ fingerprint }) => fingerprint));
  const gone = (baseline?.gone ?? []).filter(({ fingerprint }) => !listed.has(fingerprint));
  for (const finding of worstFirst(findings)) yield fullResult(finding, finding.baselineState, context);
  for (const finding of worstFirst(gone)) yield fullResult(finding, 'absent', context);
}

/** The controls besides. */
interface FullContext extends ResultContext {
  readonly taxaOf: Taxonomies['taxaOf'];
}

function fullResult(finding: Finding, state: Result.baselineState | undefined, context: FullContext): Result {
  const taxa = context.taxaOf(finding.ruleId);
  return {
    ...describeResult(finding, context),
    ...kindOf(finding.compliance),
    ...(taxa.length === 0 ? {} : { taxa }),
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
function propertiesOf({ complete, scope, summary, coverage, deployed }: ScanReport): PropertyBag {
  const subscriptions = coverage.subscriptions
    .map((subscription) => ({ ...subscription, state: publishedState(subscription) }))
    .toSorted((a, b) => compareText(a.id, b.id));
  return {
    complete,
    scope,
    summary,
    coverage: { expectedFrom: coverage.expectedFrom, subscriptions },
    ...(deployed === undefined ? {} : { deployed: deployed.map(deployedInOrder) }),
  };
}
