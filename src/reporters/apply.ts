import stringWidth from 'fast-string-width';
import { type RunReport, type Ending, type Outcome, outcomes, type StepResult } from '../model/apply.ts';
import { type Format, type Terminal, asJson } from './format.ts';
import { type TerminalStyle, styleFor, type Paint, paragraph } from './terminal/style.ts';
import { pad } from './terminal/wrap.ts';
import { terminalText } from './text/terminal.ts';
import { joinWords } from './words/counts.ts';

/** The results of a run; `dryRun` is `apply`'s. */
export type ShownRun = RunReport & { readonly dryRun?: boolean };

/** A format of the results of a run that writes: of `apply`, of a recovery, of a purge. */
export type ApplyFormat = Format<ShownRun, Terminal>;

/** The results of a run for a person at a terminal: for each vault the outcome, its cause, and what to do. */
export const applyText: ApplyFormat = { extension: 'txt', render };

/** The formats of the results of a run that writes, in the order in which help lists them; the first is the default. */
export const applyFormats = {
  text: applyText,
  json: asJson,
} as const satisfies Readonly<Record<string, ApplyFormat>>;

function* render(report: ShownRun, terminal: Terminal): Iterable<string> {
  const style = styleFor(terminal);
  const width = Math.max(0, ...report.results.map(({ vault }) => stringWidth(terminalText(vault.name)))) + 2;
  for (const result of report.results) yield* resultLines(result, Math.min(width, 30), style);
  if (report.results.length > 0) yield '\n';
  yield paragraph({ label: '', width: 0, text: summaryWords(report), paint: style.colors.bold }, style);
}

function* resultLines(result: StepResult, nameWidth: number, style: TerminalStyle): Iterable<string> {
  const { vault, outcome, cause, hint, requestId } = result;
  const name = pad(terminalText(vault.name), nameWidth);
  const badge = paintOf(outcome, style)(pad(outcomeWords[outcome], badgeWidth));
  const width = nameWidth + badgeWidth;
  yield paragraph({ label: `${name}${badge}`, width, text: cause }, style);
  const more = [hint, isBad(outcome) && requestId !== '' ? `Request ${requestId}.` : ''];
  const text = more.filter((part) => part !== '').join(' ');
  if (text !== '') yield paragraph({ label: ' '.repeat(width), width, text, paint: style.colors.dim }, style);
}

const outcomeWords: Readonly<Record<Outcome, string>> = {
  verified: 'verified',
  sentNotVerified: 'sent, not verified',
  stillFailing: 'still failing',
  drifted: 'drifted',
  alreadyCompliant: 'already done',
  lockedByScope: 'locked',
  deniedByPolicy: 'denied by policy',
  unauthorized: 'unauthorized',
  notFound: 'not found',
  conflict: 'conflict',
  failed: 'failed',
  skipped: 'skipped',
};

const badgeWidth = Math.max(...Object.values(outcomeWords).map((words) => words.length)) + 2;

const fine: ReadonlySet<Outcome> = new Set(['verified', 'alreadyCompliant', 'skipped']);

function isBad(outcome: Outcome): boolean {
  return !fine.has(outcome);
}

function paintOf(outcome: Outcome, { colors }: TerminalStyle): Paint {
  if (isBad(outcome)) return colors.red;
  return outcome === 'skipped' ? colors.dim : colors.green;
}

function summaryWords({ summary, dryRun = false, ending, results }: ShownRun): string {
  if (results.length === 0) return 'There was nothing to do.';
  const counted = outcomes.flatMap((outcome) =>
    summary[outcome] > 0 ? [`${summary[outcome]} ${outcomeWords[outcome]}`] : [],
  );
  return `${dryRun ? 'Dry run, nothing was sent: ' : ''}${joinWords(counted)}.${endings[ending]}`;
}

const endings: Readonly<Record<Ending, string>> = {
  finished: '',
  interrupted: ' Interrupted: run the same command with the same journal to continue.',
  journalFailed: ' The journal could not be written, so nothing more was sent.',
  broken: ' The run failed: run the same command with the same journal to continue.',
};
