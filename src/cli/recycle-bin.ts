import { resolve } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { journalFile } from '../files/apply/journal-file.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { findConfig, policyFiles } from '../files/policy-files.ts';
import type { Cloud } from '../model/cloud.ts';
import { UsageError } from '../model/errors.ts';
import type { DeletedVault } from '../model/arm-ports.ts';
import { defaultRequestTimeoutMs } from '../model/retry.ts';
import { type ApplyFormat, applyFormats } from '../reporters/apply.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { wallClock } from '../sources/wall-clock.ts';
import { changeRecycleBin, deletedExitCode } from '../usecases/deleted.ts';
import { chooseDeleted, listDeleted } from '../usecases/deleted/list-deleted.ts';
import { readConfiguration } from '../usecases/settings/read-settings.ts';
import { refuseMistakes } from '../usecases/settings/setting-mistake.ts';
import { readEntries } from '../usecases/write/journal.ts';
import type { CommandContext } from './context.ts';
import { readDestinations } from './destinations.ts';
import { askToSend, showResults } from './run-results.ts';
import { debugLog } from './scan-options.ts';
import type { World } from './world.ts';

/** The flags of every command about recycle bins. */
export interface DeletedOptions {
  readonly subscription: readonly string[];
  readonly cloud: Cloud;
  readonly requestTimeout?: number;
  readonly output: readonly string[];
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: true;
}

/** The flags of a recovery or a purge. */
export interface ChangeOptions extends DeletedOptions {
  readonly journal: string;
  readonly yes?: true;
  readonly confirm?: string;
  readonly allowDependants?: true;
  /** The configuration that may forbid a purge. */
  readonly config?: string;
}

/** Opens ARM, and lists the recycle bins of the subscriptions that the flags name. */
export async function openDeleted(options: DeletedOptions, { world, azure, tool }: CommandContext) {
  const { openVaults } = await import('../sources/open-vaults.ts');
  const { cloud, requestTimeout: requestTimeoutMs = defaultRequestTimeoutMs } = options;
  const connection = {
    ...azure,
    cloud,
    requestTimeoutMs,
    version: tool.version,
    ...debugLog(options, world),
  };
  const open = openVaults(connection);
  const expected = await open.expected(options.subscription, world.signal);
  const listing = await listDeleted(open.recycleBin, expected, world.signal);
  const named = expected.found.length + expected.unknown.length;
  if (options.subscription.length > 0 && listing.absent.length === named)
    throw new UsageError(
      `No visible subscription is called ${listing.absent.map((name) => JSON.stringify(name)).join(' or ')}.`,
      'Check the name, and that you signed in to its tenant (az account list).',
    );
  return { open, expected, requestTimeoutMs, listing };
}

/**
 * Refuses a purge that the configuration forbids: that of `--config`, or the nearest purgeproof.yaml in the working folder
 * or above it, which standard error names. Throws PolicyError with the place of the key.
 */
async function refuseForbiddenPurge(
  { config, quiet }: Pick<ChangeOptions, 'config' | 'quiet'>,
  world: World,
): Promise<void> {
  const path = config ?? (await findConfig(world.cwd));
  const { deleted } = (await readConfiguration(policyFiles(world), path)) ?? {};
  if (path !== undefined && config === undefined && quiet !== true)
    await world.stderr.write(`Configuration: ${terminalText(path)}\n`);
  if (deleted?.purge !== 'never') return;
  const message = 'deleted.purge is never: nothing may be purged, and nothing was sent.';
  refuseMistakes([{ origin: deleted.origin, message, hint: 'Whoever keeps this file can allow it.' }]);
}

/** The change of a recycle bin that a command asks for. */
export interface RecycleBinChange {
  readonly action: 'recover' | 'purge';
  readonly names: readonly string[];
}

/** Recovers or purges what is named, and returns the exit code. */
export async function changeCommand(
  { action, names }: RecycleBinChange,
  options: ChangeOptions,
  context: CommandContext,
): Promise<number> {
  const { world, tool } = context;
  if (action === 'purge') await refuseForbiddenPurge(options, world);
  const destinations = readDestinations<ApplyFormat>(options.output, applyFormats);
  const files = [options.journal, ...signInFiles(world.env)];
  await checkDestinations(destinations, { cwd: world.cwd, files });
  const journal = journalFile(resolve(world.cwd, options.journal));
  const entries = await readEntries(journal, undefined);
  const { open, listing, requestTimeoutMs } = await openDeleted(options, context);
  const { dependants, ...ports } = open;
  const deleted = chooseDeleted(names, { action, listing, entries });
  if (action === 'purge')
    checkConfirmed(
      deleted.map(({ vault }) => vault.name),
      options,
    );
  // Nothing depends any more on what an earlier run has purged.
  const isSearched = options.allowDependants !== true && deleted.some((one) => listing.deleted.includes(one));
  const failures: unknown[] = [];
  const report = await changeRecycleBin({
    tool,
    action,
    deleted,
    ...ports,
    ...(isSearched ? { dependants } : {}),
    journal,
    identity: await open.identity(),
    clock: { ...wallClock, now: world.now },
    signal: world.signal,
    requestTimeoutMs,
    ...(action === 'purge' || options.yes === true
      ? {}
      : { confirm: async (chosen) => askToSend(recoverQuestion(chosen), world) }),
    onFailure: (error) => failures.push(error),
  });
  const { color } = options;
  return showResults(report, { destinations, failures, code: deletedExitCode(report), color }, world);
}

/** Refuses a purge that was not confirmed by the exact name. */
function checkConfirmed([name = '']: readonly string[], { confirm }: ChangeOptions): void {
  if (confirm === name) return;
  throw new UsageError(
    `Nothing was sent: --confirm names ${JSON.stringify(confirm)}, and ${JSON.stringify(name)} would be purged.`,
    'A purge destroys every key, secret and certificate in it, and nobody can undo it. Repeat its exact name.',
  );
}

function recoverQuestion(deleted: readonly DeletedVault[]): string {
  return `Recover ${deleted.map(({ vault }) => vault.name).join(', ')}?`;
}
