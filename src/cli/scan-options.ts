import type { Cloud } from '../model/cloud.ts';
import type { PathKind } from '../model/settings.ts';
import type { CoveragePartName } from '../model/source-name.ts';
import type { Severity } from '../model/severity.ts';
import type { NamedPath } from '../usecases/settings/named-paths.ts';
import { readParameterText } from '../usecases/settings/parameter-text.ts';
import type { SettingsRequest } from '../usecases/settings/read-settings.ts';
import type { ScanFlags } from '../usecases/settings/scan-settings.ts';

/** The flags of a scan as commander returns them. */
export interface ScanOptions {
  readonly subscription: readonly string[];
  readonly managementGroup: readonly string[];
  readonly inventory?: string;
  readonly inventoryComplete?: true;
  readonly include?: readonly CoveragePartName[];
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  readonly rule: readonly string[];
  readonly excludeRule: readonly string[];
  readonly config?: string;
  readonly exemptions?: string;
  readonly param: readonly string[];
  readonly output: readonly string[];
  readonly failOn?: Severity;
  readonly allowIncomplete?: true;
  readonly includeCompliant?: true;
  readonly full?: true;
  readonly cloud?: Cloud;
  readonly requestTimeout?: number;
  readonly vaultTimeout?: number;
  readonly sourceRoot?: string;
  readonly category?: string;
  readonly color: boolean;
  readonly quiet?: true;
  readonly debug?: true;
}

/** The settings that the flags of a scan request. */
export function settingsRequest(options: ScanOptions): SettingsRequest {
  return { flags: toScanFlags(options), config: options.config, paths: namedPaths(options) };
}

function toScanFlags(options: ScanOptions): ScanFlags {
  return {
    subscriptions: options.subscription,
    managementGroups: options.managementGroup,
    inventory: options.inventory,
    inventoryComplete: options.inventoryComplete,
    ...(options.include === undefined ? {} : { include: options.include }),
    policies: options.policies,
    defaultPolicies: options.defaultPolicies,
    rules: options.rule.map((rule) => ({ rule, origin: `--rule ${rule}` })),
    excludeRules: options.excludeRule.map((rule) => ({ rule, origin: `--exclude-rule ${rule}` })),
    parameters: options.param.map((text) => readParameterText(text, `--param ${text}`)),
    exemptions: options.exemptions,
    failOn: options.failOn,
    allowIncomplete: options.allowIncomplete,
    includeCompliant: options.includeCompliant,
    cloud: options.cloud,
    requestTimeoutMs: options.requestTimeout,
    vaultTimeoutMs: options.vaultTimeout,
    outputs: options.output,
  };
}

/** The paths that the flags of a scan name for it to read; `-` is standard input. */
function namedPaths({ inventory, policies, exemptions, sourceRoot }: ScanOptions): readonly NamedPath[] {
  return [
    ...(inventory === '-' ? [] : named('--inventory', inventory, 'file')),
    ...policyPaths(policies),
    ...named('--exemptions', exemptions, 'file'),
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
