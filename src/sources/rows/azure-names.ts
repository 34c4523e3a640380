import { parsePath } from '../../model/field-path.ts';
import { resourceTypes } from '../../resource-types/index.ts';

/** Names of a JSON object and of all below it; an array's elements are named alike. A value has none below it. */
export interface Names extends ReadonlyMap<string, Names> {}

/** The names that Azure Resource Manager and Resource Graph give to the parts of any resource type that is known. */
export const azureNames: Names = namesOf(
  resourceTypes.flatMap(({ fields, otherPaths }) => Object.keys(fields).concat(otherPaths)),
);

interface Growing extends Map<string, Growing> {}

function namesOf(paths: readonly string[]): Names {
  const root: Growing = new Map();
  for (const path of paths) {
    let at = root;
    for (const step of parsePath(path)) {
      if (step.kind !== 'key') continue;
      const below: Growing = at.get(step.key) ?? new Map();
      at.set(step.key, below);
      at = below;
    }
  }
  return root;
}
