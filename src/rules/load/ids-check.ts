import type { Problem } from '../../model/errors.ts';
import type { Location } from '../../model/location.ts';

/** An id that is to be checked against the others. */
export interface IdSite {
  readonly id: string;
  readonly location: Location;
  readonly builtIn: boolean;
}

/**
 * Checks that every id is given once, in any letter case. Beside the built-in rules nobody else's may look like theirs;
 * without them, a changed copy of one may keep its id.
 */
export function checkIds(sites: readonly IdSite[]): readonly Problem[] {
  const taken = new Map<string, string>();
  const reserved = sites.some(({ builtIn }) => builtIn);
  return sites.flatMap(({ id, location: place, builtIn }): readonly Problem[] => {
    const key = id.toUpperCase();
    const earlier = taken.get(key);
    if (earlier === undefined) taken.set(key, `${place.file}:${place.line}:${place.column}`);
    const clash = earlier === undefined ? '' : `; ${earlier} has it already`;
    if (reserved && !builtIn && /^AKV\d/u.test(key)) {
      return [
        {
          ...place,
          message: `"${id}" is reserved: AKV and digits make the ids of purgeproof's own rules${clash}`,
        },
      ];
    }
    return earlier === undefined ? [] : [{ ...place, message: `the id "${id}" is already used${clash}` }];
  });
}
