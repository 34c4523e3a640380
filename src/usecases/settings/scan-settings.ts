import type { Config } from '../../model/config.ts';
import { parseDuration } from '../../model/duration.ts';
import { defaultRequestTimeoutMs, defaultVaultTimeoutMs } from '../../model/retry.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ParameterSetting, RuleChoice, RuleSettings } from '../../model/settings.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import type { Severity } from '../../model/severity.ts';
import type { Target } from '../../model/target.ts';
import { readTarget } from './target.ts';

/** The settings of a scan that flags or the inputs of the action give; `undefined` where not given. */
export interface ScanFlags {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  readonly inventory: string | undefined;
  readonly inventoryComplete?: boolean | undefined;
  readonly include?: readonly CoveragePartName[];
  readonly policies: readonly string[];
  readonly defaultPolicies: boolean;
  readonly rules: readonly RuleChoice[];
  readonly excludeRules: readonly RuleChoice[];
  readonly parameters: readonly ParameterSetting[];
  readonly exemptions: string | undefined;
  readonly failOn: Severity | undefined;
  readonly allowIncomplete: boolean | undefined;
  readonly includeCompliant: boolean | undefined;
  readonly cloud: Cloud | undefined;
  readonly requestTimeoutMs: number | undefined;
  readonly vaultTimeoutMs?: number | undefined;
  readonly outputs: readonly string[];
}

/** The settings of one scan, complete. */
export interface ScanSettings extends RuleSettings {
  readonly target: Target;
  readonly exemptions?: string;
  readonly failOn: Severity;
  readonly allowIncomplete: boolean;
  readonly includeCompliant: boolean;
  readonly cloud: Cloud;
  /** The time that one request to Azure may take, with every retry and every wait. */
  readonly requestTimeoutMs: number;
  /** The time that a vault has to answer a request for what is in it, retries and waits included. */
  readonly vaultTimeoutMs: number;
  readonly outputs: readonly string[];
}

/**
 * Merges flags into a configuration file. A flag overrules the same setting of the file; policies and excluded rules
 * add up, and the target is taken from one of the two, never mixed. Throws UsageError where it names two.
 */
export function mergeSettings(flags: ScanFlags, config: Config | undefined): ScanSettings {
  const exemptions = flags.exemptions ?? config?.exemptions;
  return {
    target: targetOf(flags, config),
    policies: [...(config?.policies ?? []), ...flags.policies],
    defaultPolicies: flags.defaultPolicies && (config?.defaultPolicies ?? true),
    rules: firstNonEmpty(flags.rules, config?.rules),
    excludeRules: [...(config?.excludeRules ?? []), ...flags.excludeRules],
    parameters: [...(config?.parameters ?? []), ...specificLast(flags.parameters)],
    severities: config?.severities ?? [],
    ...(exemptions === undefined ? {} : { exemptions }),
    failOn: flags.failOn ?? config?.failOn ?? 'low',
    allowIncomplete: flags.allowIncomplete ?? config?.allowIncomplete ?? false,
    includeCompliant: flags.includeCompliant ?? config?.includeCompliant ?? false,
    cloud: flags.cloud ?? config?.cloud ?? 'AzureCloud',
    requestTimeoutMs: flags.requestTimeoutMs ?? timeoutOf(config?.requestTimeout, defaultRequestTimeoutMs),
    vaultTimeoutMs: flags.vaultTimeoutMs ?? timeoutOf(config?.vaultTimeout, defaultVaultTimeoutMs),
    outputs: firstNonEmpty(flags.outputs, config?.output),
  };
}

function timeoutOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : parseDuration(text);
}

function targetOf(flags: ScanFlags, config: Config | undefined): Target {
  const { subscriptions, managementGroups, inventory, inventoryComplete, include = [] } = flags;
  // An inventory of the command line takes the place of Azure, and of what the file reads from it.
  const added = firstNonEmpty(include, inventory === undefined ? config?.include : undefined);
  const isGiven = subscriptions.length > 0 || managementGroups.length > 0 || inventory !== undefined;
  // A file's statement about its own inventory does not apply to another one.
  return readTarget({
    ...(isGiven ? { subscriptions, managementGroups, inventory } : config),
    inventoryComplete: inventoryComplete ?? (isGiven ? undefined : config?.inventoryComplete),
    include: added,
  });
}

/** A setting for one rule overrules a setting for all, as in the file. */
function specificLast(settings: readonly ParameterSetting[]): readonly ParameterSetting[] {
  return settings.toSorted((a, b) => Number(a.rule !== undefined) - Number(b.rule !== undefined));
}

function firstNonEmpty<T>(first: readonly T[], second: readonly T[] | undefined): readonly T[] {
  return first.length > 0 ? first : (second ?? []);
}
