import type { Config, ConfigPath } from '../../model/config.ts';
import type { PathKind, PolicyFiles } from '../../model/settings.ts';
import { readConfig } from './load-policies.ts';
import { type NamedPath, refuseMissing } from './named-paths.ts';
import { mergeSettings, type ScanFlags, type ScanSettings } from './scan-settings.ts';

/** What a user says about a scan: the flags, and the paths that these and others name. */
export interface SettingsRequest {
  readonly flags: ScanFlags;
  readonly config: string | undefined;
  readonly paths: readonly NamedPath[];
}

/** Reads the configuration and lays the flags over it. Throws with every path that leads nowhere, before any is read. */
export async function readSettings(
  { flags, config: path, paths }: SettingsRequest,
  files: PolicyFiles,
): Promise<{ readonly config: Config | undefined; readonly settings: ScanSettings }> {
  if (path !== undefined && (await files.describeMismatch(path, 'file')) !== undefined) {
    await refuseMissing([{ path, origin: `--config ${path}`, kind: 'file' }, ...paths], files);
  }
  const config = await readConfig(files, path);
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

/** What a flag overrides is not read, and need not be there. */
function isInForce({ key, path }: ConfigPath, flags: ScanFlags, settings: ScanSettings): boolean {
  if (key === 'policies') return true;
  return flags[key] === undefined && settings[key] === path;
}
