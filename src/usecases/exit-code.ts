import type { ScanReport } from '../model/report.ts';
import { atLeast, type Severity } from '../model/severity.ts';

/** The exit codes that scripts rely on. */
export const exitCodes = { clean: 0, findings: 1, refused: 2, incomplete: 3 } as const;

/**
 * The exit code of a finished scan. Incomplete outranks findings: nothing is known about what was not read. `allowIncomplete` is
 * for what could not be read, never for a scan that was stopped.
 */
export function scanExitCode(
  report: ScanReport,
  options: { readonly failOn: Severity; readonly allowIncomplete: boolean },
): number {
  const isAllowed = options.allowIncomplete && !wasInterrupted(report);
  if (!report.complete && !isAllowed) return exitCodes.incomplete;
  const failing = report.findings.some(
    ({ compliance, severity }) => compliance === 'nonCompliant' && atLeast(severity, options.failOn),
  );
  return failing ? exitCodes.findings : exitCodes.clean;
}

/** True when the scan was stopped before it had read everything. */
export function wasInterrupted({ unreadable }: ScanReport): boolean {
  return unreadable.some(({ kind }) => kind === 'interrupted');
}
