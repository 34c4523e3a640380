import { objectProperties } from '../object-properties.ts';
import type { Locate } from '../source-text.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Written } from '../template.ts';
import type { Block, Body } from './block.ts';

type Attributes = ReadonlyMap<string, string>;

const recovery = [
  ['purge_protection_enabled', 'properties.enablepurgeprotection'],
  ['soft_delete_retention_days', 'properties.softdeleteretentionindays'],
  ['public_network_access_enabled', 'properties.publicnetworkaccess'],
  ['network_acls', 'properties.networkacls'],
] as const;

/**
 * Attributes and blocks of `azurerm_key_vault` and the properties that they set. `enable_rbac_authorization` became
 * `rbac_authorization_enabled` in version 4; `soft_delete_enabled` was removed in version 3.
 */
export const vaultAttributes: Attributes = new Map([
  ...recovery,
  ['soft_delete_enabled', 'properties.enablesoftdelete'],
  ['enable_rbac_authorization', 'properties.enablerbacauthorization'],
  ['rbac_authorization_enabled', 'properties.enablerbacauthorization'],
  ['access_policy', 'properties.accesspolicies'],
]);

/** Those of `azurerm_key_vault_managed_hardware_security_module`. */
export const managedHsmAttributes: Attributes = new Map(recovery);

/** Variables of the Azure Verified Module; source: Azure/terraform-azurerm-avm-res-keyvault-vault, variables.tf. */
export const moduleAttributes: Attributes = new Map([
  ...recovery,
  ['legacy_access_policies_enabled', 'properties.enablerbacauthorization'],
  ['legacy_access_policies', 'properties.accesspolicies'],
  ['private_endpoints', 'properties.privateendpointconnections'],
]);

const nestedNames = new Map([['default_action', 'defaultaction']]);

/** The properties that the attributes of a body set, and those in its blocks and objects. */
export function attributeProperties(
  body: Body,
  attributes: Attributes,
  locate: Locate,
): ReadonlyMap<string, Written> {
  const properties = new Map<string, Written>();
  for (const { key = '', at, value } of body.attributes) {
    const path = attributes.get(key);
    if (path === undefined) continue;
    properties.set(path, { at: locate(at), value });
    for (const [inner, written] of objectProperties(onlyItem(value), locate, path))
      properties.set(renamed(inner), written);
  }
  for (const block of body.blocks.map(contentOf)) {
    const path = attributes.get(block.type);
    if (path === undefined || properties.has(path)) continue;
    properties.set(path, { at: locate(block.at), value: { kind: 'opaque', parts: [] } });
    for (const { key = '', at, value } of block.attributes) {
      properties.set(renamed(`${path}.${key}`), { at: locate(at), value });
    }
  }
  return properties;
}

/** The one object of a list: JSON writes a block so. */
function onlyItem(value: Expression): Expression {
  const [only, ...others] = value.kind === 'array' ? value.items : [value];
  return only === undefined || others.length > 0 ? value : only;
}

/** A `dynamic "network_acls"` block stands for the blocks that it makes. */
function contentOf(block: Block): Block {
  const content = block.blocks.find(({ type }) => type === 'content');
  const [type] = block.labels;
  if (block.type !== 'dynamic' || content === undefined || type === undefined) return block;
  return { ...content, type, at: block.at };
}

function renamed(path: string): string {
  const dot = path.lastIndexOf('.');
  return `${path.slice(0, dot)}.${nestedNames.get(path.slice(dot + 1)) ?? path.slice(dot + 1)}`;
}
