import type { Notification, ReportingDescriptor } from 'sarif';
import type { ScanReport, Unreadable } from '../../../model/report.ts';
import { compareText } from '../../../model/compare-text.ts';
import { sarifText } from '../../text/sarif.ts';
import { count } from '../../words/counts.ts';
import { notJudgedRules } from '../../words/not-judged.ts';
import { coverageWords } from '../../words/coverage.ts';
import { subscriptionNames } from '../../words/scope.ts';
import { gapWords } from '../../words/unreadable.ts';

/** The kinds of notification that a run can carry. The last one is described only where it occurs. */
const descriptors: readonly ReportingDescriptor[] = [
  describe('unreadable', 'UnreadableScope', 'Something in scope could not be read.'),
  describe('incomplete', 'IncompleteScan', 'The scan could not read everything in scope.'),
  describe('unknown', 'UnknownVerdicts', 'Some verdicts are unknown, because values could not be read.'),
  describe('left-out', 'ResultsLeftOut', 'There are more results than a code scanning file can hold.'),
  describe('not-judged', 'RulesNotJudged', 'No source of the scan reads what a rule is about.'),
];

/** Describes the notifications of a report. */
export function notificationDescriptors(report: ScanReport): readonly ReportingDescriptor[] {
  return notJudgedRules(report).length > 0 ? descriptors : descriptors.slice(0, -1);
}

/** The notifications of the run: every gap, unknown verdicts, results that were left out. */
export function notificationsFor(report: ScanReport, leftOut: number): Notification[] {
  const nameOf = subscriptionNames(report);
  const gaps = report.unreadable
    .toSorted((a, b) => compareText(sortKey(a), sortKey(b)))
    .map((entry) => notify('unreadable', 'error', gapText(entry, nameOf)));
  const { unknown } = report.summary;
  const level = report.complete ? 'warning' : 'error';
  const notifications = [...gaps];
  if (!report.complete) {
    const text = `The scan is incomplete: what could not be read may be non-compliant. ${coverageWords(report)}`;
    notifications.push(notify('incomplete', 'error', text));
  }
  if (unknown > 0) {
    const text = `${count(unknown, 'verdict is', 'verdicts are')} unknown: the deciding values could not be read.`;
    notifications.push(notify('unknown', level, text));
  }
  if (leftOut > 0) {
    const text = `${count(leftOut, 'result')} left out, starting with the least severe: a code scanning file can hold 25,000.`;
    notifications.push(notify('left-out', 'warning', text));
  }
  const unjudged = notJudgedRules(report).map(({ rule, type, reason }) =>
    notify('not-judged', 'warning', `${rule.id} ${rule.name} was not judged on ${type}: ${reason}`),
  );
  return [...notifications, ...unjudged];
}

function gapText(entry: Unreadable, nameOf: (id: string) => string): string {
  return `${gapWords(entry, nameOf)}: ${[entry.reason, entry.hint].filter((part) => part !== '').join(' ')}`;
}

function notify(id: string, level: Notification.level, text: string): Notification {
  const index = descriptors.findIndex((descriptor) => descriptor.id === id);
  return { descriptor: { id, index }, level, message: { text: sarifText(text) } };
}

function sortKey({ kind, scope, reason }: Unreadable): string {
  return `${kind}\n${scope.toLowerCase()}\n${reason}`;
}

function describe(id: string, name: string, text: string): ReportingDescriptor {
  return { id, name, shortDescription: { text }, fullDescription: { text }, help: { text } };
}
