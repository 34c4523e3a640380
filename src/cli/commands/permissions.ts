import type { Command } from 'commander';
import {
  azureCommands,
  commandsIn,
  leastRole,
  operationsOf,
  refuseDataActionsAbove,
} from '../../access/operations.ts';
import type { Work } from '../../access/operations/blocks.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { isGuid } from '../../model/guid.ts';
import type { Target } from '../../model/target.ts';
import { type ObjectType, objectTypeNames } from '../../model/vault-plane.ts';
import { type RoleFormat, roleFormats, roleNotes } from '../../reporters/role.ts';
import { recycleBinTypes } from '../../resource-types/known-type.ts';
import { managedHsm } from '../../resource-types/managed-hsm.ts';
import { vault } from '../../resource-types/vault.ts';
import { partSources } from '../../sources/parts.ts';
import { notJudged, readableBy, sourceNames } from '../../usecases/scan/not-judged.ts';
import { loadPolicies } from '../../usecases/settings/load-policies.ts';
import { readSettings } from '../../usecases/settings/read-settings.ts';
import type { SettingsRead } from '../../usecases/settings/scan-settings.ts';
import { dependsOnSubscriptions } from '../../usecases/write/guards.ts';
import { commaSeparated, namesFlag, repeatable } from '../choice.ts';
import { configurationOf } from '../configuration.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { addAzureExemptionsFlag, addCommonFlags, addRuleFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { type ScanOptions, settingsRequest } from '../scan-options.ts';
import { fitLines, terminalOf } from '../terminal.ts';

const kinds = { vault: vault.type, hsm: managedHsm.type };

interface PermissionsOptions extends ScanOptions {
  readonly type: readonly ObjectType[];
  readonly kind: readonly (keyof typeof kinds)[];
  readonly allow: readonly 'disruptive'[];
  readonly allowDependants?: true;
  readonly optional?: true;
  readonly name?: string;
}

const help = `
The role is a custom one with exactly the rights that the commands need, for the rules, parts and types that the flags and the
configuration select; standard error names those that are optional. Without a command it is that of a scan. Nothing is asked of
Azure.

Examples:
  purgeproof permissions > scanner.json && az role definition create --role-definition @scanner.json
  purgeproof permissions scan deleted list --include deleted --management-group production
  purgeproof permissions plan apply --rule AKV002 --subscription 11111111-1111-4111-8111-111111111111
  purgeproof permissions deleted objects recover --type secret --output table

Commands: ${azureCommands.join(', ')}. The others need no rights.

Exit codes:
  0  printed
  2  could not: an unknown command or rule, or data actions at a management group, where Azure does not assign them`;

/** Adds `purgeproof permissions`: the role that commands need, and nothing beyond it. */
export function addPermissionsCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('permissions [command...]')
    .description('print the role with exactly the rights that commands need')
    .addHelpText('after', help)
    .addOption(namesFlag('--subscription <id>', 'where the role can be assigned: this subscription'))
    .addOption(namesFlag('--management-group <id>', 'where the role can be assigned: this management group'))
    .addOption(
      commaSeparated('--include <parts>', 'parts that a scan or a plan includes', Object.keys(partSources)),
    )
    .option('--archive <dir>', 'scans are archived, for which every row is read')
    .addOption(
      repeatable('--type <type>', 'only these deleted objects: secret, key, certificate', objectTypeNames),
    )
    .addOption(
      repeatable(
        '--kind <kind>',
        'recover, purge and keep kits of this kind only: vault, hsm',
        Object.keys(kinds),
      ),
    )
    .option('--allow-dependants', 'purge without a search for what depends on the keys')
    .addOption(repeatable('--allow <risk>', 'apply fixes of this risk, too: disruptive', ['disruptive']))
    .option('--optional', 'add the rights without which the commands work, and say what they did not look at')
    .option('--name <name>', 'the name of the role')
    .addOption(outputFlag(roleFormats));
  addCommonFlags(addAzureExemptionsFlag(addRuleFlags(command))).action(
    async (words: readonly string[], options: PermissionsOptions) =>
      context.finish(await permissionsCommand(words, options, context)),
  );
}

async function permissionsCommand(
  words: readonly string[],
  options: PermissionsOptions,
  { world }: CommandContext,
): Promise<number> {
  const destinations = readDestinations<RoleFormat>(options.output, roleFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: [] });
  const commands = commandsIn(words.length === 0 ? ['scan'] : words);
  const files = policyFiles(world);
  const config = await configurationOf(options, world);
  const read = await readSettings(settingsRequest({ ...options, output: [] }, config), files);
  const { target } = read.settings;
  const { compiled } = await loadPolicies(read, files);
  const readable = readableBy(sourceNames(target));
  const rules = compiled
    .map(({ rule }) => rule)
    .filter((rule) => notJudged(rule, readable).length < rule.resourceTypes.length);
  const work: Work = { rules, ...workOf(options, read) };
  // An inventory is a file.
  const asked = commands.filter((command) => command !== 'scan' || target.kind === 'live');
  const role = leastRole({
    commands,
    operations: asked.flatMap((command) => operationsOf[command](work)),
    assignableScopes: scopesIn(target),
    name: options.name,
    withOptional: options.optional === true,
  });
  refuseDataActionsAbove(role);
  if (options.quiet !== true) await world.stderr.write(fitLines(roleNotes(role), world.stderr));
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(role, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, 0, world);
}

function workOf(
  { type, kind, allow, allowDependants }: PermissionsOptions,
  { config, settings: { target, azureExemptions, archive } }: SettingsRead,
): Omit<Work, 'rules'> {
  return {
    include: target.kind === 'live' ? target.include : [],
    azureExemptions,
    archived: archive !== undefined,
    limited: dependsOnSubscriptions(config?.writes ?? []),
    binned: kind.length === 0 ? recycleBinTypes : kind.map((one) => kinds[one]),
    objects: type.length === 0 ? objectTypeNames : type,
    managementGroups: target.kind === 'live' && target.managementGroups.length > 0,
    dependants: allowDependants !== true,
    disruptive: allow.length > 0,
  };
}

const placeholder = '/subscriptions/<subscription id>';

function scopesIn(target: Target): readonly string[] {
  if (target.kind !== 'live') return [placeholder];
  const { subscriptions, managementGroups } = target;
  const named = [
    ...managementGroups.map((id) => `/providers/Microsoft.Management/managementGroups/${id}`),
    ...subscriptions.map((id) => `/subscriptions/${isGuid(id) ? id : `<id of ${id}>`}`),
  ];
  return named.length === 0 ? [placeholder] : named;
}
