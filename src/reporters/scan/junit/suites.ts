import type { ReportControl, ReportFramework } from '../../../model/control.ts';
import type { SubscriptionCoverage, Unreadable } from '../../../model/coverage.ts';
import type { Compliance, Finding } from '../../../model/finding.ts';
import { groupsBy } from '../../../model/groups-by.ts';
import type { ScanReport } from '../../../model/report.ts';
import type { TestCase, TestOutcome } from '../../text/junit.ts';
import { baselineWords } from '../../words/baseline.ts';
import {
  coverageWords,
  isReadThoughDisabled,
  subscriptionName,
  subscriptionOfGap,
  subscriptionWords,
} from '../../words/coverage.ts';
import { controlSentence, frameworkCounts, frameworkTitle } from '../../words/controls.ts';
import { deployedCounts } from '../../words/deployed.ts';
import { leftOutParts, notJudgedRules } from '../../words/not-judged.ts';
import { scopeWords, subscriptionNames } from '../../words/scope.ts';
import { verdictOf } from '../../words/verdict.ts';
import { worstFirst } from '../order.ts';

/** The tests of one subscription, or of what belongs to none: of what was to be read, and of each finding. */
export interface TestSuite {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly reading: readonly TestCase[];
  readonly findings: readonly Finding[];
}

/** The kind of outcome that a verdict has as a test. */
export const outcomeKinds: Readonly<Record<Compliance, TestOutcome['kind'] | undefined>> = {
  nonCompliant: 'failure',
  unknown: 'error',
  exempt: 'skipped',
  compliant: undefined,
};

const readingClass = 'purgeproof.coverage';

/**
 * The scan first, where it is incomplete or something in it belongs to no subscription; then the subscriptions. Never
 * without a test, and never without a failure where the scan is incomplete.
 */
export function suitesOf(report: ScanReport): readonly TestSuite[] {
  const nameOf = subscriptionNames(report);
  const ids = subscriptionIds(report);
  const findings = groupsIn(worstFirst(report.findings), ({ resource }) =>
    resource.subscriptionId.toLowerCase(),
  );
  const gaps = groupsIn(report.unreadable, (gap) => {
    const id = subscriptionOfGap(gap)?.toLowerCase() ?? '';
    return ids.has(id) ? id : '';
  });
  const coverage = new Map(report.coverage.subscriptions.map((each) => [each.id.toLowerCase(), each]));
  const properties = propertiesOf(report);
  const suites = Array.from(ids, ([key, id]): TestSuite => ({
    name: nameOf(id),
    properties: { subscriptionId: id, ...properties },
    reading: readingTests(gaps.get(key) ?? [], coverage.get(key)),
    findings: findings.get(key) ?? [],
  }));
  const scan: TestSuite = {
    name: 'Scan',
    properties,
    reading: [scanTest(report), ...gapTests(gaps.get('') ?? []), ...notJudgedTests(report)],
    findings: findings.get('') ?? [],
  };
  const isNeeded = suites.length === 0 || !report.complete || scan.reading.length + scan.findings.length > 1;
  const all = isNeeded ? [scan, ...suites] : suites;
  return [...all, ...(report.frameworks ?? []).map((framework) => controlSuite(framework, properties))];
}

/** The subscriptions of the coverage, and others that findings are in: from the id in lower case to the id. */
function subscriptionIds({ coverage, findings }: ScanReport): ReadonlyMap<string, string> {
  const ids = [
    ...coverage.subscriptions.map(({ id }) => id),
    ...findings.map(({ resource }) => resource.subscriptionId),
  ];
  const named = new Map<string, string>();
  for (const id of ids) if (id !== '' && !named.has(id.toLowerCase())) named.set(id.toLowerCase(), id);
  return named;
}

function propertiesOf(report: ScanReport): TestSuite['properties'] {
  const [leftOut, deployed] = [leftOutParts(report), deployedCounts(report)];
  return {
    scope: scopeWords(report.scope),
    verdict: verdictOf(report).text,
    coverage: coverageWords(report),
    ...(leftOut.length === 0 ? {} : { notAskedFor: leftOut.join(' ') }),
    ...(report.baseline === undefined ? {} : { baseline: baselineWords(report, subscriptionNames(report)) }),
    ...(deployed === '' ? {} : { deployed }),
  };
}

/** The test that fails wherever a scan is not complete. */
function scanTest(report: ScanReport): TestCase {
  const test = { classname: readingClass, name: 'everything in scope' };
  if (report.complete) return test;
  const lines = [coverageWords(report)];
  const message = verdictOf(report).text;
  return { ...test, outcome: { kind: 'failure', type: 'incomplete', message, lines } };
}

/** A test for the reading of a subscription, and one for each gap in it. */
function readingTests(
  gaps: readonly Unreadable[],
  subscription: SubscriptionCoverage | undefined,
): readonly TestCase[] {
  const tests = gapTests(gaps);
  if (subscription === undefined) return tests;
  const own = { classname: readingClass, name: testName({ kind: 'subscription', scope: subscription.id }) };
  if (tests.some(({ name }) => name === own.name)) return tests;
  const { state } = subscription;
  if (state === 'read' || state === 'empty' || isReadThoughDisabled(subscription)) return [own, ...tests];
  const message = `${subscriptionName(subscription)}: ${subscriptionWords(subscription)}`;
  return [{ ...own, outcome: { kind: 'failure', type: 'unreadable', message, lines: [] } }, ...tests];
}

/** A test for each thing that could not be read, with every reason for it. */
function gapTests(gaps: readonly Unreadable[]): readonly TestCase[] {
  return groupsBy(gaps, testName).map((those): TestCase => ({
    classname: readingClass,
    name: testName(those[0]),
    outcome: {
      kind: 'failure',
      type: 'unreadable',
      message: those.map(({ reason }) => reason).join(' '),
      lines: those.map(({ hint }) => hint).filter((hint) => hint !== ''),
    },
  }));
}

function testName({ kind, scope }: Pick<Unreadable, 'kind' | 'scope'>): string {
  return `${kind} ${scope.toLowerCase().replace(/^\/subscriptions\/(?=[^/]+$)/, '')}`.trim();
}

function notJudgedTests(report: ScanReport): readonly TestCase[] {
  return notJudgedRules(report).map(({ rule, type, reason }): TestCase => ({
    classname: `purgeproof.${rule.id}`,
    name: `not judged on ${type}`,
    outcome: { kind: 'skipped', type: 'notJudged', message: `${rule.id} ${rule.name}: ${reason}`, lines: [] },
  }));
}

/** Groups to be found by their key. */
function groupsIn<T>(things: readonly T[], keyOf: (thing: T) => string): ReadonlyMap<string, readonly T[]> {
  return new Map(groupsBy(things, keyOf).map((group) => [keyOf(group[0]), group]));
}

/** A test for each control. One that does not apply, or was not judged, is skipped: it proves nothing. */
function controlSuite(framework: ReportFramework, properties: TestSuite['properties']): TestSuite {
  const { name, controls } = framework;
  const words = { framework: frameworkTitle(framework), controls: frameworkCounts(framework) };
  const reading = controls.map((control): TestCase => {
    const { id, verdict } = control;
    const kind = controlOutcomes[verdict];
    const message = controlSentence(name, control);
    const outcome = kind && { kind, type: verdict, message, lines: [] };
    return { classname: `purgeproof.controls.${name}`, name: id, outcome };
  });
  return { name: `Controls of ${name}`, properties: { ...properties, ...words }, reading, findings: [] };
}

const controlOutcomes: Readonly<Record<ReportControl['verdict'], TestOutcome['kind'] | undefined>> = {
  ...outcomeKinds,
  notJudged: 'skipped',
  notApplicable: 'skipped',
};
