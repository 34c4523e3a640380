import type { Cloud, ParameterSetting } from './settings.ts';
import type { Severity } from './severity.ts';

/** A configuration file (`purgeproof.yaml`), validated. Paths are as written: relative to the file. */
export interface Config {
  readonly file: string;
  readonly subscriptions?: readonly string[];
  readonly managementGroups?: readonly string[];
  readonly inventory?: string;
  readonly policies?: readonly string[];
  readonly defaultPolicies?: boolean;
  readonly rules?: readonly string[];
  readonly excludeRules?: readonly string[];
  /** Values for parameters, each with the place that says so as its origin. */
  readonly parameters: readonly ParameterSetting[];
  readonly severities: Readonly<Record<string, Severity>>;
  readonly exemptions?: string;
  readonly failOn?: Severity;
  readonly allowIncomplete?: boolean;
  readonly includeCompliant?: boolean;
  readonly cloud?: Cloud;
  /** `FORMAT` or `FORMAT=PATH`, as on the command line. */
  readonly output?: readonly string[];
}
