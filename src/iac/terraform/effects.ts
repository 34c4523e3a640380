import { resolvePath } from '../checkout/source-path.ts';
import { textOf } from '../languages/expression.ts';
import type { UnfollowedCall } from '../programs/template.ts';
import { vaultTypeOf } from '../vault-type.ts';
import { attributeOf, type HclBlock } from './block.ts';
import type { LocatedBlock } from './read-blocks.ts';

/** The paths that a resource may change in a vault that another one declares. */
export function changedBy(block: HclBlock): readonly string[] {
  const [label = ''] = block.labels;
  if (block.type !== 'resource') return [];
  if (label === 'azurerm_key_vault_access_policy') return ['properties.accessPolicies'];
  const type = attributeOf(block, 'type');
  const written = textOf(type);
  const begun = type?.kind === 'template' ? textOf(type.parts[0]) : written;
  // One that is computed may be anything, unless its version alone is.
  const isKnown = written !== undefined || begun?.includes('@') === true;
  if (label === 'azapi_resource' && (!isKnown || /\/accessPolicies@/i.test(begun ?? '')))
    return ['properties.accessPolicies'];
  const mayBeVault = written === undefined || vaultTypeOf(written) !== undefined;
  const isChange =
    label === 'azapi_update_resource' || (label === 'azapi_resource_action' && sendsBody(block));
  return isChange && mayBeVault ? ['properties'] : [];
}

/** False for the methods that change no property of a vault; without one it is POST. */
function sendsBody(block: HclBlock): boolean {
  const method = attributeOf(block, 'method') ?? { kind: 'literal', value: 'POST' };
  return method.kind !== 'literal' || !/^(?:POST|GET|HEAD)$/.test(String(method.value ?? 'POST'));
}

/** A module that is not in the checkout, and may declare a vault. Verified Modules of other resources do not. */
export function unfollowedIn({ block, locate }: LocatedBlock, folder: string): readonly UnfollowedCall[] {
  if (block.type !== 'module') return [];
  const source = textOf(attributeOf(block, 'source'));
  const call = { at: locate(block.at), target: source, symbol: `module.${block.labels.join('.')}` };
  if (source === undefined) return [call];
  if (/^\.\.?(?:\/|$)/.test(source)) return resolvePath(folder, source) === undefined ? [call] : [];
  if (/(?:^|\/)azure\/(?:terraform-azurerm-)?avm-res-/i.test(source)) return [];
  const [, provider] = /^(?:[\w.-]+\/)?[\w-]+\/[\w-]+\/([\w-]+)$/.exec(source) ?? [];
  const isOfOtherCloud = provider !== undefined && !/^az/i.test(provider);
  return isOfOtherCloud ? [] : [{ ...call, isModule: true }];
}
