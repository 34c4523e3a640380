import { type Command, InvalidArgumentError, Option } from 'commander';
import { clouds } from '../../model/cloud.ts';
import { objectTypeNames } from '../../model/vault-plane.ts';
import { applyFormats } from '../../reporters/apply.ts';
import { deletedListFormats } from '../../reporters/deleted-list.ts';
import { deletedObjectsFormats } from '../../reporters/deleted-objects.ts';
import { choice, namesFlag } from '../choice.ts';
import { changeExits, type ExitWords, exitCodesHelp } from '../exit-words.ts';
import type { CommandContext } from '../context.ts';
import type { ChangeObjectsOptions, ListObjectsOptions } from '../deleted-objects.ts';
import type { ListOptions } from '../deleted-list.ts';
import type { ChangeOptions } from '../deleted-options.ts';
import type { Formats } from '../destinations.ts';
import { addCommonFlags, outputFlag, requestTimeoutFlag, tenantFlag } from '../flags.ts';
import { changeCommand } from '../recycle-bin.ts';
import { guardsFlag } from '../write-guards.ts';

const listExits: ExitWords = {
  0: 'the recycle bins are empty',
  1: 'something is deleted',
  2: 'could not run',
  3: 'a recycle bin could not be read: nothing is known about it',
};

const listHelp = `
Recycle bins are read from ARM: Resource Graph does not hold them. It takes Microsoft.KeyVault/deletedVaults/read on each
subscription, which the role Reader has.
${exitCodesHelp(listExits)}`;

const changeHelp = `
The entry is read again first; every write is recorded in the journal before it is sent, and verified in ARM after. After
a crash, the same command says what happened, and sends nothing twice.
${exitCodesHelp(changeExits)}`;

const changeObjectsHelp = `
The entry is read again first; every write is recorded in the journal before it is sent, and what became of it is read from the
vault, by metadata alone. After a crash, the same command says what happened, and sends nothing twice.
${exitCodesHelp(changeExits)}`;

const objectsExits: ExitWords = {
  0: 'nothing is deleted',
  1: 'something is deleted',
  2: 'could not run, or there is nothing of that name',
  3: 'something could not be listed: nothing is known about it',
};

const objectsHelp = `
What is deleted in a vault stays there until its time is up. It is read through the data plane of the vault, by requests that
return metadata alone: never the value of a secret. It takes the data actions of Key Vault Reader, or an access policy with
list, and a network that the vault lets in. The key and the secret of a certificate count as part of it.
${exitCodesHelp(objectsExits)}`;

/** Adds `purgeproof deleted`: the recycle bins of vaults and managed HSMs. */
export function addDeletedCommand(program: Command, context: CommandContext): void {
  const deleted = program
    .command('deleted')
    .description('list, recover and purge deleted vaults and managed HSMs');
  const list = deleted
    .command('list')
    .description('list what is in the recycle bins: what can be lost first comes first')
    .addHelpText('after', listHelp);
  list.option(
    '--source-root <path>',
    'folder with infrastructure code: shows what declares the name of something deleted',
  );
  addDeletedFlags(list, deletedListFormats).action(async (options: ListOptions) =>
    context.finish(await (await import('../deleted-list.ts')).listCommand(options, context), listExits),
  );
  const recover = deleted
    .command('recover [names...]')
    .description('recover deleted vaults or managed HSMs, given by name or id, or all of them')
    .addHelpText('after', changeHelp)
    .option(
      '--all',
      'recover everything, after a plan of it; what cannot be recovered is named, and left out',
    )
    .addOption(
      new Option(
        '--deleted-since <date>',
        'with --all: only what was deleted on that day (UTC) or later',
      ).argParser(readDay),
    )
    .option('--yes', 'do not ask for confirmation; required if there is no terminal');
  addChangeFlags(recover).action(async (names: readonly string[], options: ChangeOptions) =>
    context.finish(await changeCommand({ action: 'recover', names }, options, context), changeExits),
  );
  const purge = deleted
    .command('purge <name>')
    .description('destroy a deleted vault or managed HSM, and every key in it, for good')
    .addHelpText('after', changeHelp)
    .requiredOption('--confirm <name>', 'the exact name of what is to be destroyed')
    .option(
      '--allow-dependants',
      'purge although its keys may still encrypt something; nothing is searched for it',
    );
  addChangeFlags(purge).action(async (name: string, options: ChangeOptions) =>
    context.finish(await changeCommand({ action: 'purge', names: [name] }, options, context), changeExits),
  );
  addObjectCommands(deleted, context);
}

const loadObjects = async () => import('../deleted-objects.ts');

/** Adds the commands about what is in live vaults: each has a recycle bin, behind its own rights and network. */
function addObjectCommands(deleted: Command, context: CommandContext): void {
  const objects = deleted
    .command('objects')
    .description('list, recover and purge deleted keys, secrets and certificates of a vault');
  const list = objects
    .command('list <vault>')
    .description('list what is deleted in a vault: what can be lost first comes first')
    .addHelpText('after', objectsHelp)
    .addOption(choice('--type <type>', 'only this type', objectTypeNames));
  addAzureFlags(list, deletedObjectsFormats).action(async (vault: string, options: ListObjectsOptions) =>
    context.finish(await (await loadObjects()).listObjectsCommand(vault, options, context), objectsExits),
  );
  const recover = objects
    .command('recover <vault> <name...>')
    .description('recover deleted keys, secrets or certificates')
    .addHelpText('after', changeObjectsHelp)
    .addOption(typeFlag())
    .option('--yes', 'do not ask for confirmation; required if there is no terminal');
  addChangeFlags(recover, addAzureFlags).action(
    async (vault: string, names: readonly string[], options: ChangeObjectsOptions) =>
      context.finish(
        await (
          await loadObjects()
        ).changeObjectsCommand({ action: 'recover', vault, names }, options, context),
        changeExits,
      ),
  );
  const purge = objects
    .command('purge <vault> <name>')
    .description('destroy a deleted key, secret or certificate, in all its versions, for good')
    .addHelpText('after', changeObjectsHelp)
    .addOption(typeFlag())
    .requiredOption('--confirm <name>', 'the exact name of what is to be destroyed')
    .option('--allow-dependants', 'purge a key without knowing what it still encrypts');
  addChangeFlags(purge, addAzureFlags).action(
    async (vault: string, name: string, options: ChangeObjectsOptions) =>
      context.finish(
        await (
          await loadObjects()
        ).changeObjectsCommand({ action: 'purge', vault, names: [name] }, options, context),
        changeExits,
      ),
  );
}

function typeFlag(): Option {
  return choice('--type <type>', 'the type of what is named', objectTypeNames).makeOptionMandatory();
}

function addDeletedFlags(command: Command, formats: Formats<unknown>): Command {
  command.addOption(namesFlag('--management-group <id>', 'every subscription below this management group'));
  return addAzureFlags(command, formats);
}

function addAzureFlags(command: Command, formats: Formats<unknown>): Command {
  command
    .addOption(namesFlag('--subscription <id>', 'only this subscription, by id or display name'))
    .addOption(choice('--cloud <name>', 'Azure cloud to use', clouds).default('AzureCloud'))
    .addOption(tenantFlag())
    .addOption(requestTimeoutFlag())
    .addOption(outputFlag(formats));
  return addCommonFlags(command);
}

function addChangeFlags(command: Command, addFlags = addDeletedFlags): Command {
  const journal = 'purgeproof-deleted.journal.ndjson';
  command
    .addOption(guardsFlag())
    .option('--journal <file>', 'file in which every write is recorded', journal);
  return addFlags(command, applyFormats);
}

const day = /^\d{4}-\d\d-\d\d$/;
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;

/** Reads a day, or a moment in UTC: nothing that means one thing here and another thing elsewhere. */
function readDay(text: string): Date {
  const date = new Date(text);
  const isDate = (day.test(text) || moment.test(text)) && !Number.isNaN(date.getTime());
  // JavaScript takes the 31st of June for the 1st of July.
  if (isDate && date.toISOString().startsWith(text.slice(0, 10))) return date;
  throw new InvalidArgumentError(
    'It must be a day such as 2026-11-20, or a moment such as 2026-11-20T08:30Z, in UTC.',
  );
}
