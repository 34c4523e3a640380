import { type LostDocument, writeDocuments } from '../files/destinations/write.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Destination } from '../model/destination.ts';
import type { ArchiveTarget, BaseCommit } from '../model/target.ts';
import type { NextCommands } from '../reporters/scan/format.ts';
import { type ListedScanFormat, scanReportFormats } from '../reporters/scan/formats.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { verdictOf } from '../reporters/words/verdict.ts';
import { scanExitReason, wasInterrupted } from '../usecases/exit-code.ts';
import { categoryOfFilter, readCategory } from '../usecases/report/category.ts';
import type { FinishedScan } from '../usecases/scan/finished-scan.ts';
import type { ScanPorts } from '../usecases/scan/ports.ts';
import type { ScanPolicies } from '../usecases/settings/load-policies.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import { refuseStrays } from './configuration.ts';
import type { CommandContext } from './context.ts';
import { type FormatDestination, readDestinations } from './destinations.ts';
import type { ExitWords } from './exit-words.ts';
import { exitCodeWith } from './lost-documents.ts';
import { type ScanOptions, settingsRequest, viewOf } from './scan-options.ts';
import { tell, terminalOf } from './terminal.ts';
import type { World } from './world.ts';

/** A scan of Azure, of an inventory or of archived facts, as a command line asks for it. */
export interface AskedScan {
  readonly options: ScanOptions;
  /** The path of the configuration in force. */
  readonly config: string | undefined;
  /** The archived scan whose facts are judged; absent where flags and configuration name the target. */
  readonly target?: ArchiveTarget;
  /** Its cloud. */
  readonly cloud?: Cloud;
  /** The commit that the code is compared with. */
  readonly changedSince?: BaseCommit | undefined;
  /** Rules and exemptions that no file has. */
  readonly policies?: ScanPolicies | undefined;
}

/** The scan that a command line asks for, to be run. */
export function scanRequest(
  { options, config, target, cloud, changedSince, policies }: AskedScan,
  { tool }: CommandContext,
) {
  const { flags, ...request } = settingsRequest(options, config);
  return {
    ...request,
    flags: { ...flags, target, changedSince, cloud: flags.cloud ?? cloud },
    policies,
    tool,
    full: options.full === true,
    sourceRoot: options.sourceRoot,
    destinations: ({ outputs }: ScanSettings) =>
      readDestinations<ListedScanFormat>(outputs, scanReportFormats),
    // Only a page has room for it.
    showsTrend: ({ format }: FormatDestination<ListedScanFormat>) => format === scanReportFormats.html,
    category: (settings: ScanSettings) =>
      options.category === undefined ? categoryOfFilter(settings) : readCategory(options.category),
  };
}

/** The same ports, which refuse what a configuration that was found, and not named, would write outside its folder. */
export function withinConfiguration(
  ports: ScanPorts,
  { options, config }: AskedScan,
  { world }: CommandContext,
): ScanPorts {
  const refuseStray = async (destinations: readonly Destination[], isNamed: boolean): Promise<void> => {
    if (config === undefined || options.config !== undefined || isNamed) return;
    await refuseStrays(destinations, { config, cwd: world.cwd, kind: 'reports' });
  };
  return {
    ...ports,
    async checkDestinations(destinations, inputs) {
      await refuseStray(destinations, options.output.length > 0);
      await ports.checkDestinations(destinations, inputs);
    },
    async openArchive(folder) {
      await refuseStray([{ path: folder }], options.archive !== undefined);
      return ports.openArchive(folder);
    },
  };
}

type Finished = FinishedScan<FormatDestination<ListedScanFormat>>;

/** The end of a scan as its command tells it. */
interface ScanEnding {
  readonly options: ScanOptions;
  readonly exits: ExitWords;
  readonly commands: NextCommands;
}

/** Writes the reports of a scan, and ends the command with its exit code. */
export async function finishScan(
  finished: Finished,
  { options, exits, commands }: ScanEnding,
  context: CommandContext,
): Promise<void> {
  const { world } = context;
  const { report, context: reportContext, notes } = finished;
  if (options.quiet !== true) for (const note of notes) await tell(terminalText(note), world);
  const shown = { ...reportContext, view: viewOf(options), commands };
  const destinations = finished.destinations.map(async (to) => ({
    ...to,
    format: await to.format(),
  }));
  const lost = await writeDocuments(
    await Promise.all(destinations),
    (to) => to.format.render(report, { ...shown, terminal: terminalOf(to, world, options.color) }),
    world,
  );
  await writeIncompleteNote(finished, options, world);
  const unarchived = await endArchiving(finished, options, world);
  const code = await exitCodeWith([...lost, ...unarchived], finished.exitCode, world);
  const reason = scanExitReason(report, finished.settings);
  context.finish(code, { ...exits, ...(code === finished.exitCode ? { [code]: reason } : {}) });
}

const interruptedNote =
  'INCOMPLETE: the scan was stopped before it was done, and --allow-incomplete covers what cannot be read, not an interruption.';

/** Repeats on standard error that the scan is incomplete, since reports may go to files, but not on the screen that says so. */
async function writeIncompleteNote(
  { report, settings, destinations }: Pick<Finished, 'report' | 'settings' | 'destinations'>,
  { quiet }: ScanOptions,
  world: World,
): Promise<void> {
  const { signal, stdout, stderr } = world;
  const isInterrupted = signal.aborted || wasInterrupted(report);
  const isTable = destinations.some(
    ({ path, format }) => path === undefined && format === scanReportFormats.table,
  );
  const isSaid = isTable && stdout.isTTY && stderr.isTTY;
  if (isInterrupted && settings.allowIncomplete) await tell(interruptedNote, world);
  else if (!report.complete && quiet !== true && !isSaid)
    await tell(terminalText(verdictOf(report).text), world);
}

/** Says what became of the scan in its archive, and returns it where it did not get there. */
async function endArchiving(
  { archiving, settings }: Pick<Finished, 'archiving' | 'settings'>,
  { quiet }: ScanOptions,
  world: World,
): Promise<readonly LostDocument<Destination>[]> {
  if (archiving === undefined) return [];
  const { added, error } = archiving;
  if (added !== undefined) world.written.push(added.path);
  if (error !== undefined) return [{ destination: { path: settings.archive }, error }];
  const notes =
    added === undefined
      ? ['Not archived: a scan that was interrupted says less than the next one.']
      : added.damaged.map((file) => `${file} is damaged. This scan does not build on it.`);
  if (quiet !== true) for (const note of notes) await tell(terminalText(note), world);
  return [];
}
