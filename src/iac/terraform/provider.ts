import { elementNamed, type Expression, textOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import type { ProviderBlock, Template, VaultBlock } from '../programs/template.ts';
import { attributeOf, type HclBlock, type HclBody, loopOf } from './block.ts';

/** The `provider` blocks among these, by their names with the alias: `azurerm`, `azurerm.hub`. */
export function providersOf(blocks: readonly HclBlock[]): ReadonlyMap<string, ProviderBlock> {
  return new Map(
    blocks.flatMap((block): (readonly [string, ProviderBlock])[] => {
      const [name] = block.labels;
      if (block.type !== 'provider' || name === undefined) return [];
      const alias = textOf(attributeOf(block, 'alias'));
      const provider = {
        ...optional('subscription', attributeOf(block, 'subscription_id')),
        ...optional('loop', loopOf(block)),
      };
      return [[alias === undefined ? name : `${name}.${alias}`, provider]];
    }),
  );
}

/** The provider of a resource: the one that it names, else the first word of its type. */
export function providerOf(body: HclBody, type: string): string | undefined {
  const named = attributeOf(body, 'provider');
  return named === undefined ? type.split('_')[0] : providerName(named);
}

/** The providers that a `module` block passes on: the caller's, by the module's own names of them. */
export function providersPassed(block: HclBlock): ReadonlyMap<string, string> | undefined {
  const passed = attributeOf(block, 'providers');
  if (passed?.kind !== 'object') return undefined;
  return new Map(
    passed.entries.flatMap(({ key, value }) => {
      const name = providerName(value);
      return key === undefined || name === undefined ? [] : [[key, name] as const];
    }),
  );
}

/**
 * The name in `azurerm`, `azurerm.hub`, and `"azurerm.hub"` as JSON writes it. Which of OpenTofu's
 * `azurerm.by_region[each.key]` is meant is left open.
 */
function providerName(reference: Expression): string | undefined {
  if (reference.kind === 'reference') return reference.name;
  if (reference.kind !== 'member') return textOf(reference)?.replace(/\[.*\]$/, '');
  if (reference.of.kind === 'member') return providerName(reference.of);
  const alias = textOf(reference.key);
  const name = providerName(reference.of);
  return name === undefined || alias === undefined ? undefined : `${name}.${alias}`;
}

/**
 * The subscription and group that the `parent_id` of an azapi resource names: an id that is written, or `azurerm_resource_group.main.id`, which is in
 * the subscription of that group's own provider.
 */
export function placeOfParent(
  block: HclBlock,
  names: Template,
): Pick<VaultBlock, 'provider' | 'subscription' | 'resourceGroup'> {
  const parent = attributeOf(block, 'parent_id');
  if (parent === undefined) return optional('provider', providerOf(block, 'azapi'));
  if (parent.kind !== 'member' || textOf(parent.key) !== 'id')
    return {
      subscription: { kind: 'call', name: 'subscriptionOfId()', arguments: [parent] },
      ...optional('resourceGroup', groupOfId(parent)),
    };
  const group = elementNamed(parent.of, 'name');
  const resource = names.values.get(providerName(parent.of) ?? '');
  if (resource?.kind !== 'object') return { resourceGroup: group };
  const body = { attributes: resource.entries, blocks: [] };
  return { resourceGroup: group, ...optional('provider', providerOf(body, 'azurerm')) };
}

/** The name of the resource group in an id that is written out, such as azapi's `parent_id`. */
function groupOfId(id: Expression | undefined): Expression | undefined {
  const name = /\/resourceGroups\/([^/]+)/i.exec(textOf(id) ?? '')?.[1];
  return name === undefined ? undefined : { kind: 'literal', value: name };
}
