import { join } from 'node:path';
import type { Command } from 'commander';
import { clouds } from '../../model/cloud.ts';
import { kitDifferenceFormats } from '../../reporters/kit/difference.ts';
import { kitRestoreFormats, type KitRestoreFormat } from '../../reporters/kit/restore.ts';
import { kitBicep } from '../../reporters/kit/bicep.ts';
import { choice, namesFlag } from '../choice.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import type { CommandContext } from '../context.ts';
import { addCommonFlags, outputFlag, requestTimeoutFlag, tenantFlag } from '../flags.ts';
import { diffCommand, type KitOptions, type MakeOptions, makeCommand } from '../kit.ts';
import { readDestinations } from '../destinations.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { terminalOf } from '../terminal.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { isUnchanged, kitFiles, readKit } from '../../files/kit-folder.ts';
import { restoreKit } from '../../remediation/kit/steps.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { kitExitCode } from '../../usecases/kit.ts';

const makeExits: ExitWords = {
  0: 'the kit holds everything',
  2: 'could not: one is not there or two have that name, or the folder holds something else',
  3: 'the kit is written, and names what could not be read',
};

const makeHelp = `
A recovery does not bring back the role assignments on a vault, its Event Grid subscriptions, and more. A kit holds what was
there, as Bicep, as JSON and as a runbook. No secret is read: the addresses of webhooks are kept without path and query.
A vault called diff or restore is named by its id.

Examples:
  purgeproof kit kv-payments kv-orders --out kits/payments
  purgeproof kit diff kits/payments
  purgeproof kit restore kits/payments
${exitCodesHelp(makeExits)}`;

const diffExits: ExitWords = {
  0: 'the same',
  1: 'something differs, or is gone',
  2: 'could not run',
  3: 'something could not be read, in the kit or now: nothing is known about it',
};

const diffHelp = `
${exitCodesHelp(diffExits)}`;

const restoreExits: ExitWords = {
  0: 'printed',
  2: 'there is no kit',
  3: 'printed, and the kit names what could not be read when it was made',
};

const restoreHelp = `
Nothing is run, and nothing is sent: read the commands, then run them one by one.
${exitCodesHelp(restoreExits)}`;

/** Adds `purgeproof kit`: what a recovery would not bring back, written down while it is there. */
export function addKitCommand(program: Command, context: CommandContext): void {
  const kit = program
    .command('kit')
    .description('write down what a recovery would not bring back, compare it, and print how to put it back')
    // Flags behind the name of a subcommand are its own.
    .enablePositionalOptions()
    .argument('<vault...>', 'vaults or managed HSMs, by name or id')
    .option('--out <dir>', 'folder for the kit, which is required: a new one, or one that holds a kit')
    .addOption(
      namesFlag('--subscription <id>', 'look for names in this subscription only, by id or display name'),
    )
    .addHelpText('after', makeHelp);
  addAzureFlags(kit).action(async (words: readonly string[], options: MakeOptions) =>
    context.finish(await makeCommand(words, options, context), makeExits),
  );
  const diff = kit
    .command('diff <dir>')
    .description('compare a kit with what it was made of, as it is today')
    .addOption(outputFlag(kitDifferenceFormats))
    .addHelpText('after', diffHelp);
  addAzureFlags(diff).action(async (dir: string, options: KitOptions) =>
    context.finish(await diffCommand(dir, options, context), diffExits),
  );
  const restore = kit
    .command('restore <dir>')
    .description('print the commands that put everything back; runs none')
    .addOption(outputFlag(kitRestoreFormats))
    .addHelpText('after', restoreHelp);
  addCommonFlags(restore).action(async (dir: string, options: RestoreOptions) =>
    context.finish(await restoreCommand(dir, options, context), restoreExits),
  );
}

function addAzureFlags(command: Command): Command {
  command
    .addOption(
      choice('--cloud <name>', 'Azure cloud to use (default: that of the kit, else AzureCloud)', clouds),
    )
    .addOption(tenantFlag())
    .addOption(requestTimeoutFlag());
  return addCommonFlags(command);
}

/** The flags of printing the commands. */
interface RestoreOptions {
  readonly output: readonly string[];
  readonly color: boolean;
}

/** Prints the commands that put a kit back, and returns the exit code. Azure is not asked. */
async function restoreCommand(
  dir: string,
  options: RestoreOptions,
  { world }: CommandContext,
): Promise<number> {
  const destinations = readDestinations<KitRestoreFormat>(options.output, kitRestoreFormats);
  const folder = { path: dir, cwd: world.cwd };
  await checkDestinations(destinations, { cwd: world.cwd, files: [join(dir, kitFiles.json)] });
  const kit = await readKit(folder);
  const restore = restoreKit(kit, (bicep) => asPath(join(dir, bicep)));
  for (const one of restore.vaults) {
    const { bicep: name } = one.vault;
    if (await isUnchanged(folder, { name, text: [...kitBicep(one, kit)].join('') })) continue;
    await world.stderr.write(
      `CHECK FIRST: ${terminalText(join(dir, name))} is missing, or is not what kit.json says: it was edited, or this is another version.\n`,
    );
  }
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(restore, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, kitExitCode(kit), world);
}

/** az takes what begins with - for a flag, and what begins with @ for the name of a file to read. */
function asPath(path: string): string {
  return /^[-@]/.test(path) ? `./${path}` : path;
}
