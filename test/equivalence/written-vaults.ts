import { isJsonObject, type Json, type JsonObject, objectAt } from '../../src/model/json.ts';
import { managedHsm } from '../../src/resource-types/managed-hsm.ts';
import { vault } from '../../src/resource-types/vault.ts';
import { type GeneratedVault, wordOf } from './generated-vaults.ts';

/** An API version before the one by which Azure turns RBAC on by itself, and that one. */
export const apiVersions = { old: '2023-07-01', new: '2026-02-01' } as const;

/** The API version that code declares a vault with: every other one has the new one. */
export function apiVersionOf({ body }: GeneratedVault): string {
  return Number(body.name.slice(-1)) % 2 === 0 ? apiVersions.old : apiVersions.new;
}

/** An ARM template that declares the vaults; texts that look like expressions are escaped. */
export function templateOf(vaults: readonly GeneratedVault[]): string {
  const resources = vaults.map((one) => {
    const { id: _, ...body } = one.body;
    return escaped({ ...body, apiVersion: apiVersionOf(one) });
  });
  const $schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
  return JSON.stringify({ $schema, contentVersion: '1.0.0.0', resources }, undefined, 1);
}

function escaped(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('[') ? `[${value}` : value;
  if (Array.isArray(value)) return value.map((item: Json) => escaped(item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escaped(item ?? null)]));
}

/** A plan that creates the vaults by azapi, every other one with the text of its body, as version 1 had it. */
export function azapiPlanOf(vaults: readonly GeneratedVault[]): string {
  return planOf(
    vaults.map((one, index) => {
      const { name, type, location, properties } = one.body;
      const body: JsonObject = properties === undefined ? {} : { properties };
      return change({
        type: 'azapi_resource',
        index,
        actions: ['create'],
        after: {
          type: `${type}@${apiVersionOf(one)}`,
          name,
          location: location ?? null,
          parent_id: groupIdOf(one),
          body: index % 2 === 0 ? body : JSON.stringify(body),
        },
      });
    }),
  );
}

/** As many resources as a template may have, and fewer. */
const mostTogether = 500;

/** A plan that deploys templates with the vaults: by azapi, and every other one by azurerm as text. */
export function deploymentPlanOf(vaults: readonly GeneratedVault[]): string {
  const parts = Array.from({ length: Math.ceil(vaults.length / mostTogether) }, (_, index) =>
    templateOf(vaults.slice(index * mostTogether, (index + 1) * mostTogether)),
  );
  return planOf(
    parts.map((template, index) => {
      const properties = { mode: 'Incremental', template: JSON.parse(template) };
      const azapi = { type: 'Microsoft.Resources/deployments@2024-03-01', body: { properties } };
      const azurerm = { template_content: template, template_spec_version_id: null };
      return change({
        type: index % 2 === 0 ? 'azapi_resource' : 'azurerm_resource_group_template_deployment',
        index,
        actions: ['create'],
        after: { name: `d${index}`, ...(index % 2 === 0 ? azapi : azurerm) },
      });
    }),
  );
}

function groupIdOf({ body }: GeneratedVault): string {
  const { id } = body;
  return typeof id === 'string' ? id.replace(/\/providers\/.*$/, '') : '';
}

/** True for a vault that a plan creates with azurerm, false for one that is there already. */
export function isCreated({ body }: GeneratedVault): boolean {
  return Number(body.name.slice(-1)) % 3 > 0;
}

/** A plan that creates or keeps the vaults by azurerm. Only for those that azurerm can say. */
export function azurermPlanOf(vaults: readonly GeneratedVault[]): string {
  return planOf(
    vaults.map((one, index) => {
      const { name, type, location } = one.body;
      const [, , , , group = ''] = groupIdOf(one).split('/');
      const isVault = type === vault.type;
      const { known, unknown } = argumentsOf(one);
      const after = { name, location: location ?? null, resource_group_name: group, ...known };
      const created = isCreated(one);
      return change({
        type: (isVault ? vault : managedHsm).terraform?.resource ?? '',
        index,
        actions: [created ? 'create' : 'no-op'],
        after,
        ...(created ? { unknown } : { before: { ...after, id: one.body['id'] ?? null } }),
      });
    }),
  );
}

interface Arguments {
  readonly known: JsonObject;
  /** Those that the plan of a new vault leaves to Azure. */
  readonly unknown: JsonObject;
}

/** What a plan shows of a vault. A default of the provider is shown as if it were written. */
function argumentsOf(one: GeneratedVault): Arguments {
  const properties = objectAt(one.body, 'properties');
  const written = (name: string): Json | undefined => properties[name] ?? undefined;
  const acls = written('networkAcls');
  const policies = written('accessPolicies');
  const isNew = isCreated(one);
  const common: JsonObject = {
    purge_protection_enabled: booleanOf(written('enablePurgeProtection')) ?? (isNew ? null : false),
    soft_delete_retention_days: Number(written('softDeleteRetentionInDays') ?? 90),
    public_network_access_enabled: wordOf(written('publicNetworkAccess') ?? 'enabled') === 'enabled',
  };
  if (one.body.type !== vault.type) return { known: common, unknown: {} };
  const lists: Readonly<Record<string, Json | undefined>> = {
    network_acls: isJsonObject(acls) ? [aclsOf(acls)] : undefined,
    access_policy: Array.isArray(policies) ? policies.map((policy: Json) => policyOf(policy)) : undefined,
  };
  const left = Object.keys(lists).filter((name) => lists[name] === undefined);
  const shown = Object.entries(lists).flatMap(([name, value]): (readonly [string, Json])[] =>
    value === undefined ? (isNew ? [] : [[name, []]]) : [[name, value]],
  );
  return {
    known: {
      ...common,
      rbac_authorization_enabled: booleanOf(written('enableRbacAuthorization')) ?? false,
      ...Object.fromEntries(shown),
    },
    unknown: Object.fromEntries(left.map((name) => [name, true])),
  };
}

function booleanOf(value: Json | undefined): boolean | undefined {
  return value === undefined ? undefined : wordOf(value) === 'true';
}

function aclsOf({ bypass, defaultAction }: JsonObject): JsonObject {
  return {
    bypass: wordOf(bypass) === 'none' ? 'None' : 'AzureServices',
    default_action: wordOf(defaultAction) === 'deny' ? 'Deny' : 'Allow',
    ip_rules: [],
    virtual_network_subnet_ids: [],
  };
}

function policyOf(policy: Json): JsonObject {
  const permissions = isJsonObject(policy) ? objectAt(policy, 'permissions') : {};
  const listOf = (name: string): Json => permissions[name] ?? [];
  return {
    object_id: 'one',
    tenant_id: 'two',
    key_permissions: listOf('keys'),
    secret_permissions: listOf('secrets'),
    certificate_permissions: listOf('certificates'),
    storage_permissions: listOf('storage'),
  };
}

interface Change {
  readonly type: string;
  readonly index: number;
  readonly actions: readonly string[];
  readonly after: JsonObject;
  readonly before?: JsonObject;
  readonly unknown?: JsonObject;
}

function change({ type, index, actions, after, before, unknown = {} }: Change): JsonObject {
  return {
    address: `${type}.all["${index}"]`,
    mode: 'managed',
    type,
    name: 'all',
    index: String(index),
    provider_name: 'registry.terraform.io/any/any',
    change: { actions, before: before ?? null, after, after_unknown: unknown, after_sensitive: {} },
  };
}

function planOf(changes: readonly JsonObject[]): string {
  return JSON.stringify(
    { format_version: '1.2', complete: true, errored: false, resource_changes: changes },
    undefined,
    1,
  );
}
