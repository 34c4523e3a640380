import type { Command } from 'commander';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { policyFiles } from '../../files/policy-files.ts';
import type { EffectiveSetting } from '../../model/effective-settings.ts';
import { type SettingsFormat, settingsFormats } from '../../reporters/settings/formats.ts';
import { effectiveSettings } from '../../usecases/settings/effective-settings.ts';
import { loadPolicies } from '../../usecases/settings/load-policies.ts';
import { readSettings } from '../../usecases/settings/read-settings.ts';
import { configurationOf } from '../configuration.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import {
  addAzureExemptionsFlag,
  addCommonFlags,
  addIncludeFlag,
  addInventoryFlag,
  addRuleFlags,
  addScopeFlags,
  outputFlag,
} from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { addFilterFlags, type ScanOptions, settingsRequest } from '../scan-options.ts';
import { terminalOf } from '../terminal.ts';
import type { World } from '../world.ts';

const exits: ExitWords = {
  0: 'printed',
  2: 'could not: a configuration, a rule or an exemption is mistaken, or a flag is',
};

const help = `
Prints every setting and every parameter that a scan with the same flags would use: its value, and whether that is a
default, a place in a file, a flag, or a variable of the environment. Of parameters that differ by scope, the most specific scope comes first. Nothing is
asked of Azure.

Examples:
  purgeproof config show
  purgeproof config show --config audits/purgeproof.yaml --param minimumRetentionDays=30 --output json
${exitCodesHelp(exits)}`;

/** Adds `purgeproof config show`: what is in force, and where it comes from. */
export function addConfigCommand(program: Command, context: CommandContext): void {
  const config = program.command('config').description('show the configuration that is in force');
  const show = config
    .command('show')
    .description('print every setting and parameter that is in force, and where each comes from')
    .addHelpText('after', help);
  for (const add of [
    addScopeFlags,
    addFilterFlags,
    addInventoryFlag,
    addIncludeFlag,
    addRuleFlags,
    addAzureExemptionsFlag,
  ])
    add(show);
  show.addOption(outputFlag(settingsFormats));
  addCommonFlags(show).action(async (options: ScanOptions) =>
    context.finish(await showSettings(options, context.world), exits),
  );
}

async function showSettings(options: ScanOptions, world: World): Promise<number> {
  const destinations = readDestinations<SettingsFormat>(options.output, settingsFormats);
  const read: string[] = [];
  const files = policyFiles(world, (path) => read.push(path));
  const config = await configurationOf(options, world);
  const request = settingsRequest({ ...options, output: [] }, config);
  const settings = await readSettings(request, files);
  const { compiled } = await loadPolicies(settings, files);
  await checkDestinations(destinations, { cwd: world.cwd, files: read });
  const effective = effectiveSettings({
    read: settings,
    flags: request.flags,
    rules: compiled,
    environment: environmentOf(world.env),
  });
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(effective, { terminal: terminalOf(to, world, options.color) }),
    world,
  );
  return exitCodeWith(lost, 0, world);
}

/** The variables that decide what a run does; none of them holds a secret. */
const variables: Readonly<Record<string, string>> = {
  NO_COLOR: 'color',
  FORCE_COLOR: 'color',
  AZURE_TOKEN_CREDENTIALS: 'credential',
};

function environmentOf(env: World['env']): readonly EffectiveSetting[] {
  return Object.entries(variables).flatMap(([variable, key]): readonly EffectiveSetting[] => {
    const value = env[variable] ?? '';
    return value === '' ? [] : [{ key, value, origin: { kind: 'environment', variable } }];
  });
}
