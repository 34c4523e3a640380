import type { ReportControl, ReportFramework } from '../../../model/control.ts';
import type { SubscriptionCoverage } from '../../../model/coverage.ts';
import type { ScanReport } from '../../../model/report.ts';
import { htmlAdvice, htmlCode, htmlText } from '../../text/html.ts';
import { count, number } from '../../words/counts.ts';
import {
  changedDuringScan,
  coverageWords,
  effortWords,
  gapWords,
  isReadThoughDisabled,
  subscriptionWords,
} from '../../words/coverage.ts';
import {
  controlReasons,
  controlRuleWords,
  controlVerdictWords,
  frameworkCounts,
  frameworkTitle,
  uncoveredWords,
} from '../../words/controls.ts';
import { leftOutParts, notJudgedRules } from '../../words/not-judged.ts';
import { notLookedAtWords } from '../../words/not-looked-at.ts';
import { subscriptionNames } from '../../words/scope.ts';
import { htmlList, type HtmlSection } from './blocks.ts';
import { foldedTable, type HtmlRow, htmlTable } from './tables.ts';

/** The warning that stands above everything else: the scan is incomplete, and each gap with what closes it. */
export function* incompleteWarning(report: ScanReport): Iterable<string> {
  if (report.complete) return;
  const nameOf = subscriptionNames(report);
  yield '<section class="warning" aria-labelledby="incomplete">\n<h2 id="incomplete">Incomplete: nothing here may be taken as a pass</h2>\n';
  yield '<p>What was not read may be non-compliant. Close these gaps, then scan again.</p>\n';
  const { unreadable } = report;
  const caption = `Not read: ${count(unreadable.length, 'gap')}`;
  const rows = unreadable.map((gap) => ({
    cells: [htmlText(gapWords(gap, nameOf)), htmlText(gap.reason), htmlAdvice(gap.hint)],
  }));
  yield* foldedTable({ caption, head: ['What', 'Why', 'What to do'], rows }, { most: 10, one: 'gap' });
  yield '</section>\n';
}

/** Every subscription and its state, the parts that were read besides, and the rules that were not judged. */
export function coverageSection(report: ScanReport): HtmlSection {
  return { id: 'coverage', heading: 'Coverage', body: coverageBody(report) };
}

function* coverageBody(report: ScanReport): Iterable<string> {
  const { coverage } = report;
  yield `<p>${htmlText(coverageWords(report))}</p>\n`;
  const effort = effortWords(report);
  if (effort !== '') yield `<p class="quiet">${htmlText(effort)}</p>\n`;
  yield* subscriptionTables(report);
  const parts = (coverage.parts ?? []).map(({ name, state }) => ({
    cells: [htmlText(name), stateBadge(state === 'read' || state === 'empty', state)],
  }));
  yield* htmlTable({ caption: 'Parts that were asked for besides', head: ['Part', 'State'], rows: parts });
  yield* htmlList(
    notLookedAtWords((coverage.parts ?? []).flatMap(({ notLookedAt = [] }) => notLookedAt)).map(htmlText),
  );
  yield* notJudged(report);
}

/** Those that were not read in full come first, and none of these is folded away. */
function* subscriptionTables(report: ScanReport): Iterable<string> {
  const { subscriptions } = report.coverage;
  const changed = new Set(changedDuringScan(report));
  const isSound = (each: SubscriptionCoverage): boolean => isRead(each) && !changed.has(each);
  const head = ['Subscription', 'Id', 'State', 'Rows'];
  const flawed = subscriptions.filter((each) => !isSound(each));
  yield* htmlTable({
    caption: 'Subscriptions not fully read, or changed during the scan',
    head,
    rows: flawed.map(subscriptionRow),
    numeric: [3],
  });
  const rows = subscriptions.filter(isSound).map(subscriptionRow);
  const table = { caption: 'Subscriptions read in full', head, rows, numeric: [3] };
  yield* foldedTable(table, { most: 20, one: 'subscription' });
}

/** True for a subscription that was read in full, one that is disabled as well. */
function isRead(subscription: SubscriptionCoverage): boolean {
  return ['read', 'empty'].includes(subscription.state) || isReadThoughDisabled(subscription);
}

function subscriptionRow(subscription: SubscriptionCoverage): HtmlRow {
  const { id, name, rows } = subscription;
  return {
    cells: [
      htmlText(name === '' ? id : name),
      htmlCode(id),
      stateBadge(isRead(subscription), subscriptionWords(subscription)),
      number(rows),
    ],
  };
}

/** Words for a state, in red where it is not as it should be. */
export function stateBadge(isGood: boolean, words: string): string {
  return `<span class="${isGood ? 'good' : 'bad'}">${htmlText(words)}</span>`;
}

function* notJudged(report: ScanReport): Iterable<string> {
  const rows = notJudgedRules(report).map(({ rule, type, reason }) => ({
    cells: [htmlText(`${rule.id} ${rule.name}`), htmlText(type), htmlText(reason)],
  }));
  yield* htmlTable({ caption: 'Not judged', head: ['Rule', 'Type', 'Why'], rows });
  const leftOut = leftOutParts(report);
  if (leftOut.length > 0) yield '<h3>Not asked for</h3>\n';
  yield* htmlList(leftOut.map(htmlText));
}

/** The controls of the frameworks that were asked for: the verdict of each, and those that no rule covers. */
export function controlsSection({ frameworks }: ScanReport): HtmlSection | undefined {
  return frameworks && { id: 'controls', heading: 'By control', body: frameworks.flatMap(frameworkParts) };
}

function frameworkParts(framework: ReportFramework): readonly string[] {
  const rows = framework.controls.map((control) => ({
    cells: [
      htmlText(control.id) || '–',
      verdictOfControl(control),
      htmlText(control.title ?? ''),
      htmlText([`${controlRuleWords(control)}.`, ...controlReasons(control)].join(' ')),
    ],
  }));
  const head = ['Control', 'Verdict', 'Asks for', 'Rules'];
  const table = { caption: `Controls of ${frameworkTitle(framework)}`, head, rows };
  const notCovered = uncoveredWords(framework);
  const rest = notCovered === '' ? [] : [`<p>Not covered by any rule: ${htmlText(notCovered)}.</p>\n`];
  return [
    `<p>${htmlText(`${framework.name}: ${frameworkCounts(framework)}.`)}</p>\n`,
    ...htmlTable(table),
    ...rest,
  ];
}

function verdictOfControl(control: ReportControl): string {
  const { verdict } = control;
  const words = controlVerdictWords(control);
  if (verdict === 'exempt' || verdict === 'notApplicable') return htmlText(words);
  return stateBadge(verdict === 'compliant', words);
}
