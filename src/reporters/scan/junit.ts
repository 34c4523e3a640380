import type { Finding } from '../../model/finding.ts';
import type { ReportRule, ScanReport } from '../../model/report.ts';
import { attributes, type TestCase, type TestOutcome, testXml } from '../text/junit.ts';
import { stateWord } from '../words/baseline.ts';
import { todayOf } from '../words/deployed.ts';
import { exemptionWords } from '../words/exemption.ts';
import { fixWords } from '../words/fix.ts';
import { declaredWords, evidenceWords, judgedWithWords } from '../words/values.ts';
import type { ScanReportFormat } from './format.ts';
import { outcomeKinds, suitesOf, type TestSuite } from './junit/suites.ts';

/**
 * JUnit XML for the test reports of build servers: a failure for each failed rule, an error for an unknown verdict, skipped
 * for an exempt one, and a failure for each thing that could not be read. Valid by the schema that the xUnit plugin of
 * Jenkins holds reports against.
 * Source: https://github.com/jenkinsci/xunit-plugin, junit-10.xsd
 */
export const junit: ScanReportFormat = {
  extension: 'xml',
  render,
};

function* render(report: ScanReport): Iterable<string> {
  const { startedAt, finishedAt } = report;
  const suites = suitesOf(report);
  const { tests, failures, errors } = countsOf(suites);
  const seconds = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const total = { name: 'purgeproof', tests, failures, errors, time: seconds.toFixed(3) };
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes(total)}>\n`;
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const today = todayOf(report);
  // Neither milliseconds nor a time zone: some readers refuse them. It is UTC.
  const timestamp = startedAt.slice(0, 19);
  for (const suite of suites) {
    yield `  <testsuite${attributes({ name: suite.name, ...countsOf([suite]), time: '0', timestamp })}>\n`;
    yield* properties(suite);
    for (const test of suite.reading) yield testXml(test);
    for (const finding of suite.findings)
      yield testXml(testOf(finding, { report, rule: rules.get(finding.ruleId), today: today(finding) }));
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function countsOf(suites: readonly TestSuite[]) {
  const kinds = suites.flatMap(({ reading, findings }) => [
    ...reading.map(({ outcome }) => outcome?.kind),
    ...findings.map(({ compliance }) => outcomeKinds[compliance]),
  ]);
  const amount = (wanted: TestOutcome['kind']) => String(kinds.filter((kind) => kind === wanted).length);
  return {
    tests: String(kinds.length),
    failures: amount('failure'),
    errors: amount('error'),
    skipped: amount('skipped'),
  };
}

function* properties({ properties }: TestSuite): Iterable<string> {
  yield '    <properties>\n';
  for (const [name, value] of Object.entries(properties))
    yield `      <property${attributes({ name, value })}/>\n`;
  yield '    </properties>\n';
}

interface TestContext {
  readonly report: ScanReport;
  readonly rule: ReportRule | undefined;
  /** The words about Azure beside the finding. */
  readonly today: string;
}

/** Named by the resource, and classed by the rule: names of rules and of subscriptions may change. */
function testOf(finding: Finding, { report, rule, today }: TestContext): TestCase {
  const { ruleId, resource, compliance, exemption } = finding;
  const test = {
    classname: `purgeproof.${ruleId}`,
    name: `${resource.name} (${resource.id})`.toLowerCase(),
  };
  const kind = outcomeKinds[compliance];
  if (kind === undefined) return test;
  const type = exemption?.category ?? (compliance === 'unknown' ? compliance : finding.severity);
  const message = exemption === undefined ? finding.message : exemptionWords(exemption, report);
  return { ...test, outcome: { kind, type, message, lines: linesOf(finding, rule, today) } };
}

function linesOf(finding: Finding, rule: ReportRule | undefined, today: string): readonly string[] {
  const { ruleId, ruleName, severity, evidence, remediation } = finding;
  const [state, place] = [stateWord(finding), declaredWords(finding)];
  const lines = [
    `${severity}: ${ruleId} ${ruleName}${rule === undefined ? '' : `: ${rule.title}`}`,
    ...evidenceWords(evidence),
    capitalized(judgedWithWords(finding), '.'),
    capitalized(place === '' ? '' : `declared at ${place}`),
    today,
    capitalized(state, ' since the baseline.'),
    fixWords(remediation),
    rule?.helpUri ?? '',
  ];
  return lines.filter((line) => line !== '');
}

/** A sentence of a text in lower case, with its end; nothing of none. */
function capitalized(text: string, end = ''): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
