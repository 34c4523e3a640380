import type { Command } from 'commander';
import { signInFiles } from '../../azure/sign-in/files.ts';
import { checkDestinations } from '../../files/destinations/check.ts';
import { writeDocuments } from '../../files/destinations/write.ts';
import type { Cloud } from '../../model/cloud.ts';
import { UsageError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import type { WhoCanAction } from '../../model/who-can-report.ts';
import { type WhoCanFormat, whoCanFormats } from '../../reporters/who-can.ts';
import { whoCan, whoCanExitCode } from '../../usecases/who-can.ts';
import { type ExitWords, exitCodesHelp } from '../exit-words.ts';
import { type CommandContext, connectOptions } from '../context.ts';
import { readDestinations } from '../destinations.ts';
import { addCommonFlags, addScopeFlags, outputFlag } from '../flags.ts';
import { exitCodeWith } from '../lost-documents.ts';
import { terminalOf } from '../terminal.ts';
import type { DebugDetail } from '../world.ts';

interface WhoCanOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
  readonly principal?: string;
  readonly cloud?: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly output: readonly string[];
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: DebugDetail;
}

const exits: ExitWords = {
  0: 'nobody can',
  1: 'somebody can',
  2: 'could not run: nothing of the scope is visible, or something that was named is not there',
  3: 'somebody may be missing: not every right could be read, or a group or the local RBAC of a managed HSM leaves it open',
};

const help = `
Rights are evaluated by action, at every scope at or above a vault, together with its access policies: a role is never judged by
its name. They are told as granted: purge protection stops every purge, and grants nothing. Members of groups are not looked up,
and rights that somebody could grant themselves are not counted. It takes the role Reader.

Examples:
  purgeproof who-can purge                                   every vault that is visible
  purgeproof who-can purge kv-payments kv-orders
  purgeproof who-can delete --principal 5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74 --management-group production
  purgeproof who-can purge --output table --output json=access.json
${exitCodesHelp(exits)}`;

const descriptions = {
  delete: 'list who can delete each vault and managed HSM, and then purge it',
  purge: 'list who can purge each vault and managed HSM once it is deleted, or what is in it',
};

/** Adds `purgeproof who-can`: the principals that could destroy each vault. */
export function addWhoCanCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('who-can')
    .description('list who can delete or purge vaults and managed HSMs, by their actions');
  for (const action of ['delete', 'purge'] as const) {
    const command = group
      .command(`${action} [vault...]`)
      .description(descriptions[action])
      .option(
        '--principal <id>',
        'the other way round: the vaults and managed HSMs that this object id can do it to',
      )
      .addOption(outputFlag(whoCanFormats))
      .addHelpText('after', help);
    addCommonFlags(addScopeFlags(command)).action(async (named: readonly string[], options: WhoCanOptions) =>
      context.finish(await whoCanCommand(action, { ...options, named }, context), exits),
    );
  }
}

async function whoCanCommand(
  action: WhoCanAction,
  options: WhoCanOptions & { readonly named: readonly string[] },
  context: CommandContext,
): Promise<number> {
  const { world } = context;
  const { named, principal, color, subscription: subscriptions, managementGroup: managementGroups } = options;
  if (principal !== undefined && !isGuid(principal))
    throw new UsageError(
      `${JSON.stringify(principal)} is not an object id.`,
      'Names are not looked up. One of these shows the id: `az ad user show --id <name>` `az ad sp show --id <application id>`',
    );
  const destinations = readDestinations<WhoCanFormat>(options.output, whoCanFormats);
  await checkDestinations(destinations, { cwd: world.cwd, files: signInFiles(world.env) });
  const connection = connectOptions(options, context);
  const { openAccess } = await import('../../sources/open-readers.ts');
  const { report, scope } = await whoCan({
    action,
    named,
    principal,
    signal: world.signal,
    ...openAccess(connection, { subscriptions, managementGroups }),
  });
  const names = new Map(scope.subscriptions.map(({ id, name }) => [id.toLowerCase(), name]));
  const nameOf = (id: string): string => names.get(id.toLowerCase()) ?? id;
  const lost = await writeDocuments(
    destinations,
    (to) => to.format.render(report, { terminal: terminalOf(to, world, color), nameOf }),
    world,
  );
  return exitCodeWith(lost, whoCanExitCode(report), world);
}
