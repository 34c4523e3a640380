import type { Problem } from '../../model/errors.ts';
import type { Location } from '../../model/location.ts';
import { scannedTypes } from '../../resource-types/known-type.ts';
import type { Rule } from '../../model/rule.ts';

/** The rules about types that no scan reads, each where its type stands: they can never apply. */
export function rulesOfUnreadTypes(
  rules: readonly Rule[],
  typePlaces: ReadonlyMap<string, Location>,
): readonly Problem[] {
  return rules
    .filter(({ resourceTypes }) => !resourceTypes.some((type) => scanned.has(type.toLowerCase())))
    .map(({ id, resourceTypes, location }) => {
      const { file, line, column } = typePlaces.get(id) ?? location;
      const message = `${id} never applies: a scan reads ${scannedTypes.join(' and ')}, not ${resourceTypes.join(', ')}`;
      return { file, line, column, message };
    });
}

const scanned = new Set(scannedTypes.map((type) => type.toLowerCase()));
