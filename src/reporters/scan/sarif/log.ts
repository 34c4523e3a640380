import type { Notification, PropertyBag, ReportingDescriptor, Result, Run, ToolComponent } from 'sarif';

import type { Unreadable } from '../../../model/coverage.ts';
import type { ReportRule, ScanReport } from '../../../model/report.ts';
import { streamJson } from '../../json-stream.ts';
import { compareText } from '../../../model/compare-text.ts';
import type { CodeScanning } from '../format.ts';
import { sourceRoot } from './result.ts';
import { sarifText } from '../../text/sarif.ts';
import { count } from '../../words/counts.ts';
import { leftOutParts, notJudgedRules } from '../../words/not-judged.ts';
import { coverageWords, gapWords } from '../../words/coverage.ts';
import { subscriptionNames } from '../../words/scope.ts';

const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
const informationUri = 'https://github.com/purgeproof/purgeproof';

/** The parts of a run in which the two profiles differ. */
export interface RunParts {
  readonly rules: readonly ReportingDescriptor[];
  readonly results: Iterable<Result>;
  /** Results that the log has no room for. */
  readonly omitted: number;
  readonly taxonomies?: readonly ToolComponent[];
  readonly properties?: PropertyBag;
}

/** Matches the first lines of our own logs. */
export const sarifBeginning =
  /^\s*\{[^{[]*"runs"\s*:\s*\[\s*\{\s*"tool"\s*:\s*\{\s*"driver"\s*:\s*\{\s*"name"\s*:\s*"purgeproof"/;

/** A SARIF log with one run, results streamed. */
export function* sarifLog(report: ScanReport, codeScanning: CodeScanning, parts: RunParts): Iterable<string> {
  yield* streamJson({ $schema: schema, version: '2.1.0', runs: [runOf(report, codeScanning, parts)] });
  yield '\n';
}

/** The rules of a report by id: the order of `tool.driver.rules`, to which results point. */
export function rulesById({ rules }: ScanReport): readonly ReportRule[] {
  return rules.toSorted((a, b) => compareText(a.id, b.id));
}

/** From a rule's id to its place among `rules`. */
export function indexOf(rules: readonly ReportRule[]): ReadonlyMap<string, number> {
  return new Map(rules.map(({ id }, index) => [id, index]));
}

function runOf(report: ScanReport, codeScanning: CodeScanning, parts: RunParts): object {
  return {
    tool: { driver: driverOf(report, parts) },
    ...(parts.taxonomies === undefined ? {} : { taxonomies: parts.taxonomies }),
    invocations: [
      {
        executionSuccessful: report.complete,
        startTimeUtc: report.startedAt,
        endTimeUtc: report.finishedAt,
        toolExecutionNotifications: notificationsFor(report, parts.omitted),
      },
    ],
    ...(codeScanning.category === undefined || codeScanning.category === ''
      ? {}
      : { automationDetails: { id: `${codeScanning.category}/` } }),
    ...provenanceOf(codeScanning),
    columnKind: 'utf16CodeUnits',
    ...(parts.properties === undefined ? {} : { properties: parts.properties }),
    results: parts.results,
  };
}

function driverOf(report: ScanReport, { rules, taxonomies = [] }: RunParts): object {
  const { tool } = report;
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    informationUri,
    ...(taxonomies.length === 0
      ? {}
      : { supportedTaxonomies: taxonomies.map(({ name }, index) => ({ name, index })) }),
    notifications: notificationDescriptors(report),
    rules,
  };
}

function provenanceOf({
  repository,
}: CodeScanning): Pick<Run, 'versionControlProvenance' | 'originalUriBaseIds'> {
  if (repository === undefined) return {};
  const { uri, revision, branch } = repository;
  return {
    versionControlProvenance: [
      {
        repositoryUri: uri,
        revisionId: revision,
        ...(branch === undefined ? {} : { branch }),
        mappedTo: { uriBaseId: sourceRoot },
      },
    ],
    originalUriBaseIds: { [sourceRoot]: { description: { text: 'The root of the checkout.' } } },
  };
}

/** The kinds of notification that a run can carry. The last one is described only where it occurs. */
const descriptors: readonly ReportingDescriptor[] = [
  describe('unreadable', 'UnreadableScope', 'Something in scope could not be read.'),
  describe('incomplete', 'IncompleteScan', 'The scan could not read everything in scope.'),
  describe('unknown', 'UnknownVerdicts', 'Some verdicts are unknown, because values could not be read.'),
  describe('left-out', 'ResultsLeftOut', 'There are more results than a code scanning file can hold.'),
  describe('not-judged', 'RulesNotJudged', 'No source of the scan reads what a rule is about.'),
];

/** Describes the notifications of a report. */
function notificationDescriptors(report: ScanReport): readonly ReportingDescriptor[] {
  return notJudgedRules(report).length + leftOutParts(report).length > 0
    ? descriptors
    : descriptors.slice(0, -1);
}

/** The notifications of the run: every gap, unknown verdicts, results that were left out. */
function notificationsFor(report: ScanReport, omitted: number): Notification[] {
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
  if (omitted > 0) {
    const text = `${count(omitted, 'result')} left out, starting with the least severe: a code scanning file can hold 25,000.`;
    notifications.push(notify('left-out', 'warning', text));
  }
  const unjudged = notJudgedRules(report).map(({ rule, type, reason }) =>
    notify('not-judged', 'warning', `${rule.id} ${rule.name} was not judged on ${type}: ${reason}`),
  );
  const leftOut = leftOutParts(report).map((text) => notify('not-judged', 'note', text));
  return [...notifications, ...unjudged, ...leftOut];
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
