import type { ConfigPath } from '../../model/config.ts';
import type { PathKind, PolicyFiles } from '../../model/settings.ts';
import { missingAmong, type NamedPath } from './named-paths.ts';
import { readConfigs } from './read-configs.ts';
import { mergeSettings, type ScanFlags, type ScanSettings, type SettingsRead } from './scan-settings.ts';
import { collectMistakes, type SettingMistake } from './setting-mistake.ts';
import type { TargetSettings } from './target.ts';

/** The flags of a scan, its configuration file, and the paths that flags name. */
export interface SettingsRequest {
  readonly flags: ScanFlags;
  /** The mistakes of flags that could not be read. */
  readonly mistakes?: readonly SettingMistake[];
  readonly config: string | undefined;
  readonly paths: readonly NamedPath[];
}

/** Reads the configuration and merges the flags into it. What is mistaken is left out, and told among the mistakes. */
export async function readSettings(
  { flags, mistakes: inFlags = [], config: path, paths }: SettingsRequest,
  files: PolicyFiles,
): Promise<SettingsRead> {
  const { value: config, mistakes: inFile } = await readConfigs(files, path);
  const merged = await collectMistakes(() => mergeSettings(flags, config), undefined);
  const settings = merged.value ?? mergeSettings(withoutTarget(flags), config && withoutTarget(config));
  const inForce = (config?.paths ?? []).filter((each) => isInForce(each, flags, settings));
  const named = [
    ...inForce.map(({ key, path: of, origin }) => ({ path: of, origin, kind: kinds[key] })),
    ...paths,
  ];
  const missing = await missingAmong(named, files);
  const isThere = (wanted: string): boolean => missing.every(({ path: lost }) => lost !== wanted);
  const policies = settings.policies.filter(isThere);
  const { exemptions, ...others } = settings;
  return {
    config,
    settings: {
      ...others,
      policies,
      ...(exemptions === undefined || !isThere(exemptions) ? {} : { exemptions }),
    },
    policyPaths: policies.map(
      (path) =>
        named.find((one) => one.kind === kinds.policies && one.path === path) ?? { path, origin: path },
    ),
    mistakes: [
      ...inFile,
      ...inFlags,
      ...merged.mistakes,
      ...missing.map(({ mistake }) => mistake),
      ...(settings.failOnNew && settings.baseline === undefined && settings.changedSince === undefined
        ? [noBaseline]
        : []),
      ...(settings.baseline !== undefined && settings.changedSince !== undefined ? [twoBaselines] : []),
      ...(settings.azureExemptions && settings.target.kind !== 'live' ? [noAzure] : []),
    ],
    namesAllRules: inFile.length === 0 && policies.length === settings.policies.length,
  };
}

const noBaseline: SettingMistake = {
  message: '--fail-on-new needs a baseline.',
  hint: 'Name the report of an earlier scan: --baseline FILE',
};

const twoBaselines: SettingMistake = {
  message:
    'A scan is compared once: with a report (--baseline), or with the code of a commit (--changed-since).',
  hint: 'Leave out one of them.',
};

const noAzure: SettingMistake = {
  message:
    '--azure-exemptions (azureExemptions) reads Azure, and neither an inventory nor code is scanned with it.',
  hint: 'Leave it out, or scan Azure.',
};

/** Settings that name no target, and so no two of them. */
function withoutTarget<T extends TargetSettings>(settings: T): T {
  return {
    ...settings,
    subscriptions: [],
    managementGroups: [],
    inventory: undefined,
    inventoryComplete: undefined,
    include: [],
    code: undefined,
    changedSince: undefined,
    showDeployed: undefined,
  };
}

const kinds: Readonly<Record<ConfigPath['key'], PathKind>> = {
  inventory: 'file',
  policies: 'file or folder',
  exemptions: 'file',
  baseline: 'file',
};

/** A path that a flag overrides is not read, and need not exist. */
function isInForce({ key, path }: ConfigPath, flags: ScanFlags, settings: ScanSettings): boolean {
  if (key === 'policies') return true;
  if (flags[key] !== undefined) return false;
  if (key === 'exemptions' || key === 'baseline') return settings[key] === path;
  return settings.target.kind === 'inventory' && settings.target.file === path;
}
