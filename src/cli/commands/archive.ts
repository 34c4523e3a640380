import type { Command } from 'commander';
import { openArchive } from '../../files/archive/scan-archive.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import type { TrendFormat } from '../../reporters/trend/format.ts';
import { trendFormats } from '../../reporters/trend/formats.ts';
import { momentWords } from '../../reporters/words/moment.ts';
import { archiveSources } from '../../sources/archive.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { readTrend, trendExitCode } from '../../usecases/archive/archiver.ts';
import { openRescan, type Rescan } from '../../usecases/archive/rescan.ts';
import { runScan } from '../../usecases/run-scan.ts';
import { momentFlag } from '../choice.ts';
import { configurationOf } from '../configuration.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { finishScan, scanRequest, withinConfiguration } from '../finish-scan.ts';
import { addCommonFlags, addReportFlags, addRuleFlags, addViewFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { nextCommands } from '../next-commands.ts';
import type { ScanOptions } from '../scan-options.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import { tell, terminalOf } from '../terminal.ts';

const rescanExits: ExitWords = {
  0: 'complete, with no findings at or above --fail-on',
  1: 'complete, with findings',
  2: 'could not run: wrong usage, no such scan, a damaged archive, or an invalid policy file; or a report could not be written',
  3: 'incomplete: the archived scan did not read everything, or did not keep what these rules need',
};

const rescanHelp = `
The facts are those of the last scan that began by then, and the time is that of the scan: exemptions expire, and days are
left, as on that day. Azure is not asked.

Examples:
  purgeproof rescan --archive audit --as-of 2026-11-01
  purgeproof rescan --archive audit --as-of 2026-11-01 --policies rules --param minimumRetentionDays=30
  purgeproof rescan --archive audit --rules-as-of 2026-11-01      the last scan by the rules of that day
${exitCodesHelp(rescanExits)}`;

/** The flags of a rescan as commander returns them. */
interface RescanOptions extends Omit<ScanOptions, 'subscription' | 'managementGroup' | 'archive'> {
  readonly archive: string;
  readonly asOf?: Date;
  readonly rulesAsOf?: Date;
}

/** Adds `purgeproof rescan`: the facts of an archived scan, judged again. */
export function addRescanCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('rescan')
    .description('judge the facts of an archived scan by the rules of today, or of another day')
    .requiredOption('--archive <dir>', 'the folder that scans were archived in (scan --archive)')
    .addOption(
      momentFlag('--as-of <date>', 'judge the last scan of that day or before (default: the last scan)'),
    )
    .addOption(
      momentFlag('--rules-as-of <date>', 'judge by the rules and exemptions of that scan').conflicts([
        'policies',
        'rule',
        'excludeRule',
        'framework',
        'param',
        'exemptions',
      ]),
    )
    .addHelpText('after', rescanHelp);
  for (const add of [addRuleFlags, addReportFlags, addViewFlags, addCommonFlags]) add(command);
  command.action(async (options: RescanOptions) => rescanCommand(options, context));
}

async function rescanCommand(given: RescanOptions, context: CommandContext): Promise<void> {
  const { world } = context;
  const { archive: folder, asOf, rulesAsOf, ...rest } = given;
  const options = { ...rest, subscription: [], managementGroup: [] };
  const rescan = await openRescan(await openArchive({ folder, cwd: world.cwd }), { asOf, rulesAsOf });
  const { target, cloud, policies, startedAt, lines } = rescan;
  if (options.quiet !== true) await tell(terminalText(factsWords(rescan)), world);
  const asked = { options, config: await configurationOf(options, world), target, cloud, policies };
  const ports = withinConfiguration(scanPorts(scanSurroundings(options, context)), asked, context);
  const finished = await runScan(scanRequest(asked, context), {
    ...ports,
    now: () => startedAt,
    openSources: async (_settings, { isUndecided }) => archiveSources({ folder, lines, isUndecided }),
  });
  const commands = nextCommands(world.argv, finished);
  await finishScan(finished, { options, exits: rescanExits, commands }, context);
}

function factsWords({ target, startedAt }: Rescan): string {
  return `Facts of ${momentWords(startedAt.toISOString())}: ${target.folder}/${target.file}`;
}

const trendExits: ExitWords = {
  0: 'every archived scan was read, and the last one was complete',
  2: 'could not: the folder is no archive, or the trend could not be written',
  3: 'incomplete: an archived scan is damaged, or the last one did not read everything',
};

const trendHelp = `
A finding is repaired when a scan reads it and no longer finds it. A scan that did not read it changes nothing.

Examples:
  purgeproof trend audit
  purgeproof trend audit --output json=trend.json --output markdown=trend.md
${exitCodesHelp(trendExits)}`;

/** The flags of a trend. */
interface TrendOptions {
  readonly output: readonly string[];
  readonly color: boolean;
}

/** Adds `purgeproof trend`: the findings of archived scans over time. Azure is not asked. */
export function addTrendCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('trend')
    .description('show open findings, repairs and their time over all scans of an archive')
    .argument('<archive>', 'the folder that scans were archived in (scan --archive)')
    .addOption(outputFlag(trendFormats, 'how to show the trend'))
    .addHelpText('after', trendHelp);
  addCommonFlags(command).action(async (folder: string, options: TrendOptions) =>
    context.finish(await showTrend(folder, options, context), trendExits),
  );
}

async function showTrend(
  folder: string,
  { output, color }: TrendOptions,
  { world }: CommandContext,
): Promise<number> {
  const destinations = readDestinations<TrendFormat>(output, trendFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: [] });
  const trend = await readTrend(await openArchive({ folder, cwd: world.cwd }));
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(trend, { archive: folder, terminal: terminalOf(to, world, color) }),
    world,
  );
  return exitCodeWith(lost, trendExitCode(trend), world);
}
