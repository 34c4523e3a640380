import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { ResourceScope } from './resource-scope.ts';
import type { Rule } from './rule.ts';
import type { Severity } from './severity.ts';

/** The origin of a setting: a flag as written, or a place in a configuration file. */
export type Origin = string | Location;

/** A rule that a scan is to judge by, or to leave out. */
export interface RuleChoice {
  readonly rule: string;
  readonly origin: Origin;
}

/** A framework by whose controls rules are selected, and the report has verdicts. */
export interface FrameworkChoice {
  readonly framework: string;
  readonly origin: Origin;
}

/** Another severity for a rule. */
export interface SeveritySetting extends RuleChoice {
  readonly severity: Severity;
}

/** A value for a parameter. Without `rule` it is meant for every rule that has a parameter of this name. */
export interface ParameterSetting {
  readonly rule?: string;
  readonly name: string;
  /** A value from a file, or text from a command line that the parameter's type will read. */
  readonly given: { readonly value: Json } | { readonly text: string };
  readonly origin: Origin;
}

/** Parameter values for a part of what is scanned. */
export interface ScopedParameters {
  readonly scope: ResourceScope;
  readonly parameters: readonly ParameterSetting[];
  readonly origin: Location;
  /** Of scopes that are equally specific, the higher layer decides: a file is laid over those that it extends. */
  readonly layer: number;
}

/** The rules of a scan and their tuning. Ids are compared in any letter case. */
export interface RuleSettings {
  /** Files and folders of the user's own rules. */
  readonly policies: readonly string[];
  /** False: the built-in rules are left out. */
  readonly defaultPolicies: boolean;
  /** Only these rules; none named means all. */
  readonly rules: readonly RuleChoice[];
  readonly excludeRules: readonly RuleChoice[];
  /** Of these, only rules that serve controls of one of these frameworks; none named means any rule. */
  readonly frameworks?: readonly FrameworkChoice[];
  /** In order of precedence: a later setting overrules an earlier one. */
  readonly parameters: readonly ParameterSetting[];
  /** Overrule the parameters of a file, and not those of flags. */
  readonly parametersByScope?: readonly ScopedParameters[];
  readonly severities: readonly SeveritySetting[];
}

/** A file that the user wrote or that ships with purgeproof, as read. */
export interface PolicyFile {
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly builtIn: boolean;
  /** The paths that lead to it, where there are several: a folder, and the file itself. */
  readonly givenAs?: readonly string[];
}

/** The kind of file that a path must lead to. */
export type PathKind = 'file' | 'folder' | 'file or folder';

/** The source of rules and of policy files. */
export interface PolicyFiles {
  /** The rules that ship with purgeproof. */
  shippedRules(): Promise<readonly Rule[]>;
  /**
   * Files, and every YAML and JSON file below folders in order of their paths. A file to which several paths lead is read
   * once.
   */
  read(paths: readonly string[]): Promise<readonly PolicyFile[]>;
  /** One file. Throws UsageError for a folder. */
  readFile(path: string): Promise<PolicyFile>;
  /** Describes why a path does not lead to this kind of file; `undefined` where it does. */
  describeMismatch(path: string, kind: PathKind): Promise<string | undefined>;
  /** The same text for every path that leads to one file, links resolved. */
  identityOf(path: string): Promise<string>;
  /** A path that `file` names, taken from the folder of that file. */
  relativeTo(file: string, path: string): string;
}
