import { type Expression, textOf } from '../languages/expression.ts';
import { optional } from '../optional.ts';
import type { ProviderBlock } from '../programs/template.ts';
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
export function providerName(reference: Expression): string | undefined {
  if (reference.kind === 'reference') return reference.name;
  if (reference.kind !== 'member') return textOf(reference)?.replace(/\[.*\]$/, '');
  if (reference.of.kind === 'member') return providerName(reference.of);
  const alias = textOf(reference.key);
  const name = providerName(reference.of);
  return name === undefined || alias === undefined ? undefined : `${name}.${alias}`;
}
