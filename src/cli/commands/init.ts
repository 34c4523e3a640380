import { dirname, relative, resolve, sep } from 'node:path';
import { type Command, Option } from 'commander';
import { refuseExisting, writeNewFiles } from '../../files/destinations/write-file.ts';
import { AzureError, sentenceOf } from '../../model/errors.ts';
import type { EstateSurvey } from '../../model/estate-survey.ts';
import { adviceLines } from '../../reporters/text/commands.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { starterConfiguration, starterWorkflow } from '../../reporters/starter.ts';
import { typesReadBy } from '../../resource-types/known-type.ts';
import { scanPorts } from '../../sources/scan-ports.ts';
import { exitCodes } from '../../usecases/exit-code.ts';
import { surveyEstate } from '../../usecases/init/survey.ts';
import { configurationName } from '../../usecases/settings/read-configs.ts';
import { mergeSettings } from '../../usecases/settings/scan-settings.ts';
import type { CommandContext } from '../context.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { addCommonFlags, addInventoryFlag, addScopeFlags } from '../flags.ts';
import { type ScanOptions, settingsRequest } from '../scan-options.ts';
import { scanSurroundings } from '../scan-surroundings.ts';
import type { World } from '../world.ts';
import { tell } from '../terminal.ts';

interface InitOptions extends ScanOptions {
  readonly offline?: true;
  readonly out: string;
  readonly force?: true;
  readonly github?: true;
}

const exits: ExitWords = {
  0: 'written',
  2: 'could not, and nothing was written: the file is there already, or cannot be written',
  3: 'written, and Azure or the inventory could not be read in full',
};

const help = `
Counts the vaults and managed HSMs that the identity can see, their subscriptions and management groups, the tags of their
environments, and the retention periods in use, and writes a configuration with proposals as comments. Where Azure
cannot be read, the file is written without figures, and standard error says so. Nothing in Azure is changed.

Examples:
  purgeproof init
  purgeproof init --management-group production --github
  purgeproof init --inventory vaults.json
  purgeproof init --offline
${exitCodesHelp(exits)}`;

/** Adds `purgeproof init`: what is in Azure → a configuration to begin with. */
export function addInitCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('init')
    .description('write a commented purgeproof.yaml from what is there')
    .addHelpText('after', help);
  addInventoryFlag(addScopeFlags(command))
    .addOption(
      new Option('--offline', 'ask nothing of Azure: write the file without figures').conflicts([
        'inventory',
        'subscription',
        'managementGroup',
      ]),
    )
    .option('--out <file>', 'file to write', configurationName)
    .option('--force', 'replace files that are there already')
    .option('--github', 'also write .github/workflows/purgeproof.yml, a workflow that scans every day');
  addCommonFlags(command).action(async (options: InitOptions) =>
    context.finish(await initCommand(options, context), exits),
  );
}

const workflowFile = '.github/workflows/purgeproof.yml';

async function initCommand(options: InitOptions, context: CommandContext): Promise<number> {
  const { world, tool } = context;
  const { out: config, github } = options;
  const place = { cwd: world.cwd, force: options.force === true };
  const paths = [config, ...(github === true ? [workflowFile] : [])];
  await refuseExisting(paths, place);
  const { survey, reason } = options.offline === true ? notAsked : await readEstate(options, context);
  const day = world.now().toISOString().slice(0, 10);
  const workflow = { path: workflowFile, text: starterWorkflow({ config, version: tool.version }) };
  const files = [
    { path: config, text: starterConfiguration({ survey, inventory: inventoryFrom(options, world), day }) },
    ...(github === true ? [workflow] : []),
  ];
  await writeNewFiles(files, place);
  world.written.push(...paths);
  const gap =
    reason ??
    (survey === undefined || survey.gaps === 0
      ? undefined
      : `Not everything could be read (${survey.gaps}): the figures in ${config} are incomplete. To see what is missing: \`purgeproof scan\``);
  if (gap === undefined) return exitCodes.clean;
  for (const line of adviceLines(gap)) await tell(terminalText(line), world);
  return exitCodes.incomplete;
}

/** The path of the inventory from the folder of the configuration, as a configuration names it. */
function inventoryFrom({ inventory, out }: InitOptions, { cwd }: Pick<World, 'cwd'>): string | undefined {
  if (inventory === undefined || inventory === '-') return undefined;
  return relative(dirname(resolve(cwd, out)), resolve(cwd, inventory))
    .split(sep)
    .join('/');
}

interface EstateRead {
  readonly survey?: EstateSurvey | undefined;
  /** Sentences about why nothing could be read. */
  readonly reason?: string;
}

const noRules = {
  policies: [],
  defaultPolicies: true,
  rule: [],
  excludeRule: [],
  framework: [],
  param: [],
  output: [],
} as const;

const notAsked: EstateRead = {};

/** Reads what is there; where Azure refuses, says why. An inventory that cannot be read is a mistake, and is thrown. */
async function readEstate(options: InitOptions, context: CommandContext): Promise<EstateRead> {
  const { world } = context;
  const { signal } = world;
  const ports = scanPorts(scanSurroundings(options, context));
  const { flags } = settingsRequest({ ...options, ...noRules }, undefined);
  const settings = mergeSettings(flags, undefined);
  try {
    const sources = await ports.openSources(settings, {
      isUndecided: () => false,
      judgedTypes: typesReadBy(options.inventory === undefined ? 'live' : 'inventory'),
      subscriptionNames: false,
      onProgress: (read) => ports.progress.show({ kind: 'read', ...read }),
    });
    const survey = await surveyEstate(sources, signal);
    const identity = sources.identity?.();
    if (identity !== undefined) context.onSignedIn(identity);
    return { survey };
  } catch (error) {
    if (!(error instanceof AzureError) || signal.aborted) throw error;
    return {
      reason: `Azure could not be read, so the file is written without figures. ${sentenceOf(error)} ${error.hint}`,
    };
  } finally {
    await ports.progress.clear();
  }
}
