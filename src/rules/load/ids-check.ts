import type { Problem } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { UserDocument } from '../../documents/document.ts';

/** A rule file whose id is to be checked against the others. */
export interface IdSite {
  readonly document: UserDocument;
  readonly builtIn: boolean;
}

/**
 * Checks that every id is given once, in any letter case. Beside the built-in rules nobody else's may look like theirs;
 * without them, a changed copy of one may keep its id.
 */
export function checkIds(sites: readonly IdSite[]): readonly Problem[] {
  const taken = new Map<string, string>();
  const reserved = sites.some(({ builtIn }) => builtIn);
  return sites.flatMap(({ document, builtIn }): readonly Problem[] => {
    const id = isJsonObject(document.value) ? document.value['id'] : undefined;
    if (typeof id !== 'string') return [];
    const place = document.locate(['id']);
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
