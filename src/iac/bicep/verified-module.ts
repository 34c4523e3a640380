import { resourceTypes } from '../../resource-types/index.ts';
import type { ResourceType } from '../../resource-types/resource-type.ts';
import type { Locate } from '../checkout/source-text.ts';
import { type Entry, type Expression, opaque, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { objectProperties } from '../programs/object-properties.ts';
import type { LocatedValue, UnfollowedCall, VaultBlock } from '../programs/template.ts';

/** The parts of a vault that the parameters of a Verified Module give; `undefined` for any other module. */
export function verifiedVault(
  target: string,
  params: Expression | undefined,
  locate: Locate,
):
  | Pick<VaultBlock, 'type' | 'name' | 'location' | 'tags' | 'properties' | 'body' | 'isOfModule'>
  | undefined {
  const module = moduleType(target);
  if (module === undefined) return undefined;
  return {
    type: module.type,
    ...optional('name', valueOf(params, 'name')),
    ...optional('location', valueOf(params, 'location')),
    ...optional('tags', valueOf(params, 'tags')),
    properties: moduleProperties(module, params, locate),
    body: moduleBody(module, params),
    isOfModule: true,
  };
}

/** The type that an Azure Verified Module declares, by its registry, by `public`, or by an alias of one's own. */
function moduleType(target: string): ResourceType | undefined {
  const [, path] = /^br[:/].*\b(avm\/res\/[^:]+):[^/:]+$/i.exec(target) ?? [];
  return resourceTypes.find(({ modules }) => modules !== undefined && modules.bicep === path?.toLowerCase());
}

/** The properties that the parameters of a module set: named as they are, but for some. */
function moduleProperties(
  { modules }: ResourceType,
  params: Expression | undefined,
  locate: Locate,
): ReadonlyMap<string, LocatedValue> {
  const properties = new Map(objectProperties(params, locate));
  for (const [parameter, property] of Object.entries(modules?.bicepParameters ?? {})) {
    const written = properties.get(`properties.${parameter.toLowerCase()}`);
    if (written !== undefined) properties.set(`properties.${property.toLowerCase()}`, written);
  }
  return properties;
}

/** The resource that the parameters of a module make, as far as they set properties under their own names. */
function moduleBody({ properties, modules }: ResourceType, params: Expression | undefined): Expression {
  if (params?.kind !== 'object') return params === undefined ? { kind: 'object', entries: [] } : opaque;
  const own = new Map([...properties.keys()].map((name) => [name.toLowerCase(), name]));
  const renamed = new Set(Object.keys(modules?.bicepParameters ?? {}).map((name) => name.toLowerCase()));
  const set = params.entries.flatMap((entry): readonly Entry[] => {
    if (entry.key === undefined) return [entry];
    const name = own.get(entry.key.toLowerCase());
    return name === undefined || renamed.has(entry.key.toLowerCase()) ? [] : [{ ...entry, key: name }];
  });
  const others = params.entries.filter(({ key }) => /^(?:name|location|tags)$/i.test(key ?? ''));
  return {
    kind: 'object',
    entries: [...others, { key: 'properties', at: 0, value: { kind: 'object', entries: set } }],
  };
}

/** A module that is not in the checkout, unless it is a Verified Module of another resource. A template spec is a deployment by link. */
export function elsewhere(
  place: Pick<UnfollowedCall, 'at' | 'symbol'>,
  target: Expression,
): readonly UnfollowedCall[] {
  const text = textOf(target);
  if (/\bavm\/res\//i.test(text ?? '')) return [];
  return [{ ...place, target: text, ...(text?.startsWith('br') === true ? { isModule: true } : {}) }];
}
