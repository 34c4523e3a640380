import { type Json, type JsonObject, type JsonPath } from '../../model/json.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { nearest } from '../../documents/suggestions.ts';
import type { CheckResult, Mistake } from '../../documents/document.ts';

/** The resource types that a rule file names, as written. */
export function typesOf({ resourceType }: JsonObject): readonly string[] {
  return [resourceType].flat().filter((type) => typeof type === 'string');
}

/** Checks that there are resources of these types: a rule about a misspelt type would silently match nothing. */
export function checkTypes({ resourceType }: JsonObject): CheckResult {
  const sites: readonly { readonly type: Json; readonly path: JsonPath }[] = Array.isArray(resourceType)
    ? resourceType.map((type: Json, index) => ({ type, path: ['resourceType', index] }))
    : [{ type: resourceType ?? null, path: ['resourceType'] }];
  const known = resourceTypes.map(({ type }) => type);
  const strange = sites.flatMap(({ type, path }) => {
    if (typeof type !== 'string' || known.some((each) => each.toLowerCase() === type.toLowerCase()))
      return [];
    return [{ type, path, near: nearestType(type, known) }];
  });
  return {
    mistakes: strange.flatMap(({ type, path, near }): readonly Mistake[] =>
      near === undefined ? [] : [{ path, message: `unknown resource type "${type}". Did you mean ${near}?` }],
    ),
    warnings: strange.flatMap(({ type, path, near }): readonly Mistake[] =>
      near === undefined
        ? [{ path, message: `no resources of the type ${type} are read, so nothing is judged` }]
        : [],
    ),
  };
}

/** The known type that was meant, if namespace and name are both near: deletedVaults are not misspelt vaults. */
function nearestType(written: string, known: readonly string[]): string | undefined {
  const [namespace, name] = parts(written);
  return known.find((type) => {
    const [knownNamespace, knownName] = parts(type);
    return [nearest(namespace, [knownNamespace]), nearest(name, [knownName])].every(
      (each) => each !== undefined,
    );
  });
}

function parts(type: string): readonly [string, string] {
  const slash = type.indexOf('/');
  return slash === -1 ? ['', type] : [type.slice(0, slash), type.slice(slash + 1)];
}
