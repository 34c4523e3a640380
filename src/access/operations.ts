import { didYouMean } from '../documents/suggestions.ts';
import type { Operation, LeastRole, RoleRights } from '../model/permission.ts';
import { vault } from '../resource-types/vault.ts';
import { reading, type Work } from './operations/blocks.ts';
import {
  ofBinList,
  ofObjectPurge,
  ofObjectRecovery,
  ofObjects,
  ofPurge,
  ofRecover,
  ofApply,
  ofKit,
  ofKitDiff,
  ofPlan,
  ofScan,
  ofInit,
  ofWhoCan,
} from './operations/commands.ts';
import { compareText } from '../model/compare-text.ts';
import { UsageError } from '../model/errors.ts';

/** The operations of each command, by its words. Commands that are not here ask Azure nothing. */
export const operationsOf = {
  scan: ofScan,
  plan: ofPlan,
  apply: ofApply,
  'deleted list': ofBinList,
  'deleted recover': ofRecover,
  'deleted purge': ofPurge,
  'deleted objects list': ofObjects,
  'deleted objects recover': ofObjectRecovery,
  'deleted objects purge': ofObjectPurge,
  grants: () => reading([vault.type], 'Resource Graph and ARM'),
  kit: ofKit,
  'kit diff': ofKitDiff,
  'who-can': ofWhoCan,
  init: ofInit,
} as const satisfies Readonly<Record<string, (work: Work) => readonly Operation[]>>;

/** The words of a command that asks Azure. */
export type AzureCommand = keyof typeof operationsOf;

/** Every command that asks Azure, in the order of the help. */
export const azureCommands = Object.keys(operationsOf).filter(isCommand);

function isCommand(word: string): word is AzureCommand {
  return word in operationsOf;
}

/**
 * The commands that words name, each by as many words as possible; `deleted` stands for all that begin with it. Throws
 * UsageError for words that name none.
 */
export function commandsIn(words: readonly string[]): readonly AzureCommand[] {
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

/** Commands, and all that they ask of Azure. */
interface Asked {
  readonly commands: readonly string[];
  readonly operations: readonly Operation[];
  readonly assignableScopes: readonly string[];
  readonly name?: string | undefined;
  /** True where the rights are wanted as well without which commands work. */
  readonly withOptional: boolean;
}

/** The role that commands need. Its operations, and its rights, are each in it once. */
export function leastRole({ commands, operations, assignableScopes, name, withOptional }: Asked): LeastRole {
  const distinct = [...new Map(operations.map((one) => [JSON.stringify(one), one])).values()];
  const rights = rightsFor(distinct.filter(({ otherwise }) => withOptional || otherwise === undefined));
  const held = new Set(rights.actions.map((action) => action.toLowerCase()));
  return {
    name: name ?? `purgeproof ${commands.join(', ')}`,
    description: `Exactly what purgeproof needs for: ${commands.join(', ')}.`,
    operations: distinct,
    rights,
    leftOut: distinct.filter(({ actions }) => actions.some((action) => !held.has(action.toLowerCase()))),
    assignableScopes,
  };
}

function rightsFor(operations: readonly Operation[]): RoleRights {
  return {
    actions: unique(operations.flatMap(({ actions }) => actions)),
    dataActions: unique(operations.flatMap(({ dataActions = [] }) => dataActions)),
  };
}

function unique(actions: readonly string[]): readonly string[] {
  const byName = new Map(actions.map((action) => [action.toLowerCase(), action]));
  return Array.from(byName, ([, action]) => action).toSorted((a, b) =>
    compareText(a.toLowerCase(), b.toLowerCase()),
  );
}

/**
 * Throws UsageError for a role with data actions that could be assigned at a management group, where Azure takes none.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/custom-roles#custom-role-limits
 */
export function refuseDataActionsAbove({ rights, assignableScopes }: LeastRole): void {
  const above = assignableScopes.find((scope) => scope.startsWith('/providers/'));
  if (rights.dataActions.length === 0 || above === undefined) return;
  throw new UsageError(
    `Azure assigns no custom role with data actions at a management group, such as ${above}.`,
    'Name subscriptions with --subscription for this role; a role without objects can be assigned at the group.',
  );
}
