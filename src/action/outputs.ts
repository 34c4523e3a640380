import type { ScanReport } from '../model/report.ts';
import { severities } from '../model/severity.ts';
import { verdictOf } from '../reporters/words/verdict.ts';

/** The outputs of the action, by name. */
export type Outputs = Readonly<
  Record<'complete' | 'findings' | 'highest-severity' | 'sarif-file' | 'json-file' | 'exit-code', string>
>;

/** What later steps learn about a scan. The SARIF of an incomplete one is not passed on: it would close alerts. */
export function outputsOf(
  report: ScanReport,
  result: { readonly sarifFile: string; readonly jsonFile: string; readonly code: number },
): Outputs {
  return {
    complete: String(report.complete),
    findings: String(report.summary.nonCompliant),
    'highest-severity': highestSeverity(report),
    'sarif-file': report.complete ? result.sarifFile : '',
    'json-file': result.jsonFile,
    'exit-code': String(result.code),
  };
}

/** What later steps are told when there was no scan: nothing that reads like a clean one. */
export function outputsOfFailure(code: number): Outputs {
  return {
    complete: 'false',
    findings: '',
    'highest-severity': '',
    'sarif-file': '',
    'json-file': '',
    'exit-code': String(code),
  };
}

/** `none` is said of a clean scan only; where something is not known, no finding is no news. */
function highestSeverity(report: ScanReport): string {
  const worst = severities.find((severity) => report.summary.bySeverity[severity] > 0);
  if (worst !== undefined) return worst;
  const { kind } = verdictOf(report);
  return kind === 'incomplete' || kind === 'unknown' ? 'unknown' : 'none';
}
