import type { Config } from '../../model/config.ts';
import { parseDuration } from '../../model/duration.ts';
import { defaultRequestTimeoutMs, defaultVaultTimeoutMs } from '../../model/retry.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ParameterSetting, RuleSettings } from '../../model/settings.ts';
import type { CoveragePartName } from '../../model/source-name.ts';
import { mergeFilters, type ScanFilter } from '../../model/scan-filter.ts';
import type { Severity } from '../../model/severity.ts';
import type { ArchiveTarget, BaseCommit, Target } from '../../model/target.ts';
import type { RulePath } from './named-paths.ts';
import type { SettingMistake } from './setting-mistake.ts';
import { type CodePaths, readTarget } from './target.ts';

/** The settings of a scan that flags or the inputs of the action give; `undefined` where not given. */
export interface ScanFlags extends Omit<RuleSettings, 'parametersByScope' | 'severities'> {
  readonly subscriptions: readonly string[];
  readonly managementGroups: readonly string[];
  readonly filter?: ScanFilter;
  readonly inventory: string | undefined;
  readonly inventoryComplete?: boolean | undefined;
  readonly include?: readonly CoveragePartName[];
  /** Infrastructure code that is scanned before it is deployed. */
  readonly code?: CodePaths;
  /** The commit that it is compared with: only what has changed since then fails. */
  readonly changedSince?: BaseCommit | undefined;
  /** Says as well what is in Azure of what the code declares. */
  readonly showDeployed?: boolean | undefined;
  readonly exemptions: string | undefined;
  readonly azureExemptions?: boolean | undefined;
  readonly failOn: Severity | undefined;
  readonly baseline?: string | undefined;
  readonly archive?: string | undefined;
  /** A target that no other flag names: the facts of an archived scan. */
  readonly target?: ArchiveTarget | undefined;
  readonly failOnNew?: boolean | undefined;
  readonly allowIncomplete: boolean | undefined;
  readonly includeCompliant: boolean | undefined;
  readonly cloud: Cloud | undefined;
  readonly tenantId?: string | undefined;
  readonly requestTimeoutMs: number | undefined;
  readonly vaultTimeoutMs?: number | undefined;
  readonly outputs: readonly string[];
}

/** The settings of one scan, complete. */
export interface ScanSettings extends RuleSettings {
  readonly target: Target;
  /** Absent where nothing in the target is left out. */
  readonly filter?: ScanFilter;
  readonly exemptions?: string;
  /** The exemptions of Azure Policy count as well. */
  readonly azureExemptions: boolean;
  readonly failOn: Severity;
  /** The file of the report that the scan is compared with. */
  readonly baseline?: string;
  /** The folder of the archive that the scan is added to. */
  readonly archive?: string;
  /** The commit whose code is the baseline. */
  readonly changedSince?: BaseCommit;
  /** Only what is new or worse since the baseline fails. */
  readonly failOnNew: boolean;
  readonly allowIncomplete: boolean;
  readonly includeCompliant: boolean;
  readonly cloud: Cloud;
  /** The tenant to sign in to; where it is left out, the sign-in decides. */
  readonly tenantId?: string;
  /** The time that one request to Azure may take, with every retry and every wait. */
  readonly requestTimeoutMs: number;
  /** The time that a vault has to answer a request for what is in it, retries and waits included. */
  readonly vaultTimeoutMs: number;
  readonly outputs: readonly string[];
}

/** The settings as far as they are right, for `loadPolicies`, which refuses them where there are mistakes. */
export interface SettingsRead {
  readonly config: Config | undefined;
  readonly settings: ScanSettings;
  /** `settings.policies`, each with the place where it is named. */
  readonly policyPaths: readonly RulePath[];
  readonly mistakes: readonly SettingMistake[];
  /** False where rules may be missing, because a mistake hides where they are. */
  readonly namesAllRules: boolean;
}

/**
 * Merges flags into a configuration file. A flag overrules the same setting of the file; policies and excluded rules
 * add up, and the target is taken from one of the two, never mixed. Throws UsageError where it names two.
 */
export function mergeSettings(flags: ScanFlags, config: Config | undefined): ScanSettings {
  const exemptions = flags.exemptions ?? config?.exemptions;
  const tenantId = flags.tenantId ?? config?.tenant;
  const { changedSince } = flags;
  // A commit takes the place of the baseline of the file.
  const baseline = flags.baseline ?? (changedSince === undefined ? config?.baseline : undefined);
  const archived = flags.target;
  const target = archived ?? targetOf(flags, config);
  // What is archived is not added again, and what is not deployed yet was never there.
  const isThere = target.kind === 'live' || target.kind === 'inventory';
  const archive = isThere ? (flags.archive ?? config?.archive) : undefined;
  // What was left out of an archived scan is not there, and the rest is judged.
  const filter = archived === undefined ? mergeFilters(config ?? {}, flags.filter ?? {}) : undefined;
  // What takes the place of Azure takes that of what the file reads from it.
  const fromFile = isThere && flags.inventory === undefined ? config?.azureExemptions : undefined;
  return {
    target,
    ...(filter === undefined ? {} : { filter }),
    policies: [...(config?.policies ?? []), ...flags.policies],
    defaultPolicies: flags.defaultPolicies && (config?.defaultPolicies ?? true),
    rules: firstNonEmpty(flags.rules, config?.rules),
    excludeRules: [...(config?.excludeRules ?? []), ...flags.excludeRules],
    frameworks: firstNonEmpty(flags.frameworks ?? [], config?.frameworks),
    parameters: [...(config?.parameters ?? []), ...specificLast(flags.parameters)],
    parametersByScope: config?.parametersByScope ?? [],
    severities: config?.severities ?? [],
    ...(exemptions === undefined ? {} : { exemptions }),
    azureExemptions: flags.azureExemptions ?? fromFile ?? false,
    failOn: flags.failOn ?? config?.failOn ?? 'low',
    ...(baseline === undefined ? {} : { baseline }),
    ...(archive === undefined ? {} : { archive }),
    ...(changedSince === undefined ? {} : { changedSince }),
    failOnNew: changedSince !== undefined || (flags.failOnNew ?? config?.failOnNew ?? false),
    allowIncomplete: flags.allowIncomplete ?? config?.allowIncomplete ?? false,
    includeCompliant: flags.includeCompliant ?? config?.includeCompliant ?? false,
    ...(tenantId === undefined ? {} : { tenantId }),
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
  const { subscriptions, managementGroups, inventory, code, archive, include = [] } = flags;
  const { changedSince, showDeployed } = flags;
  const isCode = code !== undefined && Object.values(code).some((path) => path !== undefined);
  const isOffline = inventory !== undefined || isCode;
  // An inventory or code of the command line takes the place of Azure, and of what the file reads from it.
  const added = firstNonEmpty(include, isOffline ? undefined : config?.include);
  const isGiven = subscriptions.length > 0 || managementGroups.length > 0 || isOffline;
  // Where code is looked for in Azure, the file may say where.
  const fromFile = showDeployed === true && subscriptions.length + managementGroups.length === 0;
  const scope = fromFile
    ? { subscriptions: config?.subscriptions ?? [], managementGroups: config?.managementGroups ?? [] }
    : { subscriptions, managementGroups };
  // A file's statement about its own inventory does not apply to another one.
  return readTarget({
    ...(isGiven ? { ...scope, inventory, code, archive } : config),
    inventoryComplete: flags.inventoryComplete ?? (isGiven ? undefined : config?.inventoryComplete),
    include: added,
    changedSince,
    showDeployed,
  });
}

/** A setting for one rule overrules a setting for all, as in the file. */
function specificLast(settings: readonly ParameterSetting[]): readonly ParameterSetting[] {
  return settings.toSorted((a, b) => Number(a.rule !== undefined) - Number(b.rule !== undefined));
}

function firstNonEmpty<T>(first: readonly T[], second: readonly T[] | undefined): readonly T[] {
  return first.length > 0 ? first : (second ?? []);
}
