// The reader of reports and the comparison, as one module: a scan loads it only where a baseline is named.
import { compareReports, reportToCompare, type ReportToCompare } from '../history/compare.ts';
import type { ReportFrame } from '../history/covered.ts';
import { becameWorse, type ReportComparison } from '../model/comparison.ts';
import { UsageError } from '../model/errors.ts';
import type { Finding } from '../model/finding.ts';
import type { ScanReport } from '../model/report.ts';
import type { PolicyFiles } from '../model/settings.ts';
import type { BaseCommit } from '../model/target.ts';
import { exitCodes } from './exit-code.ts';
import { explainOther, readAs } from './read-as.ts';
import { openReport } from './report/report-file.ts';

type Files = Pick<PolicyFiles, 'readFile'>;

/** Compares two JSON reports of scans. Throws UsageError where one of the files is none. */
export async function compareFiles(
  [older, newer]: readonly [older: string, newer: string],
  { inventoryComplete, readFile }: Files & ComparisonChoices,
): Promise<ReportComparison> {
  const sources = await Promise.all([readFile(older), readFile(newer)]);
  const stated = <R extends ReportFrame>(report: R): R =>
    inventoryComplete ? withWholeInventory(report) : report;
  try {
    const older = openReport(sources[0]);
    return compareReports(stated(older), stated(openReport(sources[1], older)));
  } catch (error) {
    if (error instanceof UsageError)
      for (const source of sources) throwIfAny(await explainOther('report', source));
    throw error;
  }
}

function throwIfAny(error: UsageError | undefined): void {
  if (error !== undefined) throw error;
}

/** The statements of whoever compares about the reports. */
interface ComparisonChoices {
  /** Their inventories are whole. */
  readonly inventoryComplete: boolean;
}

function withWholeInventory<R extends ReportFrame>(report: R): R {
  const { scope } = report;
  return scope.inventory === undefined ? report : { ...report, scope: { ...scope, inventoryComplete: true } };
}

/** A scan of code: its report, and the declaration of each resource as text, by id in lower case. */
export interface ScannedCode {
  readonly report: ScanReport;
  readonly declared: ReadonlyMap<string, string>;
}

/** Compares the code of now with that of a commit, and marks each of its findings, also those on what is declared otherwise now. */
export function compareCode(now: ScannedCode, before: ScannedCode, commit: BaseCommit): ScanReport {
  const { id, name, committedAt } = commit;
  const short = id.slice(0, shortId);
  const file = id.startsWith(name) ? short : `${name} (${short})`;
  const older = reportToCompare({ ...before.report, finishedAt: committedAt }, file);
  const { baseline, ...report } = withBaseline(now.report, older);
  if (baseline === undefined) return report;
  const changed = new Set(
    [...now.declared].flatMap(([key, text]) => (before.declared.get(key) === text ? [] : [key])),
  );
  const touched = report.findings.filter(
    ({ baselineState, resource }) => baselineState !== 'new' && changed.has(resource.id.toLowerCase()),
  );
  const code = {
    commit: id,
    changed: [...changed],
    touched: touched.map(({ fingerprint }) => fingerprint),
  };
  return { ...report, baseline: { ...baseline, code } };
}

/** The characters of a commit's id that people are shown. */
const shortId = 12;

/** Reads the report that is the baseline of a scan; returns what marks the findings of the scan by it. */
export async function openBaseline(file: string, files: Files): Promise<(report: ScanReport) => ScanReport> {
  // A scan is not begun for a baseline with a mistake.
  const baseline = await readAs('report', await files.readFile(file), (source) => openReport(source));
  return (report) => withBaseline(report, baseline);
}

/**
 * Compares a report with a baseline, and marks each of its findings. What the baseline does not tell of counts as new: nobody has
 * accepted it. A verdict that is listed as compliant is updated where the baseline had a finding, and else unchanged.
 */
export function withBaseline(report: ScanReport, baseline: ReportToCompare): ScanReport {
  const { added, gone, updated, uncompared, tuned, complete } = compareReports(
    baseline,
    reportToCompare(report, ''),
  );
  const states = new Map<string, 'new' | 'updated'>();
  for (const { fingerprint } of added) states.set(fingerprint, 'new');
  for (const { in: side, finding } of uncompared)
    if (side === 'newer') states.set(finding.fingerprint, 'new');
  for (const { after } of updated) states.set(after.fingerprint, 'updated');
  for (const { fingerprint } of gone) states.set(fingerprint, 'updated');
  return {
    ...report,
    findings: report.findings.map((finding): Finding => ({
      ...finding,
      baselineState: states.get(finding.fingerprint) ?? 'unchanged',
    })),
    baseline: {
      file: baseline.file,
      finishedAt: baseline.finishedAt,
      complete: baseline.complete,
      compared: complete,
      updated: updated.map(({ before, after, changed, direction }) => {
        const { severity, compliance } = before;
        return { fingerprint: after.fingerprint, severity, compliance, changed, direction };
      }),
      gone,
      uncompared,
      tuned,
    },
  };
}

/** 0 nothing became worse, 1 something is new or became worse, 3 not everything could be compared. */
export function comparisonExitCode(comparison: ReportComparison): number {
  if (!comparison.complete) return exitCodes.incomplete;
  return becameWorse(comparison).length > 0 ? exitCodes.findings : exitCodes.clean;
}
