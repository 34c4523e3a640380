import type { Json } from './json.ts';
import type { Location } from './location.ts';
import type { ResourceScope } from './resource-scope.ts';

/** The values that one entry of a configuration gives the parameters of a rule, in a scope. */
export interface ScopedValues {
  readonly scope: ResourceScope;
  /** By the name of the parameter, with the place of each. */
  readonly values: Readonly<Record<string, { readonly value: Json; readonly origin: Location }>>;
  /** The place of the entry. */
  readonly origin: Location;
  /** Of scopes that are equally specific, the higher layer decides. */
  readonly layer: number;
}

/** The entries that were met, and whether one resource was certainly in the scope. */
export type MetScopes = ReadonlyMap<ScopedValues, 'certainly' | 'perhaps'>;

/** The place of an entry as a key: each rule has scoped values of its own of it. */
export function placeOfScope({ origin: { file, line, column } }: Pick<ScopedValues, 'origin'>): string {
  return `${file}:${line}:${column}`;
}
