import { newOrWorse } from '../model/comparison.ts';
import type { Finding } from '../model/finding.ts';
import type { ScanReport } from '../model/report.ts';
import { atLeast, type Severity } from '../model/severity.ts';

/** The exit codes that scripts rely on. */
export const exitCodes = { clean: 0, findings: 1, refused: 2, incomplete: 3 } as const;

/**
 * The exit code of a finished scan. Incomplete outranks findings: nothing is known about what was not read. `allowIncomplete` is
 * for what could not be read, never for a scan that was stopped.
 */
export function scanExitCode(report: ScanReport, options: ExitOptions): number {
  const isAllowed = options.allowIncomplete && !wasInterrupted(report);
  if (!report.complete && !isAllowed) return exitCodes.incomplete;
  return failing(report, options).length > 0 ? exitCodes.findings : exitCodes.clean;
}

/** The settings of a scan that its exit code depends on. */
interface ExitOptions {
  readonly failOn: Severity;
  /** Only what is new or worse since the baseline counts. */
  readonly failOnNew?: boolean;
  readonly allowIncomplete: boolean;
}

function failing(report: ScanReport, { failOn, failOnNew = false }: ExitOptions): readonly Finding[] {
  const counts = failOnNew ? newOrWorse(report.baseline) : () => true;
  return report.findings.filter(
    (finding) =>
      finding.compliance === 'nonCompliant' && atLeast(finding.severity, failOn) && counts(finding),
  );
}

/** The reason why a finished scan has its exit code, as part of a sentence. */
export function scanExitReason(report: ScanReport, options: ExitOptions): string {
  if (wasInterrupted(report)) return 'interrupted, so the scan is incomplete';
  if (!report.complete && !options.allowIncomplete)
    return 'incomplete: not all in scope could be read, which outranks any finding';
  const { failOn, failOnNew = false } = options;
  const amount = failing(report, options).length;
  const rest = report.summary.nonCompliant - amount;
  const kind = failOnNew ? 'new or worse finding' : 'finding';
  const found = amount === 0 ? `no ${kind}` : amount === 1 ? `1 ${kind}` : `${amount} ${kind}s`;
  const where = failOnNew ? 'known or below' : 'below';
  const others = rest === 0 ? '' : amount === 0 ? `, only ${rest} ${where}` : `, and ${rest} ${where}`;
  const gap = report.complete ? '' : '; what could not be read is allowed by --allow-incomplete';
  return `${found} at or above ${failOn}${others}${gap}`;
}

/** True when the scan was stopped before it had read everything. */
export function wasInterrupted({ unreadable }: ScanReport): boolean {
  return unreadable.some(({ kind }) => kind === 'interrupted');
}
