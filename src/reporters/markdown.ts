import type { ScanReport } from '../model/report.ts';
import { cut, type Block } from './markdown/cut.ts';
import { evidenceBlocks } from './markdown/evidence.ts';
import { findingBlocks } from './markdown/findings.ts';
import { gapBlocks, titled } from './markdown/gaps.ts';
import { headOf } from './markdown/head.ts';
import type { ReporterOptions } from './reporter.ts';
import { groupByVault } from './vaults.ts';
import { count } from './words/counts.ts';
import { subscriptionNames } from './words/scope.ts';

/**
 * GitHub Markdown for a step summary: the verdict, what was not read, the findings, then collapsed evidence by vault.
 * Cut at `maxBytes`, between rows only, with a sentence that counts what is left out.
 */
export function* markdown(report: ScanReport, options: ReporterOptions): Iterable<string> {
  yield* cut(blocksOf(report), options.maxBytes, closing);
}

function* blocksOf(report: ScanReport): Iterable<Block> {
  const vaults = groupByVault(report.findings);
  yield { text: `${headOf(report)}\n`, rows: 0 };
  yield* gapBlocks(report);
  yield* findingBlocks(report, vaults);
  yield* titled('Evidence', evidenceBlocks(vaults, subscriptionNames(report)));
}

function closing(rows: number): string {
  const missing = rows === 0 ? 'Evidence is' : `${count(rows, 'row')} of the tables and evidence are`;
  return `\n**Cut to size:** ${missing} left out here. The JSON report has everything.\n`;
}
