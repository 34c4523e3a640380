import { type Command, InvalidArgumentError } from 'commander';
import type { Cloud } from '../model/cloud.ts';
import type { ParameterSetting, PathKind } from '../model/settings.ts';
import type { CoveragePartName } from '../model/source-name.ts';
import { tagPattern } from '../model/scan-filter.ts';
import type { Severity } from '../model/severity.ts';
import type { FindingGrouping, ReportView } from '../reporters/scan/format.ts';
import { namesFlag, repeatable } from './choice.ts';
import type { CodePaths } from '../usecases/settings/target.ts';
import type { NamedPath } from '../usecases/settings/named-paths.ts';
import { readParameterText } from '../usecases/settings/parameter-text.ts';
import type { SettingsRequest } from '../usecases/settings/read-settings.ts';
import type { ScanFlags } from '../usecases/settings/scan-settings.ts';
import { mistakesIn, type SettingMistake } from '../usecases/settings/setting-mistake.ts';
import type { DebugDetail } from './world.ts';

/** The flags of a scan as commander returns them. */
export interface ScanOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
  readonly resourceGroup?: readonly string[];
  readonly vault?: readonly string[];
  readonly tag?: readonly string[];
  readonly inventory?: string;
  readonly inventoryComplete?: true;
  readonly include?: readonly CoveragePartName[];
  readonly template?: string;
  readonly bicep?: string;
  readonly terraform?: string;
  readonly source?: string;
  readonly changedSince?: string;
  readonly showDeployed?: true;
  readonly parameters?: string;
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  readonly rule: readonly string[];
  readonly excludeRule: readonly string[];
  readonly framework: readonly string[];
  readonly config?: string | false;
  readonly exemptions?: string;
  readonly azureExemptions?: true;
  readonly param: readonly string[];
  readonly output: readonly string[];
  readonly failOn?: Severity;
  readonly baseline?: string;
  readonly failOnNew?: true;
  readonly archive?: string;
  readonly allowIncomplete?: true;
  readonly includeCompliant?: true;
  readonly full?: true;
  readonly cloud?: Cloud;
  readonly tenant?: string;
  readonly requestTimeout?: number;
  readonly vaultTimeout?: number;
  readonly sourceRoot?: string;
  readonly category?: string;
  readonly summary?: true;
  readonly verbose?: true;
  readonly groupBy?: FindingGrouping;
  readonly showSeverity?: Severity;
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: DebugDetail;
}

/** The settings that the flags of a scan request, over a configuration. */
export function settingsRequest(options: ScanOptions, config: string | undefined): SettingsRequest {
  const { parameters, mistakes } = readParameters(options.param);
  return { flags: { ...toScanFlags(options), parameters }, mistakes, config, paths: namedPaths(options) };
}

function readParameters(texts: readonly string[]) {
  const parameters: ParameterSetting[] = [];
  const mistakes: SettingMistake[] = [];
  for (const text of texts) {
    try {
      parameters.push(readParameterText(text, `--param ${text}`));
    } catch (error) {
      mistakes.push(...mistakesIn(error));
    }
  }
  return { parameters, mistakes };
}

/** The part of the report that the flags ask for. */
export function viewOf({ summary, verbose, groupBy, showSeverity }: ScanOptions): ReportView {
  const detail = summary === true ? 'summary' : verbose === true ? 'full' : 'lines';
  return {
    detail,
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(showSeverity === undefined ? {} : { showSeverity }),
  };
}

function toScanFlags(options: ScanOptions): Omit<ScanFlags, 'parameters'> {
  return {
    subscriptions: options.subscription,
    managementGroups: options.managementGroup,
    filter: {
      resourceGroups: options.resourceGroup ?? [],
      vaults: options.vault ?? [],
      tags: options.tag ?? [],
    },
    inventory: options.inventory,
    inventoryComplete: options.inventoryComplete,
    ...(options.include === undefined ? {} : { include: options.include }),
    code: codePaths(options),
    showDeployed: options.showDeployed,
    policies: options.policies,
    defaultPolicies: options.defaultPolicies,
    rules: options.rule.map((rule) => ({ rule, origin: `--rule ${rule}` })),
    excludeRules: options.excludeRule.map((rule) => ({ rule, origin: `--exclude-rule ${rule}` })),
    frameworks: options.framework.map((framework) => ({ framework, origin: `--framework ${framework}` })),
    exemptions: options.exemptions,
    azureExemptions: options.azureExemptions,
    failOn: options.failOn,
    baseline: options.baseline,
    failOnNew: options.failOnNew,
    archive: options.archive,
    allowIncomplete: options.allowIncomplete,
    includeCompliant: options.includeCompliant,
    cloud: options.cloud,
    tenantId: options.tenant,
    requestTimeoutMs: options.requestTimeout,
    vaultTimeoutMs: options.vaultTimeout,
    outputs: options.output,
  };
}

function codePaths({ template, bicep, terraform, source, parameters }: ScanOptions): CodePaths {
  return { template, bicep, terraform, source, parameters };
}

/** The paths that the flags of a scan name for it to read; `-` is standard input. */
function namedPaths(options: ScanOptions): readonly NamedPath[] {
  const { inventory, policies, exemptions, baseline, sourceRoot } = options;
  const code = Object.entries(codePaths(options));
  return [
    ...code.flatMap(([flag, path]) => named(`--${flag}`, path, flag === 'source' ? 'folder' : 'file')),
    ...(inventory === '-' ? [] : named('--inventory', inventory, 'file')),
    ...policyPaths(policies),
    ...named('--exemptions', exemptions, 'file'),
    ...named('--baseline', baseline, 'file'),
    ...named('--source-root', sourceRoot, 'folder'),
  ];
}

/** The paths that `--policies` names. */
export function policyPaths(policies: readonly string[]): readonly NamedPath[] {
  return policies.flatMap((path) => named('--policies', path, 'file or folder'));
}

function named(flag: string, path: string | undefined, kind: PathKind): readonly NamedPath[] {
  return path === undefined ? [] : [{ path, origin: `${flag} ${path}`, kind }];
}

/** Adds the flags that limit a scan to a part of its scope. */
export function addFilterFlags(command: Command): Command {
  return command
    .addOption(namesFlag('--resource-group <name>', 'only this resource group; * stands for any characters'))
    .addOption(namesFlag('--vault <name>', 'only this vault or managed HSM; * stands for any characters'))
    .addOption(repeatable('--tag <name[=value]>', 'only what has this tag').argParser(readTag));
}

function readTag(value: string, previous: readonly string[]): readonly string[] {
  if (!new RegExp(tagPattern).test(value))
    throw new InvalidArgumentError("It must be NAME=VALUE or NAME, and no apostrophe (') in the name.");
  return [...previous, value];
}
