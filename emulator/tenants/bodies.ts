import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/model/json.ts';
import { roleDefinitionId } from '../rights/built-in-roles.ts';

/** Where a resource stands and what it is called. */
export interface Place {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly location: string;
}

/** What is particular about a resource; a property that is undefined is absent. */
export interface Particulars {
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties?: JsonObject;
}

/** The directory that the made-up tenants live in. */
export const tenantId = '72f2a6c0-3b8e-4d5f-9a61-c04d8e7b1f35';

/** A GUID that is always the same for the same name. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** A vault as a GET of ARM gives it: created with today's defaults, purge protection never set. */
export function vaultBody(place: Place, particulars: Particulars = {}): JsonObject {
  return {
    id: `${groupId(place)}/providers/Microsoft.KeyVault/vaults/${place.name}`,
    name: place.name,
    type: 'Microsoft.KeyVault/vaults',
    location: place.location,
    tags: particulars.tags ?? {},
    systemData,
    properties: {
      sku: { family: 'A', name: 'standard' },
      tenantId,
      accessPolicies: [],
      enabledForDeployment: false,
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enableRbacAuthorization: true,
      vaultUri: `https://${place.name}.vault.azure.net/`,
      provisioningState: 'Succeeded',
      publicNetworkAccess: 'Enabled',
      ...particulars.properties,
    },
  };
}

/** A managed HSM as a GET of ARM gives it; unlike a vault it says `enablePurgeProtection: false`. */
export function managedHsmBody(place: Place, particulars: Particulars = {}): JsonObject {
  return {
    sku: { family: 'B', name: 'Standard_B1' },
    id: `${groupId(place)}/providers/Microsoft.KeyVault/managedHSMs/${place.name}`,
    name: place.name,
    type: 'Microsoft.KeyVault/managedHSMs',
    location: place.location,
    tags: particulars.tags ?? {},
    systemData,
    properties: {
      tenantId,
      hsmUri: `https://${place.name}.managedhsm.azure.net/`,
      initialAdminObjectIds: [guidOf('hsm administrators')],
      enableSoftDelete: true,
      softDeleteRetentionInDays: 90,
      enablePurgeProtection: false,
      provisioningState: 'Succeeded',
      statusMessage: 'The Managed HSM is provisioned and ready to use.',
      networkAcls: { bypass: 'AzureServices', defaultAction: 'Allow', ipRules: [], virtualNetworkRules: [] },
      publicNetworkAccess: 'Enabled',
      ...particulars.properties,
    },
  };
}

/** An access policy that gives one principal the same permissions on keys, secrets and certificates. */
export function accessPolicy(principal: string, permissions: readonly string[]): JsonObject {
  return {
    tenantId,
    objectId: guidOf(principal),
    permissions: { keys: permissions, secrets: permissions, certificates: permissions, storage: [] },
  };
}

/** A private endpoint connection in a state: Approved, Pending, Rejected, Disconnected. */
export function endpointConnection(vault: string, status: string): JsonObject {
  return {
    id: `${vault}-connection`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: {
        id: `/subscriptions/${networkId}/resourceGroups/rg-network/providers/Microsoft.Network/privateEndpoints/pe-${vault}`,
      },
      privateLinkServiceConnectionState: { status, actionsRequired: 'None' },
    },
  };
}

const networkId = guidOf('network');

const systemData: JsonObject = {
  createdBy: 'deploy@contoso.example',
  createdByType: 'User',
  createdAt: '2024-03-11T08:14:02.117Z',
  lastModifiedBy: guidOf('pipeline'),
  lastModifiedByType: 'Application',
  lastModifiedAt: '2026-05-19T13:40:55.904Z',
};

function groupId(place: Place): string {
  return `/subscriptions/${place.subscriptionId}/resourceGroups/${place.resourceGroup}`;
}

/** A role assignment in a directory. `role` is the GUID of its definition; `more` are further properties. */
export function roleAssignmentBody(
  {
    scope,
    role,
    principalId,
  }: { readonly scope: string; readonly role: string; readonly principalId: string },
  more: JsonObject = {},
): JsonObject {
  const name = guidOf(`assignment of ${role} to ${principalId} at ${scope}`);
  const inSubscription = /^\/subscriptions\/[^/]+/.exec(scope)?.[0] ?? '';
  return {
    id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `${inSubscription}${roleDefinitionId(role)}`,
      principalId,
      principalType: 'User',
      scope,
      condition: null,
      createdOn: '2026-01-02T03:04:05Z',
      ...more,
    },
  };
}

/** A custom role in a directory: the name, and one permission. */
export function customRoleBody(roleName: string, permission: JsonObject): JsonObject {
  const name = guidOf(`custom role ${roleName}`);
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return {
    id: roleDefinitionId(name),
    name,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName,
      type: 'CustomRole',
      description: '',
      assignableScopes: ['/'],
      permissions: [{ ...none, ...permission }],
    },
  };
}

/** A deny assignment in a directory, for everybody unless `more` says otherwise. */
export function denyAssignmentBody(scope: string, permission: JsonObject, more: JsonObject = {}): JsonObject {
  const name = guidOf(`denial at ${scope}`);
  const none = { actions: [], notActions: [], dataActions: [], notDataActions: [] };
  return {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/${name}`,
    name,
    type: 'Microsoft.Authorization/denyAssignments',
    properties: {
      denyAssignmentName: name,
      permissions: [{ ...none, ...permission }],
      scope,
      doNotApplyToChildScopes: false,
      principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
      excludePrincipals: [],
      isSystemProtected: true,
      ...more,
    },
  };
}
