import type { Location } from './location.ts';

/** The places at which infrastructure code declares a resource and its properties. Paths of files are those in the checkout. */
export interface DeclaredPlaces {
  readonly declaration: Location;
  /** By canonical field path in lower case, such as `properties.enablepurgeprotection`. */
  readonly properties: ReadonlyMap<string, Location>;
}

/** The place of the property that one of these fields is, or of the nearest that is written around it; else that of the declaration. */
export function placeOfField(places: DeclaredPlaces, fields: readonly string[]): Location {
  return elementAround(places.properties, fields) ?? places.declaration;
}

/** The element for the first of these fields that is written, or for what is written around it. */
export function elementAround<T>(elements: ReadonlyMap<string, T>, fields: readonly string[]): T | undefined {
  for (const field of fields) {
    for (const path of pathsAround(field)) {
      const found = elements.get(path.toLowerCase());
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** From `count(properties.accessPolicies[*].permissions)` outwards to, but not with, `properties`. */
function pathsAround(field: string): readonly string[] {
  const inner = field.replace(/^count\((.*)\)$/su, '$1').replaceAll(/\[[^\]]*\]/gu, '');
  const segments = inner.split('.');
  return segments.slice(1).map((_, index) => segments.slice(0, segments.length - index).join('.'));
}
