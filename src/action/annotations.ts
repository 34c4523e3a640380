import { newOrWorse } from '../model/comparison.ts';
import type { Unreadable } from '../model/coverage.ts';
import type { Finding } from '../model/finding.ts';
import type { Location } from '../model/location.ts';
import { findingsToShow, type ScanReport } from '../model/report.ts';
import { atLeast, type Severity } from '../model/severity.ts';
import { worstFirst } from '../reporters/scan/order.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { count } from '../reporters/words/counts.ts';
import { todayOf } from '../reporters/words/deployed.ts';
import { subscriptionNames } from '../reporters/words/scope.ts';
import { gapWords } from '../reporters/words/coverage.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import { exitCodes } from '../usecases/exit-code.ts';
import type { Annotation, Level, Runner } from './runner.ts';

/** The runner keeps ten annotations of each level of a step, and drops the rest silently. */
const maxAnnotations = 10;

/** The inputs of annotations in addition to the report. */
export interface AnnotationOptions {
  /** The exit code of the scan alone. */
  readonly verdictCode: number;
  /** The exit code of the step. */
  readonly code: number;
  readonly failOn: Severity;
  /** Only what is new or worse since the baseline fails the step. */
  readonly failOnNew?: boolean;
  readonly anchor: (finding: Finding) => Location;
}

const levels: Readonly<Record<Severity, Level>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'notice',
};

/** The verdict first, then what is missing, then findings, worst first: no more of a level than the runner shows. */
export function annotationsOf(report: ScanReport, options: AnnotationOptions): readonly Annotation[] {
  const all = [...verdict(report, options), ...gaps(report, options), ...findings(report, options)];
  const used: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  return all.filter(({ level }) => {
    used[level] += 1;
    return used[level] <= maxAnnotations;
  });
}

function verdict(
  report: ScanReport,
  { verdictCode, code, failOn, failOnNew = false }: AnnotationOptions,
): readonly Annotation[] {
  const { kind, text } = verdictOf(report);
  const message = terminalText(text);
  if (verdictCode === exitCodes.incomplete) {
    const why = `Nothing is uploaded to code scanning, because that would close alerts. Exit code ${code}.`;
    return [{ level: 'error', title: 'Incomplete scan', message: `${message} ${why}` }];
  }
  if (verdictCode === exitCodes.findings) {
    const title = `${failOnNew ? 'New findings' : 'Findings'} at or above ${failOn}`;
    return [{ level: 'error', title, message: `${message} Exit code ${code}.` }];
  }
  if (kind === 'incomplete') {
    const why = 'allow-incomplete lets the step pass, but nothing is uploaded to code scanning.';
    return [{ level: 'warning', title: 'Incomplete scan', message: `${message} ${why}` }];
  }
  if (kind === 'clean') return [];
  const isBefore = report.baseline?.code !== undefined && !findingsToShow(report).some(isFailed);
  if (kind === 'findings' && isBefore)
    return [{ level: 'notice', title: 'Findings that were there before', message }];
  const passing = failOnNew ? `Findings that are known, or below ${failOn}` : `Findings below ${failOn}`;
  const title = kind === 'findings' ? passing : 'Compliance is not proven';
  return [{ level: 'warning', title, message }];
}

/** Of the runner's ten places, the verdict takes one, and the number of gaps that are not shown the last. */
function gaps(report: ScanReport, { verdictCode }: AnnotationOptions): readonly Annotation[] {
  // A step that passes has no error.
  const level: Level = verdictCode === exitCodes.incomplete ? 'error' : 'warning';
  const nameOf = subscriptionNames(report);
  const room = maxAnnotations - 2;
  const shown = report.unreadable.slice(0, report.unreadable.length > room + 1 ? room : room + 1);
  const more = report.unreadable.length - shown.length;
  const annotations = shown.map((entry): Annotation => {
    const title = terminalText(`Not read: ${gapWords(entry, nameOf)}`);
    const message = terminalText(`${entry.reason} ${entry.hint}`);
    const at = placeOf(entry);
    return at === undefined ? { level, title, message } : { level, title, message, at };
  });
  if (more === 0) return annotations;
  const message = `${count(more, 'more item')} could not be read: see the job summary.`;
  return [...annotations, { level, title: 'Not read', message }];
}

/** The line of code that was not understood. */
function placeOf({ kind, scope }: Unreadable): Location | undefined {
  const [, file = '', line, column] = /^(.+):(\d+):(\d+)$/su.exec(scope) ?? [];
  if (kind !== 'code' || file === '') return undefined;
  return { file, line: Number(line), column: Number(column) };
}

function levelOf({ severity }: Finding, fails: boolean): Level {
  return fails || levels[severity] !== 'error' ? levels[severity] : 'warning';
}

function isFailed({ compliance }: Finding): boolean {
  return compliance === 'nonCompliant';
}

/**
 * Those that fail the step come first, for the runner drops the rest; any other is a warning at most. Of a pull request only what it
 * changes is shown, and there what is not known, too.
 */
function findings(
  report: ScanReport,
  { anchor, failOn, failOnNew = false }: AnnotationOptions,
): readonly Annotation[] {
  const { baseline } = report;
  const counts = failOnNew ? newOrWorse(baseline) : () => true;
  const shown = worstFirst(findingsToShow(report));
  const failed = shown.filter(isFailed);
  const today = todayOf(report);
  const isPull = baseline?.code !== undefined;
  const unknown = isPull ? shown.filter(({ compliance }) => compliance === 'unknown') : [];
  const [failing, others] = [true, false].map((wanted) =>
    failed.filter((finding) => (counts(finding) && atLeast(finding.severity, failOn)) === wanted),
  );
  const describe = (finding: Finding, level: Level): Annotation => ({
    level,
    title: terminalText(`${finding.ruleId} ${finding.ruleName}: ${finding.resource.name}`),
    message: terminalText(
      [finding.message, today(finding), `(${finding.resource.id})`].filter(Boolean).join(' '),
    ),
    at: anchor(finding),
  });
  return [
    ...(failing ?? []).map((finding) => describe(finding, levelOf(finding, true))),
    ...(others ?? []).map((finding) => describe(finding, levelOf(finding, false))),
    ...unknown.map((finding) => describe(finding, 'notice')),
  ];
}

/**
 * Annotates up to the runner's limit for each level, and logs the rest: the most important annotations come first.
 * Source: actions/runner, src/Runner.Worker/ExecutionContext.cs
 */
export function annotator(runner: Runner): (annotation: Annotation) => void {
  const used: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  return (annotation) => {
    used[annotation.level] += 1;
    if (used[annotation.level] <= maxAnnotations) runner.annotate(annotation);
    else runner.info(`${annotation.level}: ${annotation.title}: ${annotation.message}`);
  };
}
