import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { ResourceScope } from './resource-scope.ts';

/** The origin of a value that is in force. */
export type ValueOrigin =
  | { readonly kind: 'default' }
  | ({ readonly kind: 'file' } & Location)
  /** A flag, as it is written on the command line. */
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'environment'; readonly variable: string };

/** A setting that is in force. A list that adds up is one entry for each item. */
export interface EffectiveSetting {
  /** A key of a configuration, such as `deleted.purge`. */
  readonly key: string;
  /** `null` where nothing is set, and nothing is assumed. */
  readonly value: Json;
  readonly origin: ValueOrigin;
}

/** The value of a parameter of a rule. */
export interface EffectiveParameter {
  readonly rule: string;
  readonly name: string;
  readonly value: Json;
  readonly origin: ValueOrigin;
}

/** The parameters that are others in a scope. */
export interface EffectiveScope {
  readonly scope: ResourceScope;
  readonly origin: ValueOrigin;
  readonly parameters: readonly EffectiveParameter[];
}

/** Everything that is in force for a scan, and where each value comes from. */
export interface EffectiveSettings {
  readonly schemaVersion: '1.0';
  /** The configuration, after the files that it extends. */
  readonly files: readonly string[];
  readonly settings: readonly EffectiveSetting[];
  /** Of every selected rule. */
  readonly parameters: readonly EffectiveParameter[];
  /** The most specific scope first. */
  readonly parametersByScope: readonly EffectiveScope[];
}
