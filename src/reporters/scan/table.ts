import type { ScanReport } from '../../model/report.ts';
import type { ReporterOptions } from '../format.ts';
import { lookFor } from '../terminal/style.ts';
import { nextSteps } from './table/next-steps.ts';
import { omittedRow } from './table/omitted.ts';
import { ruleRows } from './table/rules.ts';
import { summaryRows, titleRow } from './table/summary.ts';
import { unreadableRows } from './table/unreadable.ts';
import { contextFor, vaultRows } from './table/vault.ts';
import { groupByVault } from './vaults.ts';

const defaultMaxVaults = 50;

/**
 * What a person at a terminal reads: vaults with their findings, worst first, how to fix them, what could not be read,
 * and at the end, next to the prompt, the result. Readable without colours and from 40 columns on.
 */
export function* table(report: ScanReport, options: ReporterOptions): Iterable<string> {
  const look = lookFor(options);
  const context = contextFor(report, look);
  const vaults = groupByVault(report.findings);
  const shown = vaults.slice(0, options.maxVaults ?? defaultMaxVaults);
  yield titleRow(report, look);
  yield '\n';
  for (const vault of shown) yield* vaultRows(vault, context);
  yield* omittedRow(vaults.slice(shown.length), look);
  yield* ruleRows(report, look);
  yield* unreadableRows(context);
  yield* summaryRows(report, look);
  yield* nextSteps(report, look);
}
