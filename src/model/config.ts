import type { Location } from './location.ts';
import type { Cloud } from './cloud.ts';
import type { ResourceScope } from './resource-scope.ts';
import type { Risk } from './risk.ts';
import type {
  FrameworkChoice,
  ParameterSetting,
  RuleChoice,
  ScopedParameters,
  SeveritySetting,
} from './settings.ts';
import type { Severity } from './severity.ts';
import type { CoveragePartName } from './source-name.ts';

/** A file or folder that a configuration names for a scan to read, and where. */
export interface ConfigPath {
  readonly key: 'inventory' | 'policies' | 'exemptions' | 'baseline';
  readonly path: string;
  readonly origin: Location;
}

/** A configuration that another one is laid over, as written, and where it is named. */
interface ExtendedConfig {
  readonly path: string;
  readonly origin: Location;
}

/** A configuration file (`purgeproof.yaml`), validated. Paths are as written: relative to the file. What is
 * said of rules and parameters carries its place, because whether they exist is not known here. */
export interface Config {
  readonly file: string;
  /** The configurations that it is laid over, each over the one before it. */
  readonly extends: readonly ExtendedConfig[];
  /** The files that it was laid over, the lowest first; absent in a file as it was read. */
  readonly below?: readonly string[];
  /** The place of each key that is written. */
  readonly places: Readonly<Partial<Record<string, Location>>>;
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  /** The lists of a filter. */
  readonly resourceGroups?: readonly string[];
  readonly vaults?: readonly string[];
  readonly tags?: readonly string[];
  readonly inventory?: string;
  readonly inventoryComplete?: boolean;
  /** The parts that are scanned in addition. */
  readonly include?: readonly CoveragePartName[];
  readonly policies?: readonly string[];
  readonly defaultPolicies?: boolean;
  readonly rules?: readonly RuleChoice[];
  readonly excludeRules?: readonly RuleChoice[];
  readonly frameworks?: readonly FrameworkChoice[];
  readonly parameters: readonly ParameterSetting[];
  readonly parametersByScope: readonly ScopedParameters[];
  readonly severities: readonly SeveritySetting[];
  readonly exemptions?: string;
  readonly azureExemptions?: boolean;
  readonly baseline?: string;
  /** The folder of an archive, which may not exist yet. */
  readonly archive?: string;
  /** Every path of `inventory`, `policies`, `exemptions` and `baseline`, with its place. */
  readonly paths: readonly ConfigPath[];
  readonly failOn?: Severity;
  readonly failOnNew?: boolean;
  readonly allowIncomplete?: boolean;
  readonly includeCompliant?: boolean;
  readonly cloud?: Cloud;
  /** The id of the tenant to sign in to, in lower case. */
  readonly tenant?: string;
  /** Such as `10m`. */
  readonly requestTimeout?: string;
  /** Such as `10s`. */
  readonly vaultTimeout?: string;
  /** `FORMAT` or `FORMAT=PATH`, as on the command line. */
  readonly output?: readonly string[];
  /** Rules for what is deleted. */
  readonly deleted?: DeletedConfig;
  /** The limits on writes of every file that has some; each of them holds. */
  readonly writes: readonly WriteLimits[];
}

/** The limits of one file on what commands change. */
export interface WriteLimits {
  readonly allow?: { readonly risks: readonly Risk[]; readonly origin: Location };
  readonly maxChanges?: { readonly most: number; readonly origin: Location };
  /** Scopes in which nothing is changed. They have no tags. */
  readonly never: readonly { readonly scope: ResourceScope; readonly origin: Location }[];
}

/** The limits on what commands do with what is deleted; `origin` is the place of `purge`. */
export interface DeletedConfig {
  readonly purge: 'allowed' | 'never';
  readonly origin: Location;
}
