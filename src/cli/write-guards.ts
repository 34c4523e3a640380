import { Option } from 'commander';
import type { Config } from '../model/config.ts';
import type { PolicyFiles } from '../model/settings.ts';
import { readConfiguration } from '../usecases/settings/read-configs.ts';
import { type GuardFacts, type WriteGuard, writeGuard } from '../usecases/write/guards.ts';
import { configurationOf } from './configuration.ts';
import type { World } from './world.ts';

/** The flag for the configuration of a command that writes. There is none to do without. */
export function guardsFlag(): Option {
  return new Option(
    '--config <file>',
    'configuration that may limit what is changed; the purgeproof.yaml in the working folder or above it when left out',
  );
}

/** Reads the configuration that limits a command. Throws UsageError or PolicyError where it is mistaken: then nothing is allowed. */
export async function readGuards(
  files: PolicyFiles,
  options: { readonly config?: string; readonly quiet?: true },
  world: World,
): Promise<Config | undefined> {
  return readConfiguration(files, await configurationOf(options, world));
}

/** The guard that a configuration sets; none where it sets no limit. */
export function guardOf(
  config: Pick<Config, 'writes'> | undefined,
  facts: GuardFacts,
): WriteGuard | undefined {
  return config === undefined || config.writes.length === 0 ? undefined : writeGuard(config.writes, facts);
}
