import type { Notification, PropertyBag, ReportingDescriptor, Result, Run, ToolComponent } from 'sarif';

import type { Unreadable } from '../../../model/coverage.ts';
import type { ReportRule, ScanReport } from '../../../model/report.ts';
import { streamJson } from '../../json-stream.ts';
import { compareText } from '../../../model/compare-text.ts';
import type { CodeScanning } from '../format.ts';
import { sarifText } from '../../text/sarif.ts';
import { baselineWords } from '../../words/baseline.ts';
import { count } from '../../words/counts.ts';
import { deployedCounts } from '../../words/deployed.ts';
import { noticeSentence } from '../../words/exemption.ts';
import { leftOutParts, notJudgedRules } from '../../words/not-judged.ts';
import { coverageWords, gapWords } from '../../words/coverage.ts';
import { notLookedAtWords } from '../../words/not-looked-at.ts';
import { filteredWords, subscriptionNames } from '../../words/scope.ts';

/** The root of the checkout, by the name that GitHub and CodeQL use. */
export const sourceRoot = '%SRCROOT%';

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
  const { kinds, notifications } = notificationsFor(report, parts.omitted);
  return {
    tool: { driver: driverOf(report, parts, kinds) },
    ...(parts.taxonomies === undefined ? {} : { taxonomies: parts.taxonomies }),
    invocations: [
      {
        executionSuccessful: report.complete,
        startTimeUtc: report.startedAt,
        endTimeUtc: report.finishedAt,
        toolExecutionNotifications: notifications,
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

function driverOf(
  { tool }: ScanReport,
  { rules, taxonomies = [] }: RunParts,
  notifications: readonly ReportingDescriptor[],
): object {
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    informationUri,
    ...(taxonomies.length === 0
      ? {}
      : { supportedTaxonomies: taxonomies.map(({ name }, index) => ({ name, index })) }),
    notifications,
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

/** The kinds of notification that every run describes. */
const commonDescriptors: readonly ReportingDescriptor[] = [
  describe('unreadable', 'UnreadableScope', 'Something in scope could not be read.'),
  describe('incomplete', 'IncompleteScan', 'The scan could not read everything in scope.'),
  describe('unknown', 'UnknownVerdicts', 'Some verdicts are unknown, because values could not be read.'),
  describe('left-out', 'ResultsLeftOut', 'There are more results than a code scanning file can hold.'),
];

/** The kinds that are described only where they occur. */
const rareDescriptors: readonly ReportingDescriptor[] = [
  describe('not-judged', 'RulesNotJudged', 'No source of the scan reads what a rule is about.'),
  describe(
    'not-looked-at',
    'NotLookedAt',
    'Something was not looked at, without which more is reported, never less.',
  ),
  describe('exemption', 'ExemptionNotices', 'An exemption has expired, ends soon, or covers nothing.'),
  describe('filtered', 'FilteredScan', 'The scan was limited to a part of its scope.'),
  describe(
    'deployed',
    'DeployedToday',
    'It was looked up what is in Azure of the resources that code declares.',
  ),
  describe('baseline', 'ComparedWithBaseline', 'The scan was compared with the report of an earlier one.'),
];

/** A notification, before it points to its kind. */
interface Notice {
  readonly id: string;
  readonly level: Notification.level;
  readonly text: string;
}

/** The kinds of notification in a run, and the notifications themselves. */
function notificationsFor(report: ScanReport, omitted: number) {
  const notices = [...generalNotices(report, omitted), ...rareNotices(report)];
  const ids = new Set(notices.map(({ id }) => id));
  const kinds = [...commonDescriptors, ...rareDescriptors.filter(({ id }) => ids.has(id))];
  const notifications = notices.map(({ id, level, text }): Notification => {
    const index = kinds.findIndex((kind) => kind.id === id);
    return { descriptor: { id, index }, level, message: { text: sarifText(text) } };
  });
  return { kinds, notifications };
}

/** Every gap, unknown verdicts, results that were left out. */
function generalNotices(report: ScanReport, omitted: number): readonly Notice[] {
  const nameOf = subscriptionNames(report);
  const { complete, summary, unreadable } = report;
  const gaps = unreadable
    .toSorted((a, b) => compareText(sortKey(a), sortKey(b)))
    .map((entry): Notice => ({ id: 'unreadable', level: 'error', text: gapText(entry, nameOf) }));
  const notices = [...gaps];
  if (!complete) {
    const text = `The scan is incomplete: what could not be read may be non-compliant. ${coverageWords(report)}`;
    notices.push({ id: 'incomplete', level: 'error', text });
  }
  if (summary.unknown > 0) {
    const text = `${count(summary.unknown, 'verdict is', 'verdicts are')} unknown: the deciding values could not be read.`;
    notices.push({ id: 'unknown', level: complete ? 'warning' : 'error', text });
  }
  if (omitted > 0) {
    const text = `${count(omitted, 'result')} left out, starting with the least severe: a code scanning file can hold 25,000.`;
    notices.push({ id: 'left-out', level: 'warning', text });
  }
  return notices;
}

/** The rules that were not judged, what the parts that were read went without, exemptions, the filter and the baseline. */
function rareNotices(report: ScanReport): readonly Notice[] {
  const { parts = [] } = report.coverage;
  const filter = filteredWords(report);
  const baseline = baselineWords(report, subscriptionNames(report));
  const deployed = deployedCounts(report);
  return [
    ...notJudgedRules(report).map(({ rule, type, reason }): Notice => {
      const text = `${rule.id} ${rule.name} was not judged on ${type}: ${reason}`;
      return { id: 'not-judged', level: 'warning', text };
    }),
    ...leftOutParts(report).map((text): Notice => ({ id: 'not-judged', level: 'note', text })),
    ...notLookedAtWords(parts.flatMap(({ notLookedAt = [] }) => notLookedAt)).map((text): Notice => ({
      id: 'not-looked-at',
      level: 'note',
      text,
    })),
    ...(report.exemptionNotices ?? []).map((notice): Notice => ({
      id: 'exemption',
      level: notice.kind === 'endsSoon' ? 'note' : 'warning',
      text: noticeSentence(notice),
    })),
    ...(filter === '' ? [] : [{ id: 'filtered', level: 'note', text: filter } as const]),
    ...(deployed === ''
      ? []
      : [{ id: 'deployed', level: 'note', text: `In Azure today: ${deployed}.` } as const]),
    ...(baseline === '' ? [] : [{ id: 'baseline', level: 'note', text: baseline } as const]),
  ];
}

function gapText(entry: Unreadable, nameOf: (id: string) => string): string {
  return `${gapWords(entry, nameOf)}: ${[entry.reason, entry.hint].filter((part) => part !== '').join(' ')}`;
}

function sortKey({ kind, scope, reason }: Unreadable): string {
  return `${kind}\n${scope.toLowerCase()}\n${reason}`;
}

function describe(id: string, name: string, text: string): ReportingDescriptor {
  return { id, name, shortDescription: { text }, fullDescription: { text }, help: { text } };
}
