import { propertiesOf } from '../../model/resource.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { decideGrants, type GrantRequest, grantTypes } from '../../access/grants.ts';
import { signInFiles } from '../../azure/sign-in/files.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import type { VaultAddress } from '../../model/arm-ports.ts';
import { type Cloud, clouds } from '../../model/cloud.ts';
import { AzureError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import { type GrantsFormat, grantsFormats } from '../../reporters/grants.ts';
import { vault as vaultType } from '../../resource-types/vault.ts';
import { exitCodes } from '../../usecases/exit-code.ts';
import { chooseVaults, isVaultId } from '../../usecases/choose-vaults.ts';
import { choice, repeatable } from '../choice.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { addCommonFlags, outputFlag, requestTimeoutFlag, tenantFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import type { DebugDetail } from '../world.ts';

interface GrantsOptions {
  readonly principal: string;
  readonly vault: string;
  readonly type: readonly (typeof grantTypes)[number][];
  readonly subscription: readonly string[];
  readonly cloud: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly output: readonly string[];
  readonly debug?: DebugDetail;
}

const exits: ExitWords = {
  0: 'printed',
  2: 'could not: wrong usage, or there is no such vault',
  3: 'printed in part: the vault could not be read, so it is not known what it goes by',
};

const help = `
Nothing is run: read the commands for az, PowerShell or Bicep, then run those of one of them. The vault is read, since it decides
between RBAC and access policies. az keyvault set-policy replaces the lists that it is given: they name what the principal keeps.

Examples:
  purgeproof grants recover --principal 5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74 --vault kv-payments --type secret
  purgeproof grants purge --principal 5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74 --vault kv-payments --type vault
${exitCodesHelp(exits)}`;

/** Adds `purgeproof grants`: the commands that let a principal recover or purge, and those that take it back. */
export function addGrantsCommand(program: Command, context: CommandContext): void {
  const grants = program
    .command('grants')
    .description('print the commands that let a principal recover or purge; runs none');
  for (const action of ['recover', 'purge'] as const) {
    const command = grants
      .command(action)
      .description(`print what lets a principal ${action} what is deleted in a vault, or the vault`)
      .addHelpText('after', help)
      .requiredOption('--principal <id>', 'object id of the user, group or application', readGuid)
      .requiredOption('--vault <name>', 'the vault, by name or id; by id where it is deleted')
      .addOption(
        repeatable(
          '--type <type>',
          'what to recover or purge: secret, key, certificate (default: these three), or vault, once it is deleted',
          grantTypes,
        ),
      )
      .addOption(
        repeatable(
          '--subscription <id>',
          'look for the name in this subscription only, by id or display name',
        ),
      )
      .addOption(choice('--cloud <name>', 'Azure cloud to use', clouds).default('AzureCloud'))
      .addOption(tenantFlag())
      .addOption(requestTimeoutFlag())
      .addOption(outputFlag(grantsFormats));
    addCommonFlags(command).action(async (options: GrantsOptions) =>
      context.finish(await grantsCommand(action, options, context), exits),
    );
  }
}

function readGuid(text: string): string {
  if (isGuid(text)) return text.toLowerCase();
  throw new InvalidArgumentError(
    'It must be an object id, such as 5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74, which one of these shows:\n' +
      '  az ad user show --id <name>\n  az ad sp show --id <application id>',
  );
}

async function grantsCommand(
  action: GrantRequest['action'],
  options: GrantsOptions,
  context: CommandContext,
): Promise<number> {
  const { world } = context;
  const destinations = readDestinations<GrantsFormat>(options.output, grantsFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: signInFiles(world.env) });
  const { type, principal: principalId } = options;
  const types = type.length === 0 ? grantTypes.filter((one) => one !== 'vault') : type;
  const read = await readVault(options, context);
  const grants = decideGrants({ action, principalId, types, ...read });
  const lost = await writeDocuments(destinations, (to) => to.format.render(grants, undefined), world);
  return exitCodeWith(lost, grants.complete ? exitCodes.clean : exitCodes.incomplete, world);
}

type VaultSeen = Pick<GrantRequest, 'vault' | 'properties' | 'isRead'>;

/** The vault, and its properties; or why those could not be read. */
async function readVault(options: GrantsOptions, context: CommandContext): Promise<VaultSeen> {
  const connection = connectOptions(options, context);
  const { openVaults } = await import('../../sources/open-vaults.ts');
  const { vault: word, subscription } = options;
  const { signal } = context.world;
  const open = openVaults(connection);
  const choose = async (): Promise<VaultAddress | undefined> => {
    const visible = isVaultId(word) ? [] : await open.visible(subscription, signal);
    return chooseVaults([word], { visible, types: [vaultType.type] })[0];
  };
  const vault = await choose().catch(explained);
  if (vault === undefined) throw new TypeError('a vault was chosen, and there is none');
  if ('failure' in vault) return { vault: unknownVault(word), properties: vault.failure, isRead: false };
  const got = await open.vaults.readVault(vault, signal);
  if (got.kind === 'found') return { vault, properties: propertiesOf(got.resource), isRead: true };
  const hint = 'Run it again where the vault can be read; a deleted one, once it is recovered.';
  const reason = got.kind === 'failed' ? got.refusal.message : 'There is no such vault now.';
  return { vault, properties: { reason, hint }, isRead: false };
}

/** Without Azure only what does not depend on the vault is known. */
function explained(error: unknown): { readonly failure: { readonly reason: string; readonly hint: string } } {
  if (!(error instanceof AzureError)) throw error;
  return { failure: { reason: error.message.replace(/\.*$/u, '.'), hint: error.hint } };
}

function unknownVault(name: string): VaultSeen['vault'] {
  const [subscriptionId, resourceGroup] = ['<subscription id>', '<resource group>'];
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;
  return { id: `${group}/providers/${vaultType.type}/${name}`, name, subscriptionId, resourceGroup };
}
