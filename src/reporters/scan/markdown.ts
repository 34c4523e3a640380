import type { ScanReport } from '../../model/report.ts';
import { cut, type Block, type LeftOut } from './markdown/cut.ts';
import { evidenceBlocks } from './markdown/evidence.ts';
import { findingBlocks } from './markdown/findings.ts';
import { gapBlocks } from './markdown/gaps.ts';
import { headOf } from './markdown/head.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { groupByVault } from './vaults.ts';
import { count, joinWords } from '../words/counts.ts';
import { subscriptionNames } from '../words/scope.ts';

/**
 * GitHub Markdown for a step summary: the verdict, what was not read, the findings, then collapsed evidence by vault.
 * Cut at `maxBytes`, between rows only, with a sentence that counts what is left out.
 */
export const markdown: ScanReportFormat = {
  extension: 'md',
  beginning: /^## Azure Key Vault compliance\n\n> \[!/,
  render,
};

function* render(report: ScanReport, { maxBytes }: ScanReportContext): Iterable<string> {
  yield* cut(blocksOf(report), maxBytes, closing);
}

function* blocksOf(report: ScanReport): Iterable<Block> {
  const vaults = groupByVault(report.findings);
  yield { text: `${headOf(report)}\n` };
  yield* gapBlocks(report);
  yield* findingBlocks(report, vaults);
  yield* evidenceBlocks(vaults, subscriptionNames(report));
}

function closing({ findings, gaps }: LeftOut): string {
  const missing = [
    ...(findings > 0 ? [count(findings, 'finding')] : []),
    ...(gaps > 0 ? [count(gaps, 'thing that could not be read', 'things that could not be read')] : []),
    'evidence',
  ];
  return `
**Cut to size.** Left out here: ${joinWords(missing)}. The JSON report has everything.
`;
}
