import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { managedHsm } from '../resource-types/managed-hsm.ts';
import { vault } from '../resource-types/vault.ts';
import { objectAt } from './state.ts';

const vaultProperties = [
  'accessPolicies',
  'enabledForDeployment',
  'enabledForDiskEncryption',
  'enabledForTemplateDeployment',
  'enablePurgeProtection',
  'enableRbacAuthorization',
  'enableSoftDelete',
  'networkAcls',
  'publicNetworkAccess',
];
const hsmProperties = ['enablePurgeProtection', 'enableSoftDelete', 'networkAcls', 'publicNetworkAccess'];

/**
 * What a PATCH may change, by type. Everything else is refused: it is read-only, set once, or would move the vault to
 * other owners. Source: VaultPatchProperties and ManagedHsmProperties of API version 2026-02-01.
 */
const patchable = new Map<string, ReadonlySet<string>>([
  [vault.type.toLowerCase(), new Set(vaultProperties)],
  [managedHsm.type.toLowerCase(), new Set(hsmProperties)],
]);

/** The keys of `networkAcls`: ARM replaces it whole, so one that we do not know could not be kept. */
const networkKeys = new Set(['bypass', 'defaultAction', 'ipRules', 'virtualNetworkRules', 'serviceTags']);

const oneWay = new Set(['enableSoftDelete', 'enablePurgeProtection']);

/** Why a request with these changes must not be sent; `undefined` when it may. */
export function refuseChanges(changes: JsonObject, type: string): string | undefined {
  const allowed = patchable.get(type.toLowerCase());
  if (allowed === undefined) return `purgeproof does not change resources of type ${type}.`;
  const stray = Object.keys(changes).find((key) => key !== 'properties' && key !== 'tags');
  if (stray !== undefined) return `"${stray}" of a vault cannot be changed by a PATCH request.`;
  const { tags } = changes;
  if (tags !== undefined && !areTags(tags))
    return 'Tags can only be sent as names with text values: Azure leaves alone what is null.';
  for (const [name, value] of Object.entries(objectAt(changes, 'properties'))) {
    const reason = refuseProperty(name, value, allowed);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function refuseProperty(
  name: string,
  value: Json | undefined,
  allowed: ReadonlySet<string>,
): string | undefined {
  if (name === 'softDeleteRetentionInDays') return 'The retention period is set when a vault is created.';
  if (!allowed.has(name)) return `"properties.${name}" cannot be changed by a PATCH request.`;
  if (oneWay.has(name) && value !== true)
    return `"properties.${name}" can only ever be set to true: Azure refuses anything else.`;
  if (value === null || value === undefined)
    return `A PATCH request cannot unset "properties.${name}": Azure leaves alone what is null.`;
  if (hasNull(value))
    return `A null inside "properties.${name}" cannot be sent: Azure does not say what it makes of it.`;
  const unknown = name === 'networkAcls' ? unknownNetworkKey(value) : undefined;
  return unknown === undefined
    ? undefined
    : `"properties.networkAcls.${unknown}" is not known, so the firewall cannot be sent whole without loss.`;
}

function unknownNetworkKey(value: Json): string | undefined {
  return isJsonObject(value) ? Object.keys(value).find((key) => !networkKeys.has(key)) : '';
}

function areTags(tags: Json): boolean {
  return isJsonObject(tags) && Object.values(tags).every((value) => typeof value === 'string');
}

function hasNull(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => item === null || hasNull(item));
  return isJsonObject(value) && Object.values(value).some((member) => member === null || hasNull(member));
}
