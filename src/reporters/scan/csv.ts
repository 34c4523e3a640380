import type { Unreadable } from '../../model/coverage.ts';
import type { DeclaredToday } from '../../model/deployed.ts';
import type { Finding } from '../../model/finding.ts';
import type { ReportRule, ScanReport } from '../../model/report.ts';
import { controlEntries, controlNames } from '../words/controls.ts';
import { gapWords, subscriptionOfGap } from '../words/coverage.ts';
import { deployedOf, deployedToShow, deployedWords, todayOf } from '../words/deployed.ts';
import { fixWords } from '../words/fix.ts';
import { notJudgedRules } from '../words/not-judged.ts';
import { notLookedAtWords } from '../words/not-looked-at.ts';
import { scopeWords, subscriptionNames } from '../words/scope.ts';
import { declaredWords, evidenceWords, parameterWords } from '../words/values.ts';
import { verdictOf } from '../words/verdict.ts';
import type { ScanReportFormat } from './format.ts';
import { rowColumns, csvCell, laterColumns, type Row, scanColumns } from './csv/row.ts';
import { worstFirst } from './order.ts';

/**
 * RFC 4180 for spreadsheets: a row for each finding, worst first. What a complete table would not have comes before them,
 * in the same columns: `incomplete`, then `unreadable` for each gap, `notLookedAt` for each kind of thing about access that
 * was not read, `notJudged` for each rule without a source, `control` for each control that was asked for, and `deployed`,
 * `notDeployed` or `notKnown` for each declared resource of which it was asked what is in Azure; `gone` since the baseline comes last. Each row says of itself whether the scan was complete, since rows get sorted, filtered and put
 * together.
 */
export const csv: ScanReportFormat = {
  extension: 'csv',
  render,
};

function* render(report: ScanReport): Iterable<string> {
  const scan = [scopeWords(report.scope), String(report.complete), report.finishedAt].map(csvCell).join(',');
  yield `${[...rowColumns, ...scanColumns, ...laterColumns].join(',')}\r\n`;
  for (const rows of [missingRows(report), findingRows(report)])
    for (const row of rows) yield `${cellsOf(row, rowColumns)},${scan},${cellsOf(row, laterColumns)}\r\n`;
}

function cellsOf(row: Row, names: readonly (keyof Row)[]): string {
  return names.map((column) => csvCell(row[column] ?? '')).join(',');
}

function* missingRows(report: ScanReport): Iterable<Row> {
  const nameOf = subscriptionNames(report);
  if (!report.complete) yield { compliance: 'incomplete', message: verdictOf(report).text };
  for (const gap of report.unreadable) yield gapRow(gap, nameOf);
  const notLookedAt = (report.coverage.parts ?? []).flatMap((part) => part.notLookedAt ?? []);
  for (const message of notLookedAtWords(notLookedAt)) yield { compliance: 'notLookedAt', message };
  for (const { rule, type, reason } of notJudgedRules(report))
    yield {
      compliance: 'notJudged',
      ruleId: rule.id,
      ruleName: rule.name,
      ruleTitle: rule.title,
      resourceType: type,
      message: reason,
    };
  for (const { title, ...rest } of controlEntries(report))
    yield { compliance: 'control', ruleTitle: title, ...rest };
  for (const today of deployedToShow(report)) yield todayRow(today);
}

function todayRow(today: DeclaredToday): Row {
  const { declared, state } = today;
  return {
    compliance: state,
    resourceName: declared.name,
    resourceType: declared.type,
    resourceId: declared.id,
    message: deployedWords(today),
    declaredAt: declaredWords(today),
    todayResourceId: today.state === 'deployed' ? today.id : '',
  };
}

function gapRow(gap: Unreadable, nameOf: (id: string) => string): Row {
  const { scope, reason, hint } = gap;
  const subscriptionId = subscriptionOfGap(gap);
  return {
    compliance: 'unreadable',
    resourceName: gapWords(gap, nameOf),
    subscriptionName: subscriptionId === undefined ? '' : nameOf(subscriptionId),
    subscriptionId,
    message: reason,
    fix: hint,
    resourceId: scope,
  };
}

function* findingRows(report: ScanReport): Iterable<Row> {
  const nameOf = subscriptionNames(report);
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const [today, declaredIn] = [todayOf(report), deployedOf(report)];
  for (const finding of worstFirst(report.findings)) {
    const found = declaredIn(finding);
    yield {
      ...findingRow(finding, rules.get(finding.ruleId), nameOf(finding.resource.subscriptionId)),
      today: today(finding),
      todayResourceId: found?.state === 'deployed' ? found.id : '',
    };
  }
  for (const finding of worstFirst(report.baseline?.gone ?? []))
    yield {
      ...findingRow(finding, rules.get(finding.ruleId), nameOf(finding.resource.subscriptionId)),
      compliance: 'gone',
      baselineState: 'absent',
    };
}

function findingRow(finding: Finding, rule: ReportRule | undefined, subscriptionName: string): Row {
  const { resource, remediation, exemption } = finding;
  return {
    compliance: finding.compliance,
    severity: finding.severity,
    ruleId: finding.ruleId,
    ruleName: finding.ruleName,
    ruleTitle: rule?.title,
    resourceName: resource.name,
    resourceType: resource.type,
    subscriptionName,
    subscriptionId: resource.subscriptionId,
    resourceGroup: resource.resourceGroup,
    location: resource.location,
    evidence: evidenceWords(finding.evidence).join('; '),
    message: finding.message,
    fix: fixWords(remediation),
    risk: remediation?.risk,
    controls: rule === undefined ? '' : controlNames(rule).join('; '),
    exemptionCategory: exemption?.category,
    exemptionReason: exemption?.reason,
    exemptionOwner: exemption?.owner,
    exemptionTicket: exemption?.ticket,
    exemptionExpiresOn: exemption?.expiresOn,
    baselineState: finding.baselineState,
    resourceId: resource.id,
    fingerprint: finding.fingerprint,
    helpUri: rule?.helpUri,
    exemptionId: exemption?.id,
    parameters: parameterWords(finding.parameters ?? rule?.parameters ?? {}),
    declaredAt: declaredWords(finding),
  };
}
