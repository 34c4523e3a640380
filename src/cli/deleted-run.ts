import { resolve } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { journalFile } from '../files/apply/journal-file.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { findConfig, policyFiles } from '../files/policy-files.ts';
import { UsageError } from '../model/errors.ts';
import { type ApplyFormat, applyFormats } from '../reporters/apply.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { readConfiguration } from '../usecases/settings/read-settings.ts';
import { refuseMistakes } from '../usecases/settings/setting-mistake.ts';
import { readEntries } from '../usecases/write/journal.ts';
import type { ChangeOptions } from './deleted-options.ts';
import { readDestinations } from './destinations.ts';
import type { World } from './world.ts';

/** The flags of every recovery and purge, of whatever it is. */
type RunOptions = Pick<ChangeOptions, 'output' | 'journal' | 'config' | 'quiet'>;

/**
 * Begins a recovery or a purge: reads the journal of earlier runs, and checks the places of the results. Throws PolicyError
 * for a purge that the configuration forbids.
 */
export async function beginRun(action: 'recover' | 'purge', options: RunOptions, world: World) {
  if (action === 'purge') await refuseForbiddenPurge(options, world);
  const destinations = readDestinations<ApplyFormat>(options.output, applyFormats);
  const files = [options.journal, ...signInFiles(world.env)];
  await checkDestinations(destinations, { cwd: world.cwd, files });
  const journal = journalFile(resolve(world.cwd, options.journal));
  return { destinations, journal, entries: await readEntries(journal, undefined) };
}

/**
 * Refuses a purge that the configuration forbids: that of `--config`, or the nearest purgeproof.yaml in the working folder
 * or above it, which standard error names. Throws PolicyError with the place of the key.
 */
async function refuseForbiddenPurge({ config, quiet }: RunOptions, world: World): Promise<void> {
  const path = config ?? (await findConfig(world.cwd));
  const { deleted } = (await readConfiguration(policyFiles(world), path)) ?? {};
  if (path !== undefined && config === undefined && quiet !== true)
    await world.stderr.write(`Configuration: ${terminalText(path)}\n`);
  if (deleted?.purge !== 'never') return;
  const message = 'deleted.purge is never: nothing may be purged, and nothing was sent.';
  refuseMistakes([{ origin: deleted.origin, message, hint: 'Whoever keeps this file can allow it.' }]);
}

/** Refuses a purge that was not confirmed by the exact name. `lost`: what it destroys. */
export function refuseUnconfirmed(
  { name = '', lost }: { readonly name: string | undefined; readonly lost: string },
  { confirm }: Pick<ChangeOptions, 'confirm'>,
): void {
  if (confirm === name) return;
  throw new UsageError(
    `Nothing was sent: --confirm names ${JSON.stringify(confirm)}, and ${JSON.stringify(name)} would be purged.`,
    `A purge destroys ${lost}, and nobody can undo it. Repeat its exact name.`,
  );
}
