import stringWidth from 'fast-string-width';
import {
  type Ending,
  type Outcome,
  outcomes,
  type RunReport,
  type StepPreview,
  type StepResult,
} from '../model/apply.ts';
import { groupsBy } from '../model/groups-by.ts';
import { joinWords } from '../model/join-words.ts';
import { type Format, type Terminal, asJson } from './format.ts';
import { changeRows } from './plan/change-rows.ts';
import { valueChanges } from './plan/difference.ts';
import { shared } from './plan/groups.ts';
import { advice, type TerminalStyle, styleFor, type Paint, paragraph } from './terminal/style.ts';
import { pad } from './terminal/wrap.ts';
import { terminalText } from './text/terminal.ts';

/** The results of a run; `dryRun` is `apply`'s. */
export type ShownRun = RunReport & { readonly dryRun?: boolean };

/** A format of the results of a run that writes: of `apply`, of a recovery, of a purge. */
export type ApplyFormat = Format<ShownRun, RunTerminal>;

type NameOf = (subscriptionId: string) => string;

/** The terminal of a run, and the names of its subscriptions by id, where they are known. */
type RunTerminal = Terminal & { readonly nameOf?: NameOf };
const asItIs: NameOf = (id) => id;

/** The results of a run for a person at a terminal: for each vault the outcome, its cause, and what to do. */
export const applyText: ApplyFormat = { extension: 'txt', render };

/** The formats of the results of a run that writes, in the order in which help lists them; the first is the default. */
export const applyFormats = {
  text: applyText,
  json: asJson,
} as const satisfies Readonly<Record<string, ApplyFormat>>;

function* render(report: ShownRun, terminal: RunTerminal): Iterable<string> {
  const style = styleFor(terminal);
  const processed = report.results.filter(({ notSelected }) => notSelected !== true);
  yield* allLines(processed, style, terminal.nameOf ?? asItIs);
  if (processed.length > 0) yield '\n';
  yield paragraph({ label: '', width: 0, text: summaryWords(report), paint: style.colors.bold }, style);
}

/**
 * The steps as a run would take them now, for a person who is about to be asked: what changes, what can never be undone, who
 * may be cut off, and what is left alone.
 */
export function* previewText(results: readonly StepResult[], terminal: RunTerminal): Iterable<string> {
  yield* allLines(results, styleFor(terminal), terminal.nameOf ?? asItIs);
}

/** First the requests that would be sent, the same ones together; then, one by one, what is left alone or was sent. */
function* allLines(results: readonly StepResult[], style: TerminalStyle, nameOf: NameOf): Iterable<string> {
  const previewed = results.flatMap(({ preview, ...rest }) =>
    preview === undefined ? [] : { ...rest, preview },
  );
  for (const [index, group] of groupsBy(previewed, meaningOf).entries()) {
    if (index > 0) yield '\n';
    yield* previewLines(group, style, nameOf);
  }
  const others = results.filter(({ preview }) => preview === undefined);
  if (previewed.length > 0 && others.length > 0) yield '\n';
  const width = Math.max(0, ...others.map(({ vault }) => stringWidth(terminalText(vault.name)))) + 2;
  for (const result of others) yield* resultLines(result, Math.min(width, 30), style);
}

type Previewed = StepResult & { readonly preview: StepPreview };
type SameRequests = readonly [Previewed, ...Previewed[]];

/** A text that is the same for requests that change the same at the same risk. */
function meaningOf({ vault, changes, preview: { before, risks } }: Previewed): string {
  return JSON.stringify([vault.type.toLowerCase(), valueChanges({ before, changes }), risks]);
}

function previewLines(requests: SameRequests, style: TerminalStyle, nameOf: NameOf): Iterable<string> {
  const { red, yellow } = style.colors;
  const [{ changes, preview }] = requests;
  const { before, risks } = preview;
  const risk = [
    ...(risks.includes('irreversible') ? [red('can never be undone')] : []),
    ...(risks.includes('disruptive') ? [yellow('may cut users off')] : []),
  ];
  return changeRows(
    {
      requests,
      risk: joinWords(risk),
      changes: valueChanges({ before, changes }),
      consequences: shared(requests, (request) => request.preview.consequences),
      obstacles: shared(requests, (request) => request.preview.obstacles),
    },
    // Consent is to each of them: none is left out.
    { style, placeOf: (request) => placeOf(request, nameOf), most: { list: Infinity, aside: Infinity } },
  );
}

function placeOf({ vault }: StepResult, nameOf: NameOf): readonly string[] {
  const [, subscription = '', group = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\//i.exec(vault.id) ?? [];
  return [nameOf(subscription), group];
}

function* resultLines(result: StepResult, nameWidth: number, style: TerminalStyle): Iterable<string> {
  const { vault, outcome, cause, hint, requestId } = result;
  const name = pad(terminalText(vault.name), nameWidth);
  const badge = paintOf(outcome, style)(pad(outcomeWords[outcome], badgeWidth));
  const width = nameWidth + badgeWidth;
  yield paragraph({ label: `${name}${badge}`, width, text: cause }, style);
  const request = isBad(outcome) && requestId !== '' ? `Request ${requestId}.` : '';
  const more = { text: '', hint: `${hint} ${request}`.trim(), paint: style.colors.dim };
  if (more.hint !== '') yield advice({ ...more, label: ' '.repeat(width), width }, style);
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
  const ready = results.filter(({ preview }) => preview !== undefined).length;
  const doubtful = results.filter(({ preview }) => (preview?.obstacles.length ?? 0) > 0).length;
  const out = results.filter(({ notSelected }) => notSelected === true).length;
  const amounts: readonly (readonly [number, string])[] = [
    [ready, 'would be changed'],
    ...outcomes.map((outcome) => {
      const other = outcome === 'skipped' ? ready + out : 0;
      return [summary[outcome] - other, outcomeWords[outcome]] as const;
    }),
    [out, 'not selected'],
  ];
  const counted = amounts.flatMap(([amount, words]) => (amount > 0 ? [`${amount} ${words}`] : []));
  const doubt =
    doubtful === 0 ? '' : ` Azure may refuse ${doubtful} of them: see the lines with a question mark.`;
  return `${dryRun ? 'Dry run, nothing was sent: ' : ''}${joinWords(counted)}.${doubt}${endings[ending]}`;
}

const endings: Readonly<Record<Ending, string>> = {
  finished: '',
  interrupted: ' Interrupted: run the same command with the same journal to continue.',
  journalFailed: ' The journal could not be written, so nothing more was sent.',
  broken: ' The run failed: run the same command with the same journal to continue.',
};
