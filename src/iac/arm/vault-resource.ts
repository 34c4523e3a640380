import type { Locate } from '../checkout/source-text.ts';
import { type Entry, type Expression, type Loop, opaque, textOf, valueOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import { objectProperties } from '../programs/object-properties.ts';
import type { VaultBlock } from '../programs/template.ts';
import { vaultTypeOf } from '../vault-type.ts';

/** The surroundings of a resource: the deployments that it is in, and what they set for it. */
export interface ResourcePlace {
  readonly locate: Locate;
  readonly subscription: Expression | undefined;
  readonly resourceGroup: Expression | undefined;
  /** Conditions of the deployments around, all of which must hold. */
  readonly conditions: readonly Expression[];
  /** The loop of the deployment around. */
  readonly loop: Loop | undefined;
  /** The address of the deployment around, with a slash at its end. */
  readonly prefix: string;
}

/** A type that is written is known; of any other the template decides. It has no version, as azapi's has. */
function typeIn(resource: Expression): string | Expression | undefined {
  const type = valueOf(resource, 'type');
  const isOpen = resource.kind === 'object' && resource.entries.some(({ key }) => key === undefined);
  if (type === undefined)
    return isOpen || !['object', 'array', 'literal'].includes(resource.kind) ? opaque : undefined;
  const written = textOf(type);
  if (written !== undefined) return vaultTypeOf(written);
  return { kind: 'template', parts: [type, { kind: 'literal', value: '@' }] };
}

/** The vault that a resource declares, if it is one; of one that is not written as an object, nobody knows what it is. */
export function vaultsIn(resource: Expression, symbol: string, place: ResourcePlace): readonly VaultBlock[] {
  const { subscription, resourceGroup, conditions, prefix } = place;
  const type = typeIn(resource);
  if (type === undefined) return [];
  const own = copyOf(resource);
  // One that is there already keeps what it has.
  const onlyNew = valueOf(valueOf(resource, '@options'), 'onlyIfNotExists');
  const name = valueOf(resource, 'name');
  const isIndexed = /^resources\[\d+\]$/.test(symbol);
  const vault = {
    type,
    at: place.locate(resource.kind === 'object' ? (resource.at ?? 0) : 0),
    ...optional('name', name),
    ...optional('location', valueOf(resource, 'location')),
    ...optional('tags', valueOf(resource, 'tags')),
    ...optional('subscription', subscription),
    ...optional('resourceGroup', resourceGroup),
    ...optional('loop', own ?? place.loop),
    ...optional('condition', jointCondition([...conditions, ...conditionOf(resource)])),
    ...optional('apiVersion', valueOf(resource, 'apiVersion')),
    ...(onlyNew === undefined ? {} : { unknownPaths: ['properties'] }),
    properties: objectProperties(valueOf(resource, 'properties'), place.locate),
    body: expanded(resource),
    // A place in a list changes with what is written before it.
    address: `${prefix}${isIndexed ? (textOf(name) ?? symbol) : symbol}`,
  };
  return [vault];
}

/** True for a resource that deploys the template inside it, or one that it links to. */
export function isDeployment(resource: Expression): boolean {
  return textOf(valueOf(resource, 'type'))?.toLowerCase() === 'microsoft.resources/deployments';
}

/** The condition of a resource, if it has one. */
export function conditionOf(resource: Expression): readonly Expression[] {
  const condition = valueOf(resource, 'condition');
  return condition === undefined ? [] : [condition];
}

/** The condition that holds where all of these do. */
export function jointCondition(conditions: readonly Expression[]): Expression | undefined {
  const [only] = conditions;
  return conditions.length < 2 ? only : { kind: 'call', name: 'and', arguments: conditions };
}

/** The loop of a resource or deployment with `copy`: `copyIndex()`, also under the name of the loop. */
export function copyOf(resource: Expression): Loop | undefined {
  const copy = valueOf(resource, 'copy');
  const over = valueOf(copy, 'count');
  if (over === undefined) return undefined;
  const name = textOf(valueOf(copy, 'name'));
  return {
    over,
    valueName: 'copyIndex()',
    ...optional('keyName', name && indexName(name)),
    keyedByItem: false,
  };
}

function indexName(name: string): string {
  return `copyIndex(${name.toLowerCase()})`;
}

/**
 * The entries of an object with those that its `copy` list makes, as in `variables` and `properties`:
 * https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties. One that cannot be read has no key.
 */
export function withCopies(entries: readonly Entry[]): readonly Entry[] {
  return entries.flatMap((entry): readonly Entry[] => {
    if (entry.key?.toLowerCase() !== 'copy' || entry.value.kind !== 'array') return [entry];
    return entry.value.items.map((item) => copied(item, entry.at));
  });
}

function copied(item: Expression, at: number): Entry {
  const name = textOf(valueOf(item, 'name'));
  const [over, input] = [valueOf(item, 'count'), valueOf(item, 'input')];
  if (name === undefined || over === undefined || input === undefined)
    return { at, value: { kind: 'opaque', parts: [] } };
  return { key: name, at, value: { kind: 'for', valueName: indexName(name), over, value: expanded(input) } };
}

/** The expression with the properties that its objects, and those inside of them, make by `copy`. */
function expanded(expression: Expression): Expression {
  if (expression.kind === 'array') return { ...expression, items: expression.items.map(expanded) };
  if (expression.kind !== 'object') return expression;
  const entries = withCopies(expression.entries).map(({ key, at, value }): Entry => {
    const inner = expanded(value);
    return key === undefined ? { at, value: inner } : { key, at, value: inner };
  });
  return { ...expression, entries };
}
