import { UsageError } from '../model/errors.ts';
import type { ScanReport } from '../model/report.ts';
import { policyFiles } from '../sources/policy-files.ts';
import { readReport } from '../usecases/report-file.ts';
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
  const file = await policyFiles(context.world).readFile(options.from);
  return checkRules(readReport(file.bytes, file.file), prepared, options);
}

/** What the report or the rules do not know of would be passed over, and look as if nothing were wrong with it. */
function checkRules(
  report: ScanReport,
  { rules, settings }: PreparedScan,
  { from = '' }: FromOptions,
): ScanReport {
  const judged = new Set(report.rules.map(({ id }) => id.toLowerCase()));
  const unjudged = settings.rules.find(({ rule }) => !judged.has(rule.toLowerCase()));
  if (unjudged !== undefined) {
    throw new UsageError(
      `${from} was made without the rule ${unjudged.rule}, so it says nothing of it.`,
      'Scan again with that rule, or leave out --from.',
    );
  }
  const loaded = new Set(rules.map(({ id }) => id));
  const unknown = report.findings.find(({ ruleId }) => !loaded.has(ruleId));
  if (unknown === undefined) return report;
  throw new UsageError(
    `${from} has findings of the rule ${unknown.ruleId}, which is not loaded.`,
    'Name the file of the rule with --policies.',
  );
}
