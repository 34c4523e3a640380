import { resourceTypes } from '../../resource-types/index.ts';
import type { ResourceType } from '../../resource-types/resource-type.ts';
import { objectProperties } from '../object-properties.ts';
import type { Locate } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Written } from '../template.ts';

/** The type that an Azure Verified Module declares, by its registry, by `public`, or by an alias of one's own. */
export function moduleType(target: string): ResourceType | undefined {
  const [, path] = /^br[:/].*\b(avm\/res\/[^:]+):[^/:]+$/i.exec(target) ?? [];
  return resourceTypes.find(({ modules }) => modules !== undefined && modules.bicep === path?.toLowerCase());
}

/** The properties that the parameters of a module set: named as they are, but for some. */
export function moduleProperties(
  { modules }: ResourceType,
  params: Expression | undefined,
  locate: Locate,
): ReadonlyMap<string, Written> {
  const properties = new Map(objectProperties(params, locate));
  for (const [parameter, property] of Object.entries(modules?.bicepParameters ?? {})) {
    const written = properties.get(`properties.${parameter.toLowerCase()}`);
    if (written !== undefined) properties.set(`properties.${property.toLowerCase()}`, written);
  }
  return properties;
}
