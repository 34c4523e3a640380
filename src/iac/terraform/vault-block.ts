import { objectProperties } from '../object-properties.ts';
import { optional } from '../optional.ts';
import { groupOfId } from '../resource-id.ts';
import type { Locate } from '../source-text.ts';
import { type Expression, textOf, valueOf } from '../syntax/expression.ts';
import type { Template, VaultBlock } from '../template.ts';
import { attributeOf, type Block } from './block.ts';
import { loopOf } from './loop.ts';
import { resourceTypeIn } from './resource-type.ts';
import {
  attributeProperties,
  managedHsmAttributes,
  moduleAttributes,
  vaultAttributes,
} from './vault-attributes.ts';

/** Where a block is: how its offsets are found, and what the names of its module mean. */
interface Place {
  readonly locate: Locate;
  readonly names: Template;
}

/** The vault or managed HSM that a `resource` or `module` block declares, if it declares one. */
export function vaultOfBlock(block: Block, { locate, names }: Place): VaultBlock | undefined {
  const [type] = block.labels;
  if (block.type === 'module')
    return isVaultModule(block) ? declared(block, moduleVault(block, locate), locate) : undefined;
  if (block.type !== 'resource') return undefined;
  if (type === 'azurerm_key_vault') return declared(block, vault(block, locate), locate);
  if (type === 'azurerm_key_vault_managed_hardware_security_module') {
    return declared(block, managedHsm(block, locate), locate);
  }
  // An `azapi_update_resource` declares nothing: it changes what is declared elsewhere.
  return type === 'azapi_resource' ? azapiVault(block, { locate, names }) : undefined;
}

type Particulars = Pick<VaultBlock, 'type' | 'properties'> & { readonly resourceGroup?: Expression };

function declared(block: Block, particulars: Particulars, locate: Locate): VaultBlock {
  return {
    at: locate(block.at),
    ...optional('name', attributeOf(block, 'name')),
    ...optional('resourceGroup', attributeOf(block, 'resource_group_name')),
    ...optional('location', attributeOf(block, 'location')),
    ...optional('tags', attributeOf(block, 'tags')),
    ...optional('loop', loopOf(block)),
    ...particulars,
    address: block.type === 'module' ? `module.${block.labels.join('.')}` : block.labels.join('.'),
  };
}

function vault(block: Block, locate: Locate): Particulars {
  return { type: 'vault', properties: attributeProperties(block, vaultAttributes, locate) };
}

function managedHsm(block: Block, locate: Locate): Particulars {
  return { type: 'managedHsm', properties: attributeProperties(block, managedHsmAttributes, locate) };
}

function moduleVault(block: Block, locate: Locate): Particulars {
  return { type: 'vault', properties: attributeProperties(block, moduleAttributes, locate) };
}

/** The Azure Verified Module of key vaults, with or without the host name of the registry. */
function isVaultModule(block: Block): boolean {
  const source = textOf(attributeOf(block, 'source')) ?? '';
  return /^(?:[\w.-]+\/)?Azure\/avm-res-keyvault-vault\/azurerm$/i.test(source);
}

function azapiVault(block: Block, { locate, names }: Place): VaultBlock | undefined {
  const type = resourceTypeIn(attributeOf(block, 'type'), names);
  if (type === undefined) return undefined;
  const written = attributeOf(block, 'body');
  const body = written?.kind === 'call' && written.name === 'jsonencode' ? written.arguments[0] : written;
  return declared(
    block,
    {
      type,
      properties: objectProperties(valueOf(body, 'properties'), locate),
      ...optional('resourceGroup', groupOfParent(attributeOf(block, 'parent_id'))),
    },
    locate,
  );
}

/** The resource group of a `parent_id`: of an id that is written out, or of `azurerm_resource_group.main.id`. */
function groupOfParent(parent: Expression | undefined): Expression | undefined {
  if (parent?.kind !== 'member' || parent.key.kind !== 'literal' || parent.key.value !== 'id')
    return groupOfId(parent);
  return { ...parent, key: { kind: 'literal', value: 'name' } };
}
