import stringWidth from 'fast-string-width';
import { severities, type Severity } from '../../model/severity.ts';
import type { Trend, TrendFinding, TrendPoint } from '../../model/trend.ts';
import { columns } from '../terminal/columns.ts';
import { paragraph, severityPaint, styleFor, type TerminalStyle } from '../terminal/style.ts';
import { fit, pad } from '../terminal/wrap.ts';
import { terminalText } from '../text/terminal.ts';
import { count, number } from '../words/counts.ts';
import { resourceName } from '../words/scope.ts';
import {
  ageWords,
  lapsedWords,
  openAt,
  reappearedWords,
  repairWords,
  trendCautions,
  trendWords,
} from '../words/trend.ts';
import type { TrendContext, TrendFormat } from './format.ts';

/** The trend for a person: a line over time for each severity, what became of findings, and at the end the result. */
export const trendTable: TrendFormat = { extension: 'txt', render };

const mostListed = 5;
const mostChart = 60;
/** The columns beside a chart: its name, three numbers, and the gaps between. */
const besideChart = 40;

function* render(trend: Trend, { terminal, archive }: TrendContext): Iterable<string> {
  const style = styleFor(terminal);
  const { bold, dim, magenta } = style.colors;
  const { points } = trend;
  const [first, last] = [points[0], points.at(-1)];
  if (first !== undefined && last !== undefined) {
    const days = [...new Set([first.at.slice(0, 10), last.at.slice(0, 10)])].join(' → ');
    const span = `${count(points.length, 'scan')}, ${days}`;
    yield paragraph({ label: '', width: 0, text: `${archive} · ${span}`, paint: dim }, style);
    yield `\n${bold('Open findings')}\n`;
    yield chart(points, style);
    yield '\n';
    yield* facts(trend, style);
    yield* section('Expired exemptions', trend.expiredExemptions, { trend, wordsOf: lapsedWords, style });
    yield* section('Reappeared', trend.reappeared, { trend, wordsOf: reappearedWords, style });
    const total = openAt(last);
    yield* section('Oldest open', trend.oldestOpen, { trend, wordsOf: ageWords, style, total });
  }
  for (const text of trendCautions(trend))
    yield paragraph({ label: '', width: 0, text, paint: magenta }, style);
  yield paragraph({ label: '', width: 0, text: trendWords(trend), paint: bold }, style);
}

function chart(points: readonly TrendPoint[], style: TerminalStyle): string {
  const width = Math.max(10, Math.min(mostChart, style.columns - besideChart));
  const row = (
    name: string,
    valueOf: (point: TrendPoint) => number,
    paint = (text: string) => text,
  ): readonly string[] => {
    const values = points.map(valueOf);
    const [first = 0, last = 0] = [values[0], values.at(-1)];
    const most = values.reduce((highest, value) => Math.max(highest, value), 0);
    const drawn = paint(sparkline(points, width, valueOf));
    return [`  ${name}`, number(first), drawn, number(last), number(most)];
  };
  const ofSeverity = (severity: Severity): readonly string[] =>
    row(severity, ({ open }) => open[severity], severityPaint(severity, style));
  const { dim } = style.colors;
  return columns(
    [
      ['', dim('first'), '', dim('now'), dim('most')],
      ...severities.map(ofSeverity),
      row('all', openAt),
      ...(points.some(({ exempt }) => exempt > 0) ? [row('exempt', ({ exempt }) => exempt, dim)] : []),
    ],
    [1, 3, 4],
  );
}

function* facts({ repairs, points }: Trend, style: TerminalStyle): Iterable<string> {
  const reappeared = points.reduce((sum, point) => sum + point.reappeared, 0);
  const expired = points.reduce((sum, point) => sum + point.expired, 0);
  const rows: readonly (readonly [string, string])[] = [
    ['Repaired', repairWords(repairs)],
    ['Reappeared', reappeared === 0 ? 'none' : number(reappeared)],
    ['Exemptions that ran out', expired === 0 ? 'none' : number(expired)],
  ];
  const width = 2 + Math.max(...rows.map(([name]) => name.length));
  for (const [name, text] of rows) yield paragraph({ label: pad(name, width), width, text }, style);
  yield '\n';
}

/** The words for a finding of a section. */
interface SectionWords<F extends TrendFinding> {
  readonly trend: Trend;
  readonly wordsOf: (finding: F, trend: Trend) => string;
  readonly style: TerminalStyle;
  /** The number of all such findings, where not all are given. */
  readonly total?: number;
}

function* section<F extends TrendFinding>(
  title: string,
  findings: readonly F[],
  { trend, wordsOf, style, total = findings.length }: SectionWords<F>,
): Iterable<string> {
  if (findings.length === 0) return;
  yield `${style.colors.bold(title)}\n`;
  const rows = findings.slice(0, mostListed).map((finding) => ({
    severity: severityPaint(finding.severity, style)(pad(finding.severity, severityWidth)),
    name: `${terminalText(resourceName(finding.resource))}  `,
    rule: `${terminalText(style.wide ? `${finding.ruleId} ${finding.ruleName}` : finding.ruleId)}  `,
    words: terminalText(wordsOf(finding, trend)),
  }));
  const [nameWidth, ruleWidth] = [widest(rows.map(({ name }) => name)), widest(rows.map(({ rule }) => rule))];
  for (const { severity, name, rule, words } of rows) {
    const subject = pad(name, nameWidth) + pad(rule, ruleWidth);
    const room = style.columns - 2 - severityWidth - stringWidth(subject);
    yield `  ${severity}${subject}${fit(words, room)}\n`;
  }
  if (total > mostListed) yield `  ${style.colors.bold(`… and ${number(total - mostListed)} more`)}\n`;
  yield '\n';
}

const severityWidth = 10;

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, stringWidth(cell)), 0);
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * A number over time, a column for each part of the time between the first point and the last; a dot is zero, and the highest
 * column the most there was. A column shows the last point by its end, or the one before it where there is none in it.
 */
function sparkline(
  points: readonly TrendPoint[],
  width: number,
  valueOf: (point: TrendPoint) => number,
): string {
  const most = points.reduce((highest, point) => Math.max(highest, valueOf(point)), 0);
  const times = points.map(({ at }) => Date.parse(at));
  const [start = 0, end = 0] = [times[0], times.at(-1)];
  let index = 0;
  let drawn = '';
  for (let column = 0; column < width; column += 1) {
    const until = start + ((end - start) * (column + 1)) / width;
    while (index + 1 < times.length && (times[index + 1] ?? end) <= until) index += 1;
    const point = points[index];
    drawn += point === undefined ? '' : levelOf(valueOf(point), most);
  }
  return drawn;
}

function levelOf(value: number, most: number): string {
  if (value === 0) return '·';
  return levels[Math.max(0, Math.ceil((value / most) * levels.length) - 1)] ?? '·';
}
