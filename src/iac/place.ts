import type { Location } from '../model/location.ts';

/** The places without those that stand on a line already named. */
export function uniquePlaces(places: readonly Location[]): readonly Location[] {
  const byLine = new Map(places.map((place) => [`${place.line} ${place.file}`, place]));
  return [...byLine.values()];
}
