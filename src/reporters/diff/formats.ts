import {
  becameWorse,
  type ComparedReport,
  type FindingChange,
  type ReportComparison,
} from '../../model/comparison.ts';
import { evidenceToJson } from '../../model/evidence.ts';
import { streamJson } from '../json-stream.ts';
import {
  comparedInOrder,
  countsInOrder,
  each,
  reasonInOrder,
  uncomparedInOrder,
} from '../scan/finding-json.ts';
import { scopeInOrder } from '../scan/json.ts';
import { truncate, type MarkdownBlock, type Omitted, tableBlocks } from '../scan/markdown/blocks.ts';
import { markdownCode, markdownText } from '../text/markdown.ts';
import { comparisonCounts, comparisonWords, complianceWords } from '../words/comparison.ts';
import { count } from '../words/counts.ts';
import { resourceName } from '../words/scope.ts';
import type { ComparisonFormat } from './format.ts';
import { cautions, gapSentences, reportName, sectionsOf } from './sections.ts';
import { comparisonTable } from './table.ts';

/** GitHub Markdown for a job summary or a comment: the result, what was not compared, then a table for each kind of change. */
const comparisonMarkdown: ComparisonFormat = {
  extension: 'md',
  render: (comparison) => truncate(blocksOf(comparison), mostBytes, closing),
};

/** The most that GitHub takes as a job summary. */
const mostBytes = 1024 * 1024;

function closing({ findings }: Omitted): string {
  return `\n**Cut to size.** Left out here: ${count(findings, 'finding')}. The JSON has everything.\n`;
}

function* blocksOf(comparison: ReportComparison): Iterable<MarkdownBlock> {
  const { older, newer, complete } = comparison;
  const alert = complete ? (becameWorse(comparison).length > 0 ? 'WARNING' : 'NOTE') : 'CAUTION';
  yield {
    text: `## Azure Key Vault compliance: changes\n\n> [!${alert}]\n> **${markdownText(comparisonWords(comparison))}**\n\n${markdownText(reportName(older))} → ${markdownText(reportName(newer))}\n`,
  };
  const gaps = gapSentences(comparison).map((text) => `- ${markdownText(text)}\n`);
  if (gaps.length > 0) yield { text: `\n### Not compared\n\n${gaps.join('')}` };
  for (const text of cautions(comparison)) yield { text: `\n${markdownText(text)}\n` };
  for (const { title, rows } of sectionsOf(comparison))
    yield* tableBlocks(title, {
      head: '| Severity | Verdict | Vault | Rule | Found |',
      rows: rows.map(({ finding, facts }) => () => [
        finding.severity,
        complianceWords[finding.compliance],
        markdownCode(resourceName(finding.resource)),
        markdownText(`${finding.ruleId} ${finding.ruleName}`),
        markdownText(facts()),
      ]),
      kind: 'findings',
    });
}

/** The formats of a comparison, in the order in which help lists them; the first is the default. */
export const comparisonFormats = {
  table: comparisonTable,
  json: { extension: 'json', render: renderJson },
  markdown: comparisonMarkdown,
} as const satisfies Readonly<Record<string, ComparisonFormat>>;

/** The comparison as `schemas/diff.schema.json` describes it: keys in a fixed order, findings streamed. */
function* renderJson(comparison: ReportComparison): Iterable<string> {
  yield* streamJson(inOrder(comparison));
  yield '\n';
}

function inOrder(comparison: ReportComparison): object {
  const { added, gone, updated, uncompared, lost, tuned } = comparison;
  return {
    schemaVersion: '1.0',
    complete: comparison.complete,
    older: reportInOrder(comparison.older),
    newer: reportInOrder(comparison.newer),
    summary: countsInOrder(comparisonCounts(comparison)),
    new: each(added, comparedInOrder),
    updated: each(updated, changeInOrder),
    gone: each(gone, comparedInOrder),
    notCompared: each(uncompared, uncomparedInOrder),
    notCovered: lost.map(reasonInOrder),
    judgedOtherwise: tuned,
  };
}

function reportInOrder({
  file,
  schemaVersion,
  tool,
  startedAt,
  finishedAt,
  complete,
  scope,
}: ComparedReport) {
  const { name, version } = tool;
  return {
    file,
    schemaVersion,
    tool: { name, version },
    startedAt,
    finishedAt,
    complete,
    scope: scopeInOrder(scope),
  };
}

function changeInOrder({ before, after, changed, direction }: FindingChange): object {
  const { severity, compliance, evidence, exemption } = before;
  return {
    direction,
    changed,
    before: { severity, compliance, evidence: evidence.map(evidenceToJson), exemption },
    finding: comparedInOrder(after),
  };
}
