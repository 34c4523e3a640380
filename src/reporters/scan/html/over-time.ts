import { groupsBy } from '../../../model/groups-by.ts';
import { compareText } from '../../../model/compare-text.ts';
import type { Finding } from '../../../model/finding.ts';
import type { ScanReport } from '../../../model/report.ts';
import { severities } from '../../../model/severity.ts';
import type { Trend } from '../../../model/trend.ts';
import { htmlCode, htmlText } from '../../text/html.ts';
import { baselineWords } from '../../words/baseline.ts';
import { count, countSeverities, number } from '../../words/counts.ts';
import { daysLeft, exemptionPlace } from '../../words/exemption.ts';
import { momentWords } from '../../words/moment.ts';
import { resourceName, subscriptionNames } from '../../words/scope.ts';
import { timeWords, trendCautions } from '../../words/trend.ts';
import { worstFirst } from '../order.ts';
import { type HtmlSection, severityBadge } from './blocks.ts';
import { foldedTable, type HtmlRow } from './tables.ts';
import { lineChart } from './charts.ts';
import { stateBadge } from './coverage.ts';
import { ruleLinks } from './rules.ts';

/** The days before its end in which an exemption is pointed out. */
const soonDays = 14;

/** Each exemption that covers a finding, with the days that are left of it, and those that need a review. */
export function exemptionsSection(report: ScanReport): HtmlSection | undefined {
  const exempt = report.findings.filter(({ exemption }) => exemption !== undefined);
  const notices = report.exemptionNotices ?? [];
  if (exempt.length + notices.length === 0) return undefined;
  const groups = groupsBy(exempt, ({ exemption }) => JSON.stringify(exemption)).toSorted(([a], [b]) =>
    compareText(endOf(a), endOf(b)),
  );
  const rows = groups.map((group): HtmlRow => exemptionRow(group, report));
  const head = ['Until', 'Days left', 'Category', 'Reason', 'Owner', 'Ticket', 'Rules', 'Findings'];
  const few = { most: 20, one: 'exemption' };
  const review = notices.map(({ at, message }) => ({
    cells: [htmlCode(exemptionPlace(at)), htmlText(`${message.charAt(0).toUpperCase()}${message.slice(1)}`)],
  }));
  const body = [
    ...foldedTable({ caption: 'To review', head: ['Exemption', 'What about it'], rows: review }, few),
    ...foldedTable({ caption: 'In force', head, rows, numeric: [1, 7] }, few),
  ];
  return { id: 'exemptions', heading: 'Exemptions', body };
}

/** Those without an end come last. */
function endOf({ exemption }: Finding): string {
  return exemption?.expiresOn ?? '~';
}

function exemptionRow(group: readonly [Finding, ...Finding[]], report: ScanReport): HtmlRow {
  const [{ exemption }] = group;
  const expiresOn = exemption?.expiresOn;
  const days = daysLeft(expiresOn, report);
  const soon = days !== undefined && days <= soonDays ? ` ${stateBadge(false, 'soon')}` : '';
  const linkOf = ruleLinks(report);
  const rules = [...new Set(group.map(({ ruleId }) => ruleId))].map((id) => linkOf(id));
  return {
    cells: [
      htmlText(expiresOn ?? 'no end date'),
      days === undefined ? '–' : `${days === 0 ? 'today' : number(days)}${soon}`,
      ...[exemption?.category, exemption?.reason, exemption?.owner, exemption?.ticket].map((text) =>
        htmlText(text ?? ''),
      ),
      rules.join(', '),
      number(group.length),
    ],
  };
}

/** The findings of the baseline that are gone; nothing without a baseline. */
export function baselineSection(report: ScanReport): HtmlSection | undefined {
  const { baseline } = report;
  if (baseline === undefined) return undefined;
  const linkOf = ruleLinks(report);
  const rows = worstFirst(baseline.gone).map(({ ruleId, ruleName, severity, resource }) => ({
    cells: [htmlText(resourceName(resource)), linkOf(ruleId, htmlText(ruleName)), severityBadge(severity)],
  }));
  const table = { caption: 'Gone since the baseline', head: ['Resource', 'Rule', 'Severity'], rows };
  const body = [
    `<p>${htmlText(baselineWords(report, subscriptionNames(report)))}</p>\n`,
    ...foldedTable(table, { most: 20, one: 'finding' }),
  ];
  return { id: 'baseline', heading: 'Since the baseline', body };
}

/** Open findings over the archived scans; nothing without an archive. */
export function trendSection(report: ScanReport, trend: Trend | undefined): HtmlSection | undefined {
  if (trend === undefined || trend.points.length === 0) return undefined;
  return { id: 'trend', heading: 'Over time', body: trendBody(report, trend) };
}

function* trendBody(report: ScanReport, trend: Trend): Iterable<string> {
  const { points, repairs } = trend;
  const times = points.map(({ at }) => Date.parse(at));
  const [first = 0] = times;
  const span = Math.max(1, (times.at(-1) ?? first) - first);
  const top = points.reduce((most, { open }) => Math.max(most, ...Object.values(open)), 1);
  const days = [points[0], points.at(-1)].map((point) => point?.at.slice(0, 10) ?? '');
  const latest = countSeverities(points.at(-1)?.open ?? report.summary.bySeverity);
  const chart = lineChart(
    severities.map((name) => ({ name, amounts: points.map(({ open }) => open[name]) })),
    {
      places: times.map((time) => (time - first) / span),
      uncertain: points.flatMap(({ complete }, index) => (complete ? [] : [index])),
      top,
      label: `Open findings by severity from ${days.join(' to ')}; at the end ${latest || 'none'}`,
    },
  );
  const keys = severities.map(
    (name) =>
      `<li><svg class="key" viewBox="0 0 28 8" aria-hidden="true"><line class="${name}" x1="0" x2="28" y1="4" y2="4"/></svg>${name}</li>`,
  );
  const gaps = points.some(({ complete }) => !complete)
    ? '<li><span class="swatch uncertain"></span>incomplete scan</li>'
    : '';
  yield `<figure><p class="axis">${number(top)} open</p>${chart}<p class="axis ends">${days.map((day) => `<span>${htmlText(day)}</span>`).join('')}</p><figcaption><ul class="legend">${keys.join('')}${gaps}</ul></figcaption></figure>\n`;
  const mean = repairs.meanMs === undefined ? '' : `, after ${timeWords(repairs.meanMs)} on average`;
  yield `<p>${count(repairs.count, 'finding was', 'findings were')} repaired${mean}.</p>\n`;
  for (const text of trendCautions({ ...trend, unreadable: [] })) yield `<p>${htmlText(text)}</p>\n`;
  yield* trendTables(report, trend);
}

function* trendTables(report: ScanReport, trend: Trend): Iterable<string> {
  const linkOf = ruleLinks(report);
  type Listed = Trend['oldestOpen'][number];
  const row = (
    { resource, ruleId, ruleName, severity, since }: Listed,
    ...more: readonly string[]
  ): HtmlRow => ({
    cells: [
      htmlText(resourceName(resource)),
      linkOf(ruleId, htmlText(ruleName)),
      severityBadge(severity),
      htmlText(since.slice(0, 10)),
      ...more,
    ],
  });
  const head = ['Resource', 'Rule', 'Severity', 'Open since'];
  const few = { most: 10, one: 'finding' };
  yield* foldedTable({ caption: 'Open longest', head, rows: trend.oldestOpen.map((one) => row(one)) }, few);
  const reappeared = trend.reappeared.map((one) => row(one, number(one.times)));
  yield* foldedTable(
    { caption: 'Repaired, and open again', head: [...head, 'Times'], rows: reappeared, numeric: [4] },
    few,
  );
  const expired = trend.expiredExemptions.map((one) => row(one, htmlText(one.exemption.expiresOn ?? '')));
  yield* foldedTable(
    { caption: 'Open since their exemption ran out', head: [...head, 'Ran out'], rows: expired },
    few,
  );
  const unread = trend.unreadable.map(({ file, reason }) => ({ cells: [file, reason].map(htmlText) }));
  const damaged = { caption: 'Archived scans that could not be read', head: ['File', 'Why'], rows: unread };
  yield* foldedTable(damaged, { most: 5, one: 'scan' });
  const scans = trend.points.toReversed().map(({ at, complete, open, exempt, opened, repaired }) => ({
    cells: [
      `${htmlText(momentWords(at))}${complete ? '' : ` ${stateBadge(false, 'incomplete')}`}`,
      ...severities.map((name) => number(open[name])),
      ...[exempt, opened, repaired].map(number),
    ],
  }));
  const scansHead = ['Scan', 'Critical', 'High', 'Medium', 'Low', 'Exempt', 'Opened', 'Repaired'];
  yield* foldedTable(
    { caption: 'Archived scans', head: scansHead, rows: scans, numeric: [1, 2, 3, 4, 5, 6, 7] },
    { most: 5, one: 'scan' },
  );
}
