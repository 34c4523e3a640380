import { resourceTypes } from '../resource-types/index.ts';
import { literalOf, type NamePattern } from './evaluation/name-pattern.ts';

/** Vaults and managed HSMs: not what was deleted, nor what is inside of them. */
const declared = resourceTypes.filter(({ readBy }) => readBy.includes('live'));
const spellings = new Map(declared.map(({ type }) => [type.toLowerCase(), type]));

/** The resource type in Azure's own spelling, of a text with or without `@version`; others are not declared here. */
export function vaultTypeOf(resourceType: string): string | undefined {
  const [type = ''] = resourceType.split('@');
  return spellings.get(type.toLowerCase());
}

/** Resources of these types deploy the template inside of them, or one that they link to, and so a vault that it declares. */
const deployments: readonly string[] = [
  'microsoft.resources/deployments',
  'microsoft.resources/deploymentstacks',
];
const declaring = [...spellings.keys(), ...deployments];

/** True for the type of a deployment or a deployment stack, with or without `@version`. */
export function deploysTemplate(resourceType: string): boolean {
  return deployments.includes(resourceType.split('@')[0]?.toLowerCase() ?? '');
}

/**
 * The vault type that a computed text with `@version` names. `false` for any other type, `undefined` where it is not known
 * whether it is one, or a deployment.
 */
export function vaultTypeIn(pattern: NamePattern): string | false | undefined {
  const [first] = pattern;
  const head = typeof first === 'string' ? first.toLowerCase() : '';
  const type = head.split('@')[0] ?? '';
  if (head.includes('@')) return deploysTemplate(type) ? undefined : (spellings.get(type) ?? false);
  if (literalOf(pattern) !== undefined) return false;
  const versioned = pattern.find((part) => typeof part === 'string' && part.includes('@'));
  const tail = typeof versioned === 'string' ? (versioned.toLowerCase().split('@')[0] ?? '') : '';
  const mayBeOne = declaring.some((known) => known.startsWith(head) && known.endsWith(tail));
  return mayBeOne ? undefined : false;
}

/** The resources of azurerm that deploy a template: the one of azurerm 2, and those for each kind of scope. */
const ofAzurerm =
  /^azurerm_(?:(?:resource_group|subscription|management_group|tenant)_)?template_deployment$/;

/** Those of azapi that may send a whole resource. */
const ofAzapi: ReadonlySet<string> = new Set([
  'azapi_resource',
  'azapi_update_resource',
  'azapi_resource_action',
]);

/** True for a resource that deploys a template. `apiType` is the `type` of one of azapi. */
export function isDeploymentResource(type: string, apiType: string | undefined): boolean {
  return ofAzurerm.test(type) || (ofAzapi.has(type) && deploysTemplate(apiType ?? ''));
}

/** True for the resource of the provider azurerm among these. */
export function isOfAzurerm(type: string): boolean {
  return ofAzurerm.test(type);
}

/** Words in the address of a module that makes a vault. */
export const vaultWords = String.raw`key[-_]?vault|managed[-_]?hsm|(?:^|[/_-])kv(?:[/_.:?-]|$)`;

const ofVault = new RegExp(vaultWords, 'i');

/** True for the address of a module that says that it makes a vault. */
export function namesVault(address: string | undefined): boolean {
  return ofVault.test(address ?? '');
}
