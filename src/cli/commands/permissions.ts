import type { Command } from 'commander';
import {
  type AzureCommand,
  azureCommands,
  leastRole,
  operationsOf,
  type Work,
} from '../../access/operations.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import { policyFiles } from '../../files/policy-files.ts';
import { UsageError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import type { LeastRole } from '../../model/permission.ts';
import type { Target } from '../../model/target.ts';
import { type ObjectType, objectTypeNames } from '../../model/vault-plane.ts';
import { type RoleFormat, roleFormats } from '../../reporters/role.ts';
import { terminalText } from '../../reporters/text/terminal.ts';
import { binnedTypes } from '../../resource-types/known-type.ts';
import { managedHsm } from '../../resource-types/managed-hsm.ts';
import { vault } from '../../resource-types/vault.ts';
import { partSources } from '../../sources/parts.ts';
import { notJudged, readableBy, sourceNames } from '../../usecases/scan/not-judged.ts';
import { loadPolicies } from '../../usecases/settings/load-policies.ts';
import { readSettings } from '../../usecases/settings/read-settings.ts';
import { commaSeparated, repeatable } from '../choice.ts';
import type { CommandContext } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { addCommonFlags, addRuleFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { type ScanOptions, settingsRequest } from '../scan-options.ts';
import { terminalOf } from '../terminal.ts';

const kinds = { vault: vault.type, hsm: managedHsm.type };

interface PermissionsOptions extends ScanOptions {
  readonly type: readonly ObjectType[];
  readonly kind: readonly (keyof typeof kinds)[];
  readonly allow: readonly 'disruptive'[];
  readonly allowDependants?: true;
  readonly name?: string;
}

const help = `
The role is a custom one with exactly the rights that the commands need, for the rules, parts and types that the flags and the
configuration select. Without a command it is that of a scan. Nothing is asked of Azure.

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
    .addOption(repeatable('--subscription <id>', 'where the role can be assigned: this subscription'))
    .addOption(repeatable('--management-group <id>', 'where the role can be assigned: this management group'))
    .addOption(
      commaSeparated('--include <parts>', 'parts that a scan or a plan includes', Object.keys(partSources)),
    )
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
    .option('--name <name>', 'the name of the role')
    .addOption(outputFlag(roleFormats));
  addCommonFlags(addRuleFlags(command)).action(
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
  const { settings } = await readSettings(settingsRequest({ ...options, output: [] }), files);
  const { target } = settings;
  const { compiled } = await loadPolicies(settings, files);
  const readable = readableBy(sourceNames(target));
  const rules = compiled
    .map(({ rule }) => rule)
    .filter((rule) => notJudged(rule, readable).length < rule.resourceTypes.length);
  const work: Work = { rules, ...workOf(options, target) };
  // An inventory is a file.
  const asked = commands.filter((command) => command !== 'scan' || target.kind === 'live');
  const role = leastRole({
    commands,
    operations: asked.flatMap((command) => operationsOf[command](work)),
    assignableScopes: scopesIn(target),
    name: options.name,
  });
  refuseDataActionsAbove(role);
  if (options.quiet !== true) await world.stderr.write(notes(role));
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(role, terminalOf(to, world, options.color)),
    world,
  );
  return exitCodeWith(lost, 0, world);
}

/** The commands that words name, each by as many words as possible; `deleted` stands for all that begin with it. */
function commandsIn(words: readonly string[]): readonly AzureCommand[] {
  const found: AzureCommand[] = [];
  let rest = words.flatMap((word) => word.toLowerCase().split(' ')).filter((word) => word !== 'purgeproof');
  while (rest.length > 0) {
    const [named = [], count = 0] = longest(rest);
    if (named.length === 0)
      throw new UsageError(
        `There is no command ${rest.join(' ')} that asks Azure.${didYouMean(rest.join(' '), azureCommands)}`,
        `Commands: ${azureCommands.join(', ')}.`,
      );
    found.push(...named);
    rest = rest.slice(count);
  }
  return [...new Set(found)];
}

function longest(words: readonly string[]): readonly [named?: readonly AzureCommand[], count?: number] {
  for (const count of [3, 2, 1]) {
    const start = words.slice(0, count).join(' ');
    const named = azureCommands.filter((one) => one === start || one.startsWith(`${start} `));
    if (words.length >= count && named.length > 0) return [named, count];
  }
  return [];
}

function workOf(
  { type, kind, allow, allowDependants }: PermissionsOptions,
  target: Target,
): Omit<Work, 'rules'> {
  return {
    include: target.kind === 'live' ? target.include : [],
    binned: kind.length === 0 ? binnedTypes : kind.map((one) => kinds[one]),
    objects: type.length === 0 ? objectTypeNames : type,
    managementGroups: target.kind === 'live' && target.managementGroups.length > 0,
    dependants: allowDependants !== true,
    disruptive: allow.length > 0,
  };
}

const placeholder = '/subscriptions/<subscription id>';

function scopesIn(target: Target): readonly string[] {
  if (target.kind === 'inventory') return [placeholder];
  const { subscriptions, managementGroups } = target;
  const named = [
    ...managementGroups.map((id) => `/providers/Microsoft.Management/managementGroups/${id}`),
    ...subscriptions.map((id) => `/subscriptions/${isGuid(id) ? id : `<id of ${id}>`}`),
  ];
  return named.length === 0 ? [placeholder] : named;
}

/** Source: https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits */
function refuseDataActionsAbove({ rights, assignableScopes }: LeastRole): void {
  const above = assignableScopes.find((scope) => scope.startsWith('/providers/'));
  if (rights.dataActions.length === 0 || above === undefined) return;
  throw new UsageError(
    `Azure assigns no custom role with data actions at a management group, such as ${above}.`,
    'Name subscriptions with --subscription for this role; a role without objects can be assigned at the group.',
  );
}

function notes({ operations, assignableScopes }: LeastRole): string {
  const nothing = operations.length === 0 ? ['Nothing is asked of Azure, so no right is needed.'] : [];
  const open = assignableScopes
    .filter((scope) => scope.includes('<'))
    .map((scope) => `Replace ${scope} in AssignableScopes by the id of a subscription.`);
  return [...nothing, ...open].map((line) => `${terminalText(line)}\n`).join('');
}
