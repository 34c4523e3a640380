import type { Result, Location as SarifLocation } from 'sarif';
import type { Finding } from '../../model/finding.ts';
import type { ScanReport } from '../../model/report.ts';
import { worstFirst } from './order.ts';
import type { ScanReportContext, ScanReportFormat, CodeScanning } from './format.ts';
import { indexOf, rulesById, sarifLog, sourceRoot } from './sarif/log.ts';
import { describeRule } from './sarif/rule.ts';
import { todayOf } from '../words/deployed.ts';
import { sarifName, sarifText } from '../text/sarif.ts';
import { levelOf } from './sarif/severity.ts';

/** GitHub refuses a run with more; of these it keeps the 5,000 most severe. */
const maxResults = 25_000;

/**
 * SARIF 2.1.0 as GitHub code scanning ingests it: failures only, since it makes an alert of every result whatever its
 * kind or suppressions. Unknown verdicts make the run unsuccessful and become notifications. Worst first.
 */
export const sarif: ScanReportFormat = { extension: 'sarif', render };

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  const rules = rulesById(report);
  const failures = worstFirst(report.findings.filter(({ compliance }) => compliance === 'nonCompliant'));
  const kept = failures.slice(0, maxResults);
  yield* sarifLog(report, context.codeScanning, {
    rules: rules.map((rule) => describeRule(rule, context)),
    results: results(kept, {
      ruleIndex: indexOf(rules),
      codeScanning: context.codeScanning,
      today: todayOf(report),
    }),
    omitted: failures.length - kept.length,
  });
}

function* results(findings: readonly Finding[], context: ResultContext): Iterable<Result> {
  for (const finding of findings) yield describeResult(finding, context);
}

/** The parts of the report that every result refers to. */
export interface ResultContext {
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly codeScanning: CodeScanning;
  /** The words about Azure beside a finding on code. */
  readonly today: (finding: Finding) => string;
}

/**
 * A failure as code scanning ingests it. The fingerprint is our own: one that GitHub computes from the anchored line
 * would be the same for two vaults at one place, and would change when a file moves.
 */
export function describeResult(finding: Finding, { ruleIndex, codeScanning, today }: ResultContext): Result {
  const index = ruleIndex.get(finding.ruleId);
  return {
    ruleId: sarifName(finding.ruleId),
    ...(index === undefined ? {} : { ruleIndex: index }),
    kind: 'fail',
    level: levelOf[finding.severity],
    message: { text: messageOf(finding, today(finding)) },
    locations: [locationOf(finding, codeScanning)],
    partialFingerprints: { primaryLocationLineHash: finding.fingerprint },
  };
}

function messageOf({ message, resource }: Finding, today: string): string {
  return sarifText([`${message} (${resource.id}).`, today].filter((part) => part !== '').join(' '));
}

/**
 * The location of a finding in code scanning: the anchor as the one physical location, the Azure resource as the logical
 * one. Throws when the anchor is not a relative path, since GitHub refuses the whole file for one such location.
 */
function locationOf(finding: Finding, { anchor, repository }: CodeScanning): SarifLocation {
  const { file, line, column } = anchor(finding);
  const { id, name } = finding.resource;
  return {
    physicalLocation: {
      artifactLocation: {
        uri: relativeUri(file),
        ...(repository === undefined ? {} : { uriBaseId: sourceRoot }),
      },
      region: { startLine: line, startColumn: column, endLine: line, endColumn: column + 1 },
    },
    logicalLocations: [{ name: sarifName(name), fullyQualifiedName: sarifName(id), kind: 'resource' }],
  };
}

/** Percent-encoded by segment: a colon in a file name must not read as the end of a scheme. */
function relativeUri(file: string): string {
  const path = file.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  const segments = path.split('/');
  const onDrive = /^[a-z]:\//i.test(path);
  if (onDrive || segments.some((segment) => segment === '' || segment === '..')) {
    throw new Error(`The anchor of a finding is not the relative path of a file: ${JSON.stringify(file)}`);
  }
  return segments.map((segment) => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\uFFFD'))).join('/');
}
