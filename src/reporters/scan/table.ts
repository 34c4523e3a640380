import type { ScanReport } from '../../model/report.ts';
import type { ScanReportContext, ScanReportFormat } from './format.ts';
import { styleFor } from '../terminal/style.ts';
import { nextSteps } from './table/next-steps.ts';
import { omittedRow } from './table/omitted.ts';
import { ruleRows } from './table/rules.ts';
import { summaryRows, titleRow } from './table/summary.ts';
import { notJudgedRows, unreadableRows } from './table/unreadable.ts';
import { contextFor, vaultRows } from './table/vault.ts';
import { groupByVault } from './vaults.ts';

const defaultMaxVaults = 50;

/**
 * The report for a person at a terminal: vaults with their findings, worst first, how to fix them, what could not be
 * read, and at the end, next to the prompt, the result. Readable without colours and from 40 columns on.
 */
export const table: ScanReportFormat = {
  extension: 'txt',
  beginning: /^purgeproof \d+\.\d+\.\d+\S* · /,
  render,
};

function* render(report: ScanReport, { terminal, maxVaults }: ScanReportContext): Iterable<string> {
  const style = styleFor(terminal);
  const context = contextFor(report, style);
  const vaults = groupByVault(report.findings);
  const shown = vaults.slice(0, maxVaults ?? defaultMaxVaults);
  yield titleRow(report, style);
  yield '\n';
  for (const vault of shown) yield* vaultRows(vault, context);
  yield* omittedRow(vaults.slice(shown.length), style);
  yield* ruleRows(report, style);
  yield* unreadableRows(context);
  yield* notJudgedRows(context);
  yield* summaryRows(report, style);
  yield* nextSteps(report, style);
}
