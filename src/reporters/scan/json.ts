import type { BaselineResult } from '../../model/comparison.ts';
import type {
  CodeScope,
  CoveragePart,
  ReportScope,
  SubscriptionCoverage,
  SubscriptionState,
  Unreadable,
} from '../../model/coverage.ts';
import type { ExemptionNotice } from '../../model/exemption-notice.ts';
import type { Identity } from '../../model/identity.ts';
import type { ReportPolicy, ReportRule, ScanReport } from '../../model/report.ts';
import type { ScanFilter } from '../../model/scan-filter.ts';
import { severities } from '../../model/severity.ts';
import type { ScanReportFormat } from './format.ts';
import { streamJson } from '../json-stream.ts';
import {
  comparedInOrder,
  countsInOrder,
  deployedInOrder,
  each,
  findingInOrder,
  frameworkInOrder,
  uncomparedInOrder,
} from './finding-json.ts';
import { baselineCounts } from '../words/baseline.ts';

/** The report itself, as `schemas/report.schema.json` describes it: keys in a fixed order, findings streamed. */
export const json: ScanReportFormat = {
  extension: 'json',
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
    scope: scopeInOrder(scope),
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
    exemptionNotices: report.exemptionNotices?.map(noticeInOrder),
    identity: report.identity && identityInOrder(report.identity),
    baseline: report.baseline && baselineInOrder(report.baseline, report),
    frameworks: report.frameworks?.map(frameworkInOrder),
    deployed: report.deployed && each(report.deployed, deployedInOrder),
  };
}

function baselineInOrder(baseline: BaselineResult, report: ScanReport): object {
  const { file, finishedAt, complete, compared, updated, gone, uncompared, tuned, code } = baseline;
  return {
    file,
    finishedAt,
    complete,
    compared,
    summary: countsInOrder(baselineCounts(baseline, report)),
    updated: updated.map(({ fingerprint, severity, compliance, direction, changed }) => {
      return { fingerprint, severity, compliance, direction, changed };
    }),
    gone: each(gone, comparedInOrder),
    notCompared: each(uncompared, uncomparedInOrder),
    judgedOtherwise: tuned.length === 0 ? undefined : tuned,
    code: code && { commit: code.commit, changed: code.changed, touched: code.touched },
  };
}

/** The scope of a report with its keys in the order of the schema. */
export function scopeInOrder(scope: ReportScope): object {
  return {
    subscriptions: scope.subscriptions.map(({ id, name }) => ({ id, name })),
    managementGroups: scope.managementGroups,
    inventory: scope.inventory,
    archive: scope.archive,
    inventoryComplete: scope.inventoryComplete,
    code: scope.code && codeInOrder(scope.code),
    filter: scope.filter && filterInOrder(scope.filter),
  };
}

function noticeInOrder({ kind, at, rule, expiresOn, message }: ExemptionNotice): object {
  const place = typeof at === 'string' ? { id: at } : { file: at.file, line: at.line, column: at.column };
  return { kind, ...place, rule, expiresOn, message };
}

function codeInOrder({ form, path, parameters }: CodeScope): object {
  return { form, path, parameters };
}

function identityInOrder({ tenantId, objectId, name, applicationId }: Identity): object {
  return { tenantId, objectId, name, applicationId };
}

function filterInOrder({ resourceGroups, vaults, tags }: ScanFilter): object {
  return { resourceGroups, vaults, tags };
}

function ruleInOrder(rule: ReportRule): object {
  const { id, name, title, description, severity, resourceType, controls, helpUri, parameters } = rule;
  const parametersByScope = rule.parametersByScope?.map((one) => ({
    scope: one.scope,
    parameters: one.parameters,
  }));
  const notJudged = rule.notJudged?.map(({ type, include, reason }) => ({ type, include, reason }));
  const policy = rule.policy && policyInOrder(rule.policy);
  const words = { id, name, title, description, severity, resourceType, controls, helpUri };
  return { ...words, parameters, parametersByScope, policy, notJudged };
}

function policyInOrder({ definitionId, version, category, initiative, effect }: ReportPolicy): object {
  return { definitionId, version, category, initiative, effect };
}

function unreadableInOrder({ scope, kind, reason, hint }: Unreadable): object {
  return { scope, kind, reason, hint };
}

function subscriptionInOrder(subscription: SubscriptionCoverage): object {
  const { id, name, expectedRows, rows } = subscription;
  const state = publishedState(subscription);
  return { id, name, state, expectedRows, rows };
}

/** The state as reports for machines have it: scripts rely on six, and that it was not found is in the reason of its gap. */
export function publishedState({ state }: SubscriptionCoverage): Exclude<SubscriptionState, 'notFound'> {
  return state === 'notFound' ? 'denied' : state;
}

function partInOrder({ name, state, notLookedAt }: CoveragePart): object {
  return {
    name,
    state,
    notLookedAt: notLookedAt?.map(({ kind, scope, reason }) => ({ kind, scope, reason })),
  };
}
