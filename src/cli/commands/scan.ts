import type { Command } from 'commander';
import { signInFiles } from '../../azure/sign-in/files.ts';
import type { ScanReportFormat } from '../../reporters/scan/format.ts';
import { scanReportFormats } from '../../reporters/scan/formats.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { verdictOf } from '../../reporters/words/verdict.ts';
import { readCategory } from '../../usecases/report/category.ts';
import { exitCodes, scanExitCode, wasInterrupted } from '../../usecases/exit-code.ts';
import type { CommandContext } from '../context.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { readDestinations } from '../destinations.ts';
import {
  addCommonFlags,
  addInventoryFlag,
  addReportFlags,
  addRuleFlags,
  addScopeFlags,
  type ScanOptions,
} from '../flags.ts';
import { prepareScan, takeScan } from '../take-scan.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { writeReports } from '../write-reports.ts';

const examples = `
Examples:
  purgeproof scan                                          every subscription you have access to
  purgeproof scan --subscription Payments --output sarif=kv.sarif --output table
  purgeproof scan --management-group production --fail-on high
  az graph query --first 1000 -q "resources | where type startswith 'microsoft.keyvault/'" > vaults.json
  purgeproof scan --inventory vaults.json                  without network access or sign-in
  purgeproof scan --param minimumRetentionDays=30 --exemptions accepted.yaml

Exit codes:
  0  complete, with no findings at or above --fail-on
  1  complete, with findings
  2  could not run: wrong usage, an invalid policy file, or failed sign-in; or a report could not be written
  3  incomplete or interrupted: the report lists what could not be read`;

/** `purgeproof scan`: reads, judges, reports. It never writes to Azure. */
export function addScanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('scan')
    .description('check every key vault and managed HSM in scope against the rules')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addInventoryFlag, addRuleFlags, addReportFlags, addCommonFlags])
    add(command);
  command.action(async (options: ScanOptions) => context.finish(await runScan(options, context)));
}

const notForStopped =
  'INCOMPLETE: the scan was stopped before it was done, and --allow-incomplete covers what cannot be read, not an interruption.';

async function runScan(options: ScanOptions, context: CommandContext): Promise<number> {
  const prepared = await prepareScan(options, context);
  const { settings, rules, config } = prepared;
  const destinations = readDestinations<ScanReportFormat>(settings.outputs, scanReportFormats);
  await checkDestinations(destinations, {
    cwd: context.world.cwd,
    files: [...prepared.filesRead, ...signInFiles(context.world.env)],
    sourceRoot: options.sourceRoot,
  });
  const category = options.category === undefined ? undefined : readCategory(options.category);
  const report = await takeScan(prepared, options, context);
  const lost = await writeReports(report, destinations, {
    world: context.world,
    rules,
    config,
    color: options.color,
    quiet: options.quiet === true,
    sourceRoot: options.sourceRoot,
    category,
  });
  // An interruption after the scan leaves reports without their lines of code: nobody may hand them on as whole.
  const { aborted } = context.world.signal;
  const wasStopped = aborted || wasInterrupted(report);
  const { stderr } = context.world;
  if (wasStopped && settings.allowIncomplete) await stderr.write(`${notForStopped}\n`);
  else if (!report.complete && options.quiet !== true)
    await stderr.write(`${terminalText(verdictOf(report).text)}\n`);
  return exitCodeWith(lost, aborted ? exitCodes.incomplete : scanExitCode(report, settings), context.world);
}
