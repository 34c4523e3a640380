import type { Config } from '../../model/config.ts';
import { parseDuration } from '../../model/duration.ts';
import { defaultRequestTimeoutMs } from '../../model/retry.ts';
import type { Cloud, ParameterSetting, RuleChoice, RuleSettings } from '../../model/settings.ts';
import type { Severity } from '../../model/severity.ts';

/** Everything that a user can say about a scan, from flags or from the inputs of the action; unsaid is undefined. */
export interface ScanFlags {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  readonly inventory: string | undefined;
  readonly inventoryComplete?: boolean | undefined;
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
  readonly outputs: readonly string[];
}

/** The settings of one scan, complete. */
export interface ScanSettings extends RuleSettings {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  readonly inventory?: string;
  /** The user's word that a bare list in the inventory is whole. */
  readonly inventoryComplete: boolean;
  readonly exemptions?: string;
  readonly failOn: Severity;
  readonly allowIncomplete: boolean;
  readonly includeCompliant: boolean;
  readonly cloud: Cloud;
  /** The time that one request to Azure may take, with every retry and every wait. */
  readonly requestTimeoutMs: number;
  readonly outputs: readonly string[];
}

/**
 * Lays flags over a configuration file. A flag overrules what the file says of the same thing; policies and excluded
 * rules add up, and where resources come from (scope or inventory) is taken from one of the two, never mixed.
 */
export function mergeSettings(flags: ScanFlags, config: Config | undefined): ScanSettings {
  const exemptions = flags.exemptions ?? config?.exemptions;
  return {
    ...whereFrom(flags, config),
    policies: [...(config?.policies ?? []), ...flags.policies],
    defaultPolicies: flags.defaultPolicies && (config?.defaultPolicies ?? true),
    rules: orElse(flags.rules, config?.rules),
    excludeRules: [...(config?.excludeRules ?? []), ...flags.excludeRules],
    parameters: [...(config?.parameters ?? []), ...specialLast(flags.parameters)],
    severities: config?.severities ?? [],
    ...(exemptions === undefined ? {} : { exemptions }),
    failOn: flags.failOn ?? config?.failOn ?? 'low',
    allowIncomplete: flags.allowIncomplete ?? config?.allowIncomplete ?? false,
    includeCompliant: flags.includeCompliant ?? config?.includeCompliant ?? false,
    cloud: flags.cloud ?? config?.cloud ?? 'AzureCloud',
    requestTimeoutMs: flags.requestTimeoutMs ?? timeoutOf(config),
    outputs: orElse(flags.outputs, config?.output),
  };
}

function timeoutOf(config: Config | undefined): number {
  return config?.requestTimeout === undefined
    ? defaultRequestTimeoutMs
    : parseDuration(config.requestTimeout);
}

type Where = Pick<ScanSettings, 'subscriptions' | 'managementGroups' | 'inventory' | 'inventoryComplete'>;

function whereFrom(flags: ScanFlags, config: Config | undefined): Where {
  const { subscriptions, managementGroups, inventory } = flags;
  const said = subscriptions.length > 0 || managementGroups.length > 0 || inventory !== undefined;
  const from = said ? flags : config;
  return {
    subscriptions: from?.subscriptions ?? [],
    managementGroups: from?.managementGroups ?? [],
    ...(from?.inventory === undefined ? {} : { inventory: from.inventory }),
    // What a file says of its own inventory says nothing of another one.
    inventoryComplete: flags.inventoryComplete ?? from?.inventoryComplete ?? false,
  };
}

/** What is said of one rule overrules what is said of all, as in the file. */
function specialLast(settings: readonly ParameterSetting[]): readonly ParameterSetting[] {
  return settings.toSorted((a, b) => Number(a.rule !== undefined) - Number(b.rule !== undefined));
}

function orElse<T>(first: readonly T[], second: readonly T[] | undefined): readonly T[] {
  return first.length > 0 ? first : (second ?? []);
}
