import type { Command } from 'commander';
import { clouds } from '../../model/cloud.ts';
import { kitDifferenceFormats } from '../../reporters/kit/difference.ts';
import { kitRestoreFormats } from '../../reporters/kit/restore.ts';
import { choice, repeatable } from '../choice.ts';
import type { CommandContext } from '../context.ts';
import { addCommonFlags, requestTimeoutFlag } from '../flags.ts';
import { diffCommand, type KitOptions, type MakeOptions, makeCommand } from '../kit.ts';
import { restoreCommand, type RestoreOptions } from '../kit-restore.ts';

const makeHelp = `
A recovery does not bring back the role assignments on a vault, its Event Grid subscriptions, and more. A kit holds what was
there, as Bicep, as JSON and as a runbook. No secret is read: the addresses of webhooks are kept without path and query.
A vault called diff or restore is named by its id.

Examples:
  purgeproof kit kv-payments kv-orders --out kits/payments
  purgeproof kit diff kits/payments
  purgeproof kit restore kits/payments

Exit codes:
  0  the kit holds everything
  2  could not: a vault is not there or two have that name, or the folder holds something else
  3  the kit is written, and names what could not be read`;

const diffHelp = `
Exit codes:
  0  the same
  1  something differs, or a vault is gone
  2  could not run
  3  something could not be read, in the kit or now: nothing is known about it`;

const restoreHelp = `
Nothing is run, and nothing is sent: read the commands, then run them one by one.

Exit codes:
  0  printed
  2  there is no kit
  3  printed, and the kit names what could not be read when it was made`;

/** Adds `purgeproof kit`: what a recovery would not bring back, written down while it is there. */
export function addKitCommand(program: Command, context: CommandContext): void {
  const kit = program
    .command('kit')
    .description('write down what a recovery would not bring back, compare it, and print how to put it back')
    // Flags behind the name of a subcommand are its own.
    .enablePositionalOptions()
    .argument('<vault...>', 'vaults, by name or id')
    .option('--out <dir>', 'folder for the kit, which is required: a new one, or one that holds a kit')
    .addOption(
      repeatable('--subscription <id>', 'look for names in this subscription only, by id or display name'),
    )
    .addHelpText('after', makeHelp);
  addAzureFlags(kit).action(async (words: readonly string[], options: MakeOptions) =>
    context.finish(await makeCommand(words, options, context)),
  );
  const diff = kit
    .command('diff <dir>')
    .description('compare a kit with its vaults today')
    .addOption(outputFlag(Object.keys(kitDifferenceFormats)))
    .addHelpText('after', diffHelp);
  addAzureFlags(diff).action(async (dir: string, options: KitOptions) =>
    context.finish(await diffCommand(dir, options, context)),
  );
  const restore = kit
    .command('restore <dir>')
    .description('print the commands that put everything back; runs none')
    .addOption(outputFlag(Object.keys(kitRestoreFormats)))
    .addHelpText('after', restoreHelp);
  addCommonFlags(restore).action(async (dir: string, options: RestoreOptions) =>
    context.finish(await restoreCommand(dir, options, context)),
  );
}

function outputFlag(formats: readonly string[]) {
  return repeatable('--output <format[=path]>', `how to show it: ${formats.join(', ')}`).default([], 'text');
}

function addAzureFlags(command: Command): Command {
  command
    .addOption(
      choice('--cloud <name>', 'Azure cloud to use (default: that of the kit, else AzureCloud)', clouds),
    )
    .addOption(requestTimeoutFlag());
  return addCommonFlags(command);
}
