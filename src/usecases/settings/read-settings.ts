import type { Config, ConfigPath } from '../../model/config.ts';
import type { PathKind, PolicyFiles } from '../../model/settings.ts';
import { type NamedPath, refuseMissing } from './named-paths.ts';
import { mergeSettings, type ScanFlags, type ScanSettings } from './scan-settings.ts';

/** The flags of a scan, its configuration file, and the paths that flags name. */
export interface SettingsRequest {
  readonly flags: ScanFlags;
  readonly config: string | undefined;
  readonly paths: readonly NamedPath[];
}

/** Reads the configuration and merges the flags into it. Throws with every path that does not exist, before any is read. */
export async function readSettings(
  { flags, config: path, paths }: SettingsRequest,
  files: PolicyFiles,
): Promise<{ readonly config: Config | undefined; readonly settings: ScanSettings }> {
  if (path !== undefined && (await files.describeMismatch(path, 'file')) !== undefined) {
    await refuseMissing([{ path, origin: `--config ${path}`, kind: 'file' }, ...paths], files);
  }
  const config = await readConfiguration(files, path);
  const settings = mergeSettings(flags, config);
  const inForce = (config?.paths ?? []).filter((each) => isInForce(each, flags, settings));
  const named = inForce.map(({ key, path: of, origin }) => ({ path: of, origin, kind: kinds[key] }));
  await refuseMissing([...named, ...paths], files);
  return { config, settings };
}

const kinds: Readonly<Record<ConfigPath['key'], PathKind>> = {
  inventory: 'file',
  policies: 'file or folder',
  exemptions: 'file',
};

/** A path that a flag overrides is not read, and need not exist. */
function isInForce({ key, path }: ConfigPath, flags: ScanFlags, settings: ScanSettings): boolean {
  if (key === 'policies') return true;
  if (flags[key] !== undefined) return false;
  if (key === 'exemptions') return settings.exemptions === path;
  return settings.target.kind === 'inventory' && settings.target.file === path;
}

/** Loads the configuration file, if one is named; returns its paths relative to the current folder. */
export async function readConfiguration(
  files: PolicyFiles,
  path: string | undefined,
): Promise<Config | undefined> {
  if (path === undefined) return undefined;
  const { loadConfig } = await import('./user-files.ts');
  const config = loadConfig(await files.readFile(path));
  const { policies, exemptions, inventory, output, paths, ...rest } = config;
  const fromFile = (named: string): string => files.relativeTo(path, named);
  return {
    ...rest,
    paths: paths.map(({ key, path: named, origin }) => ({ key, path: fromFile(named), origin })),
    ...(policies === undefined ? {} : { policies: policies.map(fromFile) }),
    ...(exemptions === undefined ? {} : { exemptions: fromFile(exemptions) }),
    ...(inventory === undefined ? {} : { inventory: fromFile(inventory) }),
    ...(output === undefined ? {} : { output: output.map((each) => outputFromFile(each, fromFile)) }),
  };
}

function outputFromFile(output: string, fromFile: (path: string) => string): string {
  const [format = '', ...path] = output.split('=');
  return path.length === 0 ? format : `${format}=${fromFile(path.join('='))}`;
}
