import type { Location } from './location.ts';
import type { Cloud } from './cloud.ts';
import type { ParameterSetting, RuleChoice, SeveritySetting } from './settings.ts';
import type { Severity } from './severity.ts';
import type { CoveragePartName } from './source-name.ts';

/** A file or folder that a configuration names for a scan to read, and where. */
export interface ConfigPath {
  readonly key: 'inventory' | 'policies' | 'exemptions';
  readonly path: string;
  readonly origin: Location;
}

/** A configuration file (`purgeproof.yaml`), validated. Paths are as written: relative to the file. What is
 * said of rules and parameters carries its place, because whether they exist is not known here. */
export interface Config {
  readonly file: string;
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly inventory?: string;
  readonly inventoryComplete?: boolean;
  /** The parts that are scanned in addition. */
  readonly include?: readonly CoveragePartName[];
  readonly policies?: readonly string[];
  readonly defaultPolicies?: boolean;
  readonly rules?: readonly RuleChoice[];
  readonly excludeRules?: readonly RuleChoice[];
  readonly parameters: readonly ParameterSetting[];
  readonly severities: readonly SeveritySetting[];
  readonly exemptions?: string;
  /** Every path of `inventory`, `policies` and `exemptions`, with its place. */
  readonly paths: readonly ConfigPath[];
  readonly failOn?: Severity;
  readonly allowIncomplete?: boolean;
  readonly includeCompliant?: boolean;
  readonly cloud?: Cloud;
  /** Such as `10m`. */
  readonly requestTimeout?: string;
  /** Such as `10s`. */
  readonly vaultTimeout?: string;
  /** `FORMAT` or `FORMAT=PATH`, as on the command line. */
  readonly output?: readonly string[];
  /** Rules for what is deleted. */
  readonly deleted?: DeletedConfig;
}

/** The limits on what commands do with what is deleted; `origin` is the place of `purge`. */
export interface DeletedConfig {
  readonly purge: 'allowed' | 'never';
  readonly origin: Location;
}
