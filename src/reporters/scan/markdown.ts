import type { SubscriptionCoverage } from '../../model/coverage.ts';
import { findingsToShow, type ScanReport } from '../../model/report.ts';
import {
  controlBlocks,
  type MarkdownBlock,
  truncate,
  type Omitted,
  tableBlocks,
  deployedBlocks,
} from './markdown/blocks.ts';
import { evidenceBlocks, findingBlocks } from './markdown/findings.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { worstFirst } from './order.ts';
import { groupByVault } from './vaults.ts';
import { baselineWords, beforeWords } from '../words/baseline.ts';
import { count, number } from '../words/counts.ts';
import { exemptionPlace } from '../words/exemption.ts';
import { momentWords } from '../words/moment.ts';
import { findingName, scopeWords, subscriptionNames } from '../words/scope.ts';
import { severities } from '../../model/severity.ts';
import { joinWords } from '../../model/join-words.ts';
import { markdownAdvice, markdownCode, markdownText } from '../text/markdown.ts';
import {
  changedDuringScan,
  coverageWords,
  effortWords,
  gapWords,
  identityWords,
  isReadThoughDisabled,
  partlyReadSubscriptions,
  subscriptionName,
  subscriptionWords,
} from '../words/coverage.ts';
import { type ScanVerdict, verdictOf } from '../words/verdict.ts';
import { leftOutParts, notJudgedRules } from '../words/not-judged.ts';

/**
 * GitHub Markdown for a step summary: the verdict, what was not read, the findings, then collapsed evidence by vault.
 * Cut at `maxBytes`, between rows only, with a sentence that counts what is left out.
 */
export const markdown: ScanReportFormat = {
  extension: 'md',
  render,
};

/** The most that GitHub takes as a job summary; a comment of an issue takes less, and so do most readers. */
const mostBytes = 1024 * 1024;

function* render(report: ScanReport, context: ScanReportContext): Iterable<string> {
  yield* truncate(blocksOf(report, context), context.maxBytes ?? mostBytes, closing);
}

function* blocksOf(report: ScanReport, { cloud }: ScanReportContext): Iterable<MarkdownBlock> {
  const shown = { ...report, findings: findingsToShow(report) };
  const vaults = groupByVault(shown.findings);
  const before = beforeWords(report);
  yield { text: `${headOf(report)}\n` };
  yield* gapBlocks(report);
  yield* controlBlocks(report);
  yield* findingBlocks(shown, vaults, cloud);
  if (before !== '') yield { text: `\n${markdownText(before)}\n` };
  yield* deployedBlocks(report, cloud);
  yield* goneBlocks(report);
  yield* exemptionBlocks(report);
  yield* evidenceBlocks(vaults, subscriptionNames(report));
}

function closing({ findings, gaps }: Omitted): string {
  const missing = [
    ...(findings > 0 ? [count(findings, 'finding')] : []),
    ...(gaps > 0 ? [count(gaps, 'thing that could not be read', 'things that could not be read')] : []),
    'evidence',
  ];
  return `
**Cut to size.** Left out here: ${joinWords(missing)}. The JSON report has everything.
`;
}

const alerts: Readonly<Record<ScanVerdict['kind'], string>> = {
  incomplete: 'CAUTION',
  findings: 'WARNING',
  unknown: 'WARNING',
  empty: 'IMPORTANT',
  clean: 'NOTE',
};

/** The head of the report: the verdict, the number of findings by severity, the coverage. */
function headOf(report: ScanReport): string {
  const verdict = verdictOf(report);
  const { summary, tool, finishedAt } = report;
  return [
    '## Azure Key Vault compliance',
    `> [!${alerts[verdict.kind]}]\n> **${markdownText(verdict.text)}**`,
    `| Critical | High | Medium | Low |\n| ---: | ---: | ---: | ---: |\n| ${severityCells(report)} |`,
    `${number(summary.nonCompliant)} non-compliant, ${number(summary.unknown)} unknown, ` +
      `${number(summary.exempt)} exempt, ${number(summary.compliant)} compliant, ` +
      `${number(summary.notApplicable)} not applicable.`,
    `Coverage: ${markdownText(`${coverageWords(report)} ${effortWords(report)}`.trim())}`,
    ...[baselineWords(report, subscriptionNames(report))].flatMap((text) =>
      text === '' ? [] : [markdownText(text)],
    ),
    `${markdownText(`${tool.name} ${tool.version}`)} over ${markdownText(scopeWords(report.scope))}, ${momentWords(finishedAt)}.${signedInWords(report)}`,
  ].join('\n\n');
}

/** The findings that are gone since the baseline, worst first. */
function goneBlocks({ baseline }: ScanReport): Iterable<MarkdownBlock> {
  const rows = worstFirst(baseline?.gone ?? []).map((finding) => [
    finding.severity,
    markdownText(findingName(finding)),
  ]);
  return tableBlocks('Gone since the baseline', { head: '| Severity | Finding |', rows, kind: 'extra' });
}

/** Exemptions that have expired, end soon, or have no effect. */
function exemptionBlocks({ exemptionNotices = [] }: ScanReport): Iterable<MarkdownBlock> {
  const rows = exemptionNotices.map(({ at, message }) => [
    markdownCode(exemptionPlace(at)),
    markdownText(`${message.charAt(0).toUpperCase()}${message.slice(1)}`),
  ]);
  return tableBlocks('Exemptions to review', { head: '| Exemption | What about it |', rows, kind: 'extra' });
}

function signedInWords({ identity }: ScanReport): string {
  return identity === undefined ? '' : ` Signed in to ${markdownText(identityWords(identity))}.`;
}

function severityCells({ summary }: ScanReport): string {
  return severities.map((severity) => number(summary.bySeverity[severity])).join(' | ');
}

/** The gaps, each with its reason and hint; then subscriptions that appear nowhere else. */
function* gapBlocks(report: ScanReport): Iterable<MarkdownBlock> {
  const nameOf = subscriptionNames(report);
  const gaps = report.unreadable.map((entry) => [
    markdownText(gapWords(entry, nameOf)),
    markdownText(entry.reason),
    markdownAdvice(entry.hint),
  ]);
  yield* tableBlocks('Not read', { head: '| What | Why | What to do |', rows: gaps, kind: 'gaps' });
  const unjudged = notJudgedRules(report).map(({ rule, type, reason }) => [
    `${markdownText(rule.id)} ${markdownText(rule.name)}`,
    markdownText(type),
    markdownText(reason),
  ]);
  yield* tableBlocks('Not judged', { head: '| Rule | Type | Why |', rows: unjudged, kind: 'extra' });
  const leftOut = leftOutParts(report).map((text) => [markdownText(text)]);
  yield* tableBlocks('Not asked for', { head: '| Rules |', rows: leftOut, kind: 'extra' });
  const head = '| Subscription | State |';
  const listed = partlyReadSubscriptions(report);
  const unseen = listed.filter((each) => !isReadThoughDisabled(each)).map(subscriptionCells);
  yield* tableBlocks('Subscriptions not fully read', { head, rows: unseen, kind: 'gaps' });
  const disabled = listed.filter(isReadThoughDisabled).map(disabledCells);
  yield* tableBlocks('Disabled subscriptions', { head, rows: disabled, kind: 'extra' });
  const rows = changedDuringScan(report).map(subscriptionCells);
  yield* tableBlocks('Subscriptions that changed during the scan', { head, rows, kind: 'extra' });
}

function disabledCells(subscription: SubscriptionCoverage): readonly string[] {
  return [
    markdownText(subscriptionName(subscription)),
    `disabled, ${count(subscription.rows, 'resource')} read`,
  ];
}

function subscriptionCells(subscription: SubscriptionCoverage): readonly string[] {
  return [markdownText(subscriptionName(subscription)), subscriptionWords(subscription)];
}
