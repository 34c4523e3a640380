import type { Command } from 'commander';
import { writeDocuments } from '../../files/destinations/write.ts';
import type { Destination } from '../../model/destination.ts';
import type { ScanReportFormat } from '../../reporters/scan/format.ts';
import { scanReportFormats } from '../../reporters/scan/formats.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { verdictOf } from '../../reporters/words/verdict.ts';
import { wasInterrupted } from '../../usecases/exit-code.ts';
import { readCategory } from '../../usecases/report/category.ts';
import { type FinishedScan, runScan } from '../../usecases/run-scan.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import {
  addCommonFlags,
  addIncludeFlag,
  addInventoryFlag,
  addReportFlags,
  addRuleFlags,
  addScopeFlags,
} from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { type ScanOptions, settingsRequest } from '../scan-options.ts';
import { terminalOf } from '../terminal.ts';
import type { World } from '../world.ts';

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

/** Adds `purgeproof scan`: reads, judges, reports. It never writes to Azure. */
export function addScanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('scan')
    .description('check every key vault and managed HSM in scope against the rules')
    .addHelpText('after', examples);
  for (const add of [addScopeFlags, addInventoryFlag, addIncludeFlag, addRuleFlags, addReportFlags])
    add(command);
  addCommonFlags(command);
  command.action(async (options: ScanOptions) => context.finish(await scanCommand(options, context)));
}

const interruptedNote =
  'INCOMPLETE: the scan was stopped before it was done, and --allow-incomplete covers what cannot be read, not an interruption.';

async function scanCommand(options: ScanOptions, context: CommandContext): Promise<number> {
  const { world, tool } = context;
  const finished = await runScan(
    {
      ...settingsRequest(options),
      tool,
      full: options.full === true,
      sourceRoot: options.sourceRoot,
      destinations: ({ outputs }) => readDestinations<ScanReportFormat>(outputs, scanReportFormats),
      category: () => (options.category === undefined ? undefined : readCategory(options.category)),
    },
    scanPorts(scanSurroundings(options, context)),
  );
  const { report, context: reportContext, notes } = finished;
  if (options.quiet !== true) for (const note of notes) await world.stderr.write(`${terminalText(note)}\n`);
  const lost = await writeDocuments(
    finished.destinations,
    (to) => to.format.render(report, { ...reportContext, terminal: terminalOf(to, world, options.color) }),
    world,
  );
  await writeIncompleteNote(finished, options, world);
  return exitCodeWith(lost, finished.exitCode, world);
}

/** Repeats on standard error that the scan is incomplete, since reports may go to files. */
async function writeIncompleteNote(
  { report, settings }: Pick<FinishedScan<Destination>, 'report' | 'settings'>,
  { quiet }: ScanOptions,
  { signal, stderr }: World,
): Promise<void> {
  const isInterrupted = signal.aborted || wasInterrupted(report);
  if (isInterrupted && settings.allowIncomplete) await stderr.write(`${interruptedNote}\n`);
  else if (!report.complete && quiet !== true)
    await stderr.write(`${terminalText(verdictOf(report).text)}\n`);
}
