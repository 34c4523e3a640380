import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts';

/** The properties that a write leaves, or why Key Vault refuses it. */
export type Written = { readonly properties: JsonObject } | { readonly refusal: string };

/** Properties that a PATCH leaves: absent and null mean unchanged, objects and arrays are replaced whole. */
export function patchProperties(before: JsonObject, asked: JsonObject): Written {
  const given = Object.entries(asked).filter(([, value]) => value !== undefined && value !== null);
  return accept(before, { ...before, ...Object.fromEntries(given) });
}

/** Properties that a PUT leaves: what it does not name is gone, but for what can never be taken back. */
export function putProperties(before: JsonObject | undefined, asked: JsonObject): Written {
  if (before === undefined) return accept({}, { ...createDefaults, ...withoutNulls(asked) });
  const kept = [
    'enableSoftDelete',
    'enablePurgeProtection',
    'softDeleteRetentionInDays',
    'vaultUri',
    'hsmUri',
  ];
  const lasting = Object.fromEntries(kept.flatMap((name) => (name in before ? [[name, before[name]]] : [])));
  const after = { ...lasting, provisioningState: 'Succeeded', ...withoutNulls(asked) };
  return accept(before, after);
}

/** API version 2026-02-01. */
const createDefaults: JsonObject = {
  enableSoftDelete: true,
  softDeleteRetentionInDays: 90,
  enableRbacAuthorization: true,
  publicNetworkAccess: 'Enabled',
  provisioningState: 'Succeeded',
};

function accept(before: JsonObject, after: JsonObject): Written {
  const refusal = refuse(before, after);
  return refusal === undefined ? { properties: withoutDefaultFirewall(after) } : { refusal };
}

function refuse(before: JsonObject, after: JsonObject): string | undefined {
  const { enableSoftDelete, enablePurgeProtection, softDeleteRetentionInDays: days } = after;
  const isSet = (before['softDeleteRetentionInDays'] ?? null) !== null;
  if (enablePurgeProtection === false && before['enablePurgeProtection'] !== false) {
    return 'The property "enablePurgeProtection" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.';
  }
  if (enableSoftDelete === false && before['enableSoftDelete'] !== false) {
    return 'The property "enableSoftDelete" can be set to false only for creating new vault. Enabling the \'soft delete\' functionality is an irreversible action.';
  }
  if (enablePurgeProtection === true && enableSoftDelete !== true)
    return 'The property "enablePurgeProtection" can be set to true only when the \'soft delete\' functionality is enabled.';
  if (isSet && days !== before['softDeleteRetentionInDays'])
    return 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.';
  return typeof days === 'number' && (days < 7 || days > 90)
    ? 'The property "softDeleteRetentionInDays" must be between 7 and 90.'
    : undefined;
}

/** Key Vault does not keep a firewall that says no more than its default. */
function withoutDefaultFirewall(properties: JsonObject): JsonObject {
  const { networkAcls, ...rest } = properties;
  if (!isJsonObject(networkAcls)) return properties;
  const says = networkAcls['defaultAction'] !== 'Allow' || networkAcls['bypass'] !== 'AzureServices';
  return says || hasItems(networkAcls['ipRules']) || hasItems(networkAcls['virtualNetworkRules'])
    ? properties
    : rest;
}

function hasItems(value: Json | undefined): boolean {
  return Array.isArray(value) && value.length > 0;
}

function withoutNulls(asked: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null));
}
