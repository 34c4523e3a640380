import { findConfig, policyFiles } from '../files/policy-files.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { readConfiguration } from '../usecases/settings/read-settings.ts';
import { refuseMistakes } from '../usecases/settings/setting-mistake.ts';
import type { ChangeOptions } from './deleted-options.ts';
import type { World } from './world.ts';

/**
 * Refuses a purge that the configuration forbids: that of `--config`, or the nearest purgeproof.yaml in the working folder
 * or above it, which standard error names. Throws PolicyError with the place of the key.
 */
export async function refuseForbiddenPurge(
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
