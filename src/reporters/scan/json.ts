import { evidenceToJson } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { CoveragePart, SubscriptionCoverage, Unreadable } from '../../model/coverage.ts';
import type { ReportRule, ScanReport } from '../../model/report.ts';
import { severities } from '../../model/severity.ts';
import type { ScanReportFormat } from './format.ts';
import { streamJson } from '../json-stream.ts';

/** The report itself, as `schemas/report.schema.json` describes it: keys in a fixed order, findings streamed. */
export const json: ScanReportFormat = {
  extension: 'json',
  beginning:
    /^\s*\{\s*"schemaVersion"\s*:\s*"[\d.]+"\s*,\s*"tool"\s*:\s*\{\s*"name"\s*:\s*"purgeproof"[^}]*\}\s*,\s*"startedAt"/,
  render,
};

function* render(report: ScanReport): Iterable<string> {
  yield* streamJson(inOrder(report));
  yield '\n';
}

/** The same value with its keys in the order of the schema. */
function inOrder(report: ScanReport): object {
  const { tool, scope, summary, coverage } = report;
  return {
    schemaVersion: report.schemaVersion,
    tool: { name: tool.name, version: tool.version },
    startedAt: report.startedAt,
    finishedAt: report.finishedAt,
    complete: report.complete,
    scope: {
      subscriptions: scope.subscriptions.map(({ id, name }) => ({ id, name })),
      managementGroups: scope.managementGroups,
      inventory: scope.inventory,
    },
    summary: {
      resources: summary.resources,
      compliant: summary.compliant,
      nonCompliant: summary.nonCompliant,
      exempt: summary.exempt,
      unknown: summary.unknown,
      notApplicable: summary.notApplicable,
      bySeverity: Object.fromEntries(severities.map((severity) => [severity, summary.bySeverity[severity]])),
    },
    rules: report.rules.map(ruleInOrder),
    findings: each(report.findings, findingInOrder),
    unreadable: each(report.unreadable, unreadableInOrder),
    coverage: {
      expectedFrom: coverage.expectedFrom,
      subscriptions: each(coverage.subscriptions, subscriptionInOrder),
      queries: coverage.queries,
      pages: coverage.pages,
      retries: coverage.retries,
      waitMs: coverage.waitMs,
      resourceGraph: coverage.resourceGraph,
      parts: coverage.parts?.map(partInOrder),
    },
  };
}

function* each<T>(items: readonly T[], render: (item: T) => object): Iterable<object> {
  for (const item of items) yield render(item);
}

function ruleInOrder(rule: ReportRule): object {
  const { id, name, title, description, severity, resourceType, controls, helpUri, parameters } = rule;
  const notJudged = rule.notJudged?.map(({ type, include, reason }) => ({ type, include, reason }));
  return { id, name, title, description, severity, resourceType, controls, helpUri, parameters, notJudged };
}

function findingInOrder(finding: Finding): object {
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
    exemption: exemption && {
      category: exemption.category,
      reason: exemption.reason,
      owner: exemption.owner,
      ticket: exemption.ticket,
      expiresOn: exemption.expiresOn,
    },
    remediation: remediation && {
      risk: remediation.risk,
      patch: remediation.patch,
      manual: remediation.manual,
    },
    baselineState: finding.baselineState,
    fingerprint: finding.fingerprint,
  };
}

function unreadableInOrder({ scope, kind, reason, hint }: Unreadable): object {
  return { scope, kind, reason, hint };
}

function subscriptionInOrder(subscription: SubscriptionCoverage): object {
  const { id, name, state, expectedRows, rows } = subscription;
  return { id, name, state, expectedRows, rows };
}

function partInOrder({ name, state }: CoveragePart): object {
  return { name, state };
}
