import { UsageError } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import { policyFiles } from '../files/policy-files.ts';
import { readReport } from '../usecases/report/report-file.ts';
import { checkReportFits } from '../usecases/plan/report-fit.ts';
import type { CommandContext } from './context.ts';
import type { ScanOptions } from './flags.ts';
import { type PreparedScan, takeScan } from './take-scan.ts';

/** The flags that say what a plan is made from. */
export interface FromOptions extends ScanOptions {
  readonly from?: string;
}

/** Reads the report that `--from` names, or scans. Throws UsageError where the report does not fit the rules. */
export async function findReport(
  prepared: PreparedScan,
  options: FromOptions,
  context: CommandContext,
): Promise<ScanReport> {
  if (options.from === undefined) {
    if (prepared.settings.inventory === undefined) return takeScan(prepared, options, context);
    throw new UsageError(
      'A plan is proved on live vaults, so it needs Azure, not an inventory alone.',
      'Leave out --inventory, or scan it with --output json=report.json and plan with --from report.json.',
    );
  }
  if (options.subscription.length + options.managementGroup.length > 0) {
    throw new UsageError(
      'A report is planned as a whole: it cannot be limited to a subscription or a management group.',
      'Leave out --from to scan and plan that scope, or apply part of the plan with --only.',
    );
  }
  const file = await policyFiles(context.world).readFile(options.from);
  const report = readReport(file.bytes, file.file);
  const { rules, compiled, settings } = prepared;
  checkReportFits(report, { rules, compiled, named: settings.rules }, options.from);
  return report;
}
