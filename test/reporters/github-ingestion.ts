import type { Log, ReportingDescriptor, Result, Run } from 'sarif';
import type { ScanReport } from '../../src/model/report.ts';
import type { CodeScanning, ScanReportContext } from '../../src/reporters/scan/format.ts';
import { sarif } from '../../src/reporters/scan/sarif.ts';
import { defaultContext, textOf } from './reports.ts';

/** The limits beyond which GitHub refuses a file. */
const limits = { runs: 20, results: 25_000, rules: 25_000, tags: 20, locations: 1000, text: 1024, name: 255 };

/**
 * Why GitHub code scanning would refuse these SARIF files, uploaded together, or show something else than is meant.
 * Sources: docs.github.com, "SARIF support for code scanning"; issues of github/codeql-action 2459, 1738, 2456 and of aquasecurity/trivy 1182.
 */
export function refusals(logs: readonly Log[]): readonly string[] {
  const runs = logs.flatMap((log) => log.runs);
  return [
    ...logs.flatMap((log) => (log.version === '2.1.0' && log.$schema ? [] : ['no $schema or version'])),
    ...(runs.length > limits.runs ? ['too many runs'] : []),
    ...sameCategory(runs),
    ...runs.flatMap(refusalsOfRun),
    ...emptyStrings(logs),
  ];
}

function refusalsOfRun(run: Run): readonly string[] {
  const { rules = [] } = run.tool.driver;
  const results = run.results ?? [];
  return [
    ...(results.length > limits.results ? ['too many results'] : []),
    ...(rules.length > limits.rules ? ['too many rules'] : []),
    ...rules.flatMap(refusalsOfRule),
    ...results.flatMap(refusalsOfResult),
    ...sameFingerprint(results),
  ];
}

function refusalsOfRule(rule: ReportingDescriptor): readonly string[] {
  const tags: unknown = rule.properties?.['tags'];
  const texts = [rule.shortDescription?.text, rule.fullDescription?.text];
  const found: string[] = [];
  if (Array.isArray(tags) && tags.length > limits.tags) found.push('too many tags');
  if ([...texts, rule.help?.text].includes(undefined)) found.push('no rule text');
  if (texts.some((text) => (text?.length ?? 0) > limits.text)) found.push('text too long');
  if ((rule.name?.length ?? 0) > limits.name) found.push('name too long');
  return found;
}

function refusalsOfResult(result: Result): readonly string[] {
  const found: string[] = [];
  if (result.message.text === undefined) found.push('no message text');
  if ((result.message.text?.length ?? 0) > limits.text) found.push('text too long');
  if (!result.partialFingerprints?.['primaryLocationLineHash']) found.push('no fingerprint of its own');
  if ((result.kind ?? 'fail') !== 'fail') found.push('an alert for what is no failure');
  if (result.suppressions !== undefined) found.push('an alert for what is suppressed');
  const [location] = result.locations ?? [];
  if (location === undefined) return [...found, 'no location'];
  const { physicalLocation } = location;
  const uri = physicalLocation?.artifactLocation?.uri;
  if (uri === undefined) return [...found, 'no physical location'];
  if (uri === '') found.push('empty uri');
  if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) found.push('a scheme in the uri');
  if (/^\/|^\.\.(?:\/|$)|\/\.\.(?:\/|$)|\\/.test(uri)) found.push('a uri outside the repository');
  const { startLine, startColumn, endLine, endColumn } = physicalLocation?.region ?? {};
  const region = [startLine, startColumn, endLine, endColumn];
  if (region.some((number) => number === undefined || number < 1)) found.push('no whole region');
  return found;
}

function sameCategory(runs: readonly Run[]): readonly string[] {
  const categories = runs.map((run) => {
    const id = run.automationDetails?.id ?? '';
    return `${run.tool.driver.name}\n${id.slice(0, id.lastIndexOf('/') + 1)}`;
  });
  return new Set(categories).size < categories.length ? ['two runs of one category'] : [];
}

function sameFingerprint(results: readonly Result[]): readonly string[] {
  const hashes = results.map((result) => result.partialFingerprints?.['primaryLocationLineHash']);
  return new Set(hashes).size < hashes.length ? ['two results of one fingerprint'] : [];
}

function emptyStrings(value: unknown, path = ''): readonly string[] {
  if (value === '') return [`empty string at ${path}`];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => emptyStrings(member, `${path}/${key}`));
}

/** The SARIF of a report for code scanning, parsed. */
export function render(
  report: ScanReport,
  { ruleHelp = defaultContext.ruleHelp, ...codeScanning }: Partial<CodeScanning & ScanReportContext> = {},
): Log {
  const context = { ...defaultContext, ruleHelp };
  return JSON.parse(
    textOf(sarif, report, { ...context, codeScanning: { ...context.codeScanning, ...codeScanning } }),
  );
}

/** What the run of a log tells about itself: `level: text`. */
export function notices(log: Log): readonly string[] {
  const notifications = log.runs[0]?.invocations?.[0]?.toolExecutionNotifications ?? [];
  return notifications.map(({ level, message }) => `${level}: ${message.text}`);
}
