import type { Result } from 'sarif';

import type { Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { worstFirst } from './order.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { indexOf, rulesById, sarifBeginning, sarifLog } from './sarif/log.ts';
import { describeResult, type ResultContext } from './sarif/result.ts';
import { describeRule } from './sarif/rule.ts';

/** GitHub refuses a run with more; of these it keeps the 5,000 most severe. */
const maxResults = 25_000;

/**
 * SARIF 2.1.0 as GitHub code scanning ingests it: failures only, since it makes an alert of every result whatever its
 * kind or suppressions. Unknown verdicts make the run unsuccessful and become notifications. Worst first.
 */
export const sarif: ScanReportFormat = { extension: 'sarif', beginning: sarifBeginning, render };

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const rules = rulesById(report);
  const failures = worstFirst(report.findings.filter(({ compliance }) => compliance === 'nonCompliant'));
  const kept = failures.slice(0, maxResults);
  yield* sarifLog(report, context.codeScanning, {
    rules: rules.map((rule) => describeRule(rule, context)),
    results: results(kept, { ruleIndex: indexOf(rules), codeScanning: context.codeScanning }),
    omitted: failures.length - kept.length,
  });
}

function* results(findings: readonly Finding[], context: ResultContext): Iterable<Result> {
  for (const finding of findings) yield describeResult(finding, context);
}
