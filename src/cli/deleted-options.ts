import { findConfig, policyFiles } from '../files/policy-files.ts';
import type { Cloud } from '../model/cloud.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { readConfiguration } from '../usecases/settings/read-settings.ts';
import { refuseMistakes } from '../usecases/settings/setting-mistake.ts';
import type { World } from './world.ts';

/** The flags of every command about recycle bins. */
export interface DeletedOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
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
  /** Everything that was deleted, rather than what is named; `deletedSince` limits it. */
  readonly all?: true;
  readonly deletedSince?: Date;
  readonly confirm?: string;
  readonly allowDependants?: true;
  /** The configuration that may forbid a purge. */
  readonly config?: string;
}

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
