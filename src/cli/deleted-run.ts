import { resolve } from 'node:path';
import { signInFiles } from '../azure/sign-in/files.ts';
import { journalFile } from '../files/apply/journal-file.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { policyFiles } from '../files/policy-files.ts';
import type { Config } from '../model/config.ts';
import { PolicyError, UsageError } from '../model/errors.ts';
import { type ApplyFormat, applyFormats } from '../reporters/apply.ts';
import type { GuardFacts, WriteGuard } from '../usecases/write/guards.ts';
import { readEntries } from '../usecases/write/journal.ts';
import type { ChangeOptions } from './deleted-options.ts';
import { readDestinations } from './destinations.ts';
import { guardOf, readGuards } from './write-guards.ts';
import type { World } from './world.ts';

/** The flags of every recovery and purge, of whatever it is. */
type RunOptions = Pick<ChangeOptions, 'output' | 'journal' | 'config' | 'quiet' | 'tenant'>;

/**
 * Begins a recovery or a purge: reads the journal of earlier runs, and checks the places of the results. It is bound to the
 * tenant of the configuration. Throws PolicyError for a purge that the configuration forbids; `guard` checks its other limits.
 */
export async function beginRun(action: 'recover' | 'purge', options: RunOptions, world: World) {
  const config = await readGuards(policyFiles(world), options, world);
  if (action === 'purge') refuseForbidden(config);
  const destinations = readDestinations<ApplyFormat>(options.output, applyFormats);
  const files = [options.journal, ...signInFiles(world.env)];
  await checkDestinations(destinations, { cwd: world.cwd, files });
  const journal = journalFile(resolve(world.cwd, options.journal));
  const tenant = options.tenant ?? config?.tenant;
  const entries = await readEntries(journal, undefined);
  const guard = (facts: GuardFacts): WriteGuard => guardOf(config, facts) ?? (async () => undefined);
  return { destinations, journal, entries, guard, ...(tenant === undefined ? {} : { tenant }) };
}

/** Throws PolicyError with the place of the key where a configuration forbids every purge. */
function refuseForbidden(config: Config | undefined): void {
  const { deleted } = config ?? {};
  if (deleted?.purge !== 'never') return;
  const message = 'deleted.purge is never: nothing may be purged, and nothing was sent.';
  throw new PolicyError([{ ...deleted.origin, message: `${message} Whoever keeps this file can allow it.` }]);
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
