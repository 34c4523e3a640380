import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { resolvedPathOf } from '../files/destinations/file-identity.ts';
import type { Destination } from '../model/destination.ts';
import { UsageError } from '../model/errors.ts';
import { shellPath } from '../reporters/text/shell.ts';
import { terminalText } from '../reporters/text/terminal.ts';
import { tell } from './terminal.ts';
import type { World } from './world.ts';

/** The flags that decide which configuration file is read; `false` for none. */
export interface ConfigurationFlags {
  readonly config?: string | false;
  readonly quiet?: true;
}

/**
 * The path of the configuration in force: that of `--config`, or the nearest purgeproof.yaml in the working folder or above
 * it, which standard error names; `undefined` where there is none, or with `--no-config`.
 */
export async function configurationOf(
  { config, quiet }: ConfigurationFlags,
  world: Pick<World, 'cwd' | 'stderr'>,
): Promise<string | undefined> {
  if (config !== undefined) return config === false ? undefined : config;
  const found = await findConfig(world.cwd);
  if (found !== undefined && quiet !== true) await tell(`Configuration: ${terminalText(found)}`, world);
  return found;
}

/**
 * Refuses files that a configuration which was found, and not named, would write outside its own folder, by whatever links:
 * nobody needs to have read what lies in a checkout. Throws UsageError with all of them.
 */
export async function refuseStrays(
  destinations: readonly Pick<Destination, 'path'>[],
  { config, cwd, kind }: StrayFiles,
): Promise<void> {
  const folder = await resolvedPathOf({ path: dirname(config), cwd });
  const stray: string[] = [];
  for (const { path } of destinations) {
    if (path === undefined) continue;
    const way = relative(folder, await resolvedPathOf({ path, cwd }));
    if (isAbsolute(way) || way.split(sep)[0] === '..') stray.push(path);
  }
  if (stray.length === 0) return;
  const [writes, instead] = strayWords[kind];
  throw new UsageError(
    stray
      .map((path) => `${config} was found, not named, and would ${writes} outside its folder: ${path}.`)
      .join('\n'),
    `Read it, then name it with --config ${shellPath(config)}, or ${instead}.`,
  );
}

const strayWords = {
  reports: ['write a report', 'choose the reports with --output'],
  exemptions: ['add to a file', 'name the file with --exemptions'],
} as const;

/** A configuration that was found, and what it would have written. */
interface StrayFiles {
  readonly config: string;
  readonly cwd: string;
  readonly kind: keyof typeof strayWords;
}

const configName = 'purgeproof.yaml';

/**
 * The path of the configuration file in a folder, or in the nearest one above it; `undefined` where there is none. One
 * that cannot be read is returned like any other: whoever reads it is to say so.
 */
async function findConfig(cwd: string): Promise<string | undefined> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    const isThere = await stat(path).then(
      (found) => !found.isDirectory(),
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
    );
    if (isThere) return relative(cwd, path).split(sep).join('/');
    if (folder === dirname(folder)) return undefined;
  }
}
