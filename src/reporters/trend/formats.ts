import { severities } from '../../model/severity.ts';
import {
  isTrendComplete,
  type RepairTimes,
  type Trend,
  type TrendFinding,
  type TrendPoint,
} from '../../model/trend.ts';
import { streamJson } from '../json-stream.ts';
import { each } from '../scan/finding-json.ts';
import { type MarkdownBlock, tableBlocks } from '../scan/markdown/blocks.ts';
import { markdownCode, markdownText } from '../text/markdown.ts';
import { number } from '../words/counts.ts';
import { resourceName } from '../words/scope.ts';
import {
  ageWords,
  lapsedWords,
  openAt,
  reappearedWords,
  repairWords,
  trendCautions,
  trendWords,
} from '../words/trend.ts';
import type { TrendContext, TrendFormat } from './format.ts';
import { trendTable } from './table.ts';

/** The formats of a trend, in the order in which help lists them; the first is the default. */
export const trendFormats = {
  table: trendTable,
  json: { extension: 'json', render: renderJson },
  markdown: { extension: 'md', render: renderMarkdown },
} as const satisfies Readonly<Record<string, TrendFormat>>;

/** The trend as `schemas/trend.schema.json` describes it: keys in a fixed order. */
function* renderJson(trend: Trend, { archive }: TrendContext): Iterable<string> {
  const { points, repairs, reappeared, expiredExemptions, oldestOpen, unreadable } = trend;
  yield* streamJson({
    schemaVersion: '1.0',
    archive,
    complete: isTrendComplete(trend),
    points: each(points, pointInOrder),
    repairs: {
      ...timesInOrder(repairs),
      bySeverity: Object.fromEntries(
        severities.map((severity) => [severity, timesInOrder(repairs.bySeverity[severity])]),
      ),
    },
    reappeared: each(reappeared, (one) => ({ ...findingOfTrend(one), times: one.times })),
    expiredExemptions: each(expiredExemptions, (one) => ({
      ...findingOfTrend(one),
      exemption: one.exemption,
    })),
    oldestOpen: each(oldestOpen, findingOfTrend),
    unreadable: unreadable.map(({ file, reason }) => ({ file, reason })),
  });
  yield '\n';
}

function pointInOrder(point: TrendPoint): object {
  const { at, complete, open, carried, exempt, opened, reappeared, repaired, expired, tuned } = point;
  const judgedOtherwise = tuned.length === 0 ? undefined : tuned;
  return { at, complete, open, carried, exempt, opened, reappeared, repaired, expired, judgedOtherwise };
}

function timesInOrder({ count, meanMs }: RepairTimes): object {
  return { count, meanMs };
}

function findingOfTrend({ ruleId, ruleName, severity, resource, fingerprint, since }: TrendFinding): object {
  const { id, name, type, subscriptionId, resourceGroup, location } = resource;
  const shown = { id, name, type, subscriptionId, resourceGroup, location };
  return { ruleId, ruleName, severity, resource: shown, fingerprint, since };
}

const mostPoints = 31;

/** GitHub Markdown for a job summary: the result, the last scans, and the findings to look at. */
function* renderMarkdown(trend: Trend, { archive }: TrendContext): Iterable<string> {
  for (const { text } of markdownBlocks(trend, archive)) yield text;
}

function* markdownBlocks(trend: Trend, archive: string): Iterable<MarkdownBlock> {
  const { points, repairs } = trend;
  yield { text: `## Azure Key Vault compliance: trend\n\n**${markdownText(trendWords(trend))}**\n` };
  for (const text of trendCautions(trend)) yield { text: `\n${markdownText(text)}\n` };
  yield {
    text: `\nArchive ${markdownCode(archive)}. Repaired: ${markdownText(repairWords(repairs))}.\n`,
  };
  yield* tableBlocks(points.length > mostPoints ? `The last ${mostPoints} scans` : 'Scans', {
    head: `| Scan | ${severities.join(' | ')} | Open | Exempt | Repaired | Complete |`,
    rows: points.slice(-mostPoints).toReversed().map(pointCells),
    kind: 'extra',
  });
  yield* findingBlocks('Expired exemptions', trend.expiredExemptions, lapsedWords);
  yield* findingBlocks('Reappeared', trend.reappeared, (one) => reappearedWords(one, trend));
  yield* findingBlocks('Oldest open', trend.oldestOpen, (one) => ageWords(one, trend));
}

function pointCells(point: TrendPoint): readonly string[] {
  const bySeverity = severities.map((severity) => point.open[severity]);
  const amounts = [...bySeverity, openAt(point), point.exempt, point.repaired].map(number);
  return [point.at.slice(0, 16).replace('T', ' '), ...amounts, point.complete ? 'yes' : '**no**'];
}

function findingBlocks<F extends TrendFinding>(
  title: string,
  findings: readonly F[],
  wordsOf: (finding: F) => string,
): Iterable<MarkdownBlock> {
  return tableBlocks(title, {
    head: '| Severity | Vault | Rule | |',
    rows: findings.map((finding) => [
      finding.severity,
      markdownCode(resourceName(finding.resource)),
      markdownText(`${finding.ruleId} ${finding.ruleName}`),
      markdownText(wordsOf(finding)),
    ]),
    kind: 'findings',
  });
}
