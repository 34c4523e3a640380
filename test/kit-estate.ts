import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulator, type Emulator, guidOf, type Tenant, vaultBody } from '../emulator/index.ts';
import { managedHsmBody, tenantId } from '../emulator/tenants/bodies.ts';
import type { JsonObject } from '../src/model/json.ts';
import { fakeClock } from './azure/fake-clock.ts';
import { run, type Outcome, type Setting } from './cli/run.ts';

export const subscriptionId = '11111111-1111-4111-8111-111111111111';
export const vaultId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-pay`;

/** The token of a webhook, as Azure would never give it, in each place where it could stand. */
export const webhookSecret = 'hook-token-4711';

function row(type: string, name: string, properties: JsonObject, scope: string = vaultId): JsonObject {
  return { id: `${scope}/providers/${type}/${name}`, name, type, properties };
}

export function roleAssignment(name: string, scope: string = vaultId, more: JsonObject = {}): JsonObject {
  const roleDefinitionId = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${guidOf('Secrets User')}`;
  const properties = {
    roleDefinitionId,
    principalId: guidOf('app'),
    principalType: 'ServicePrincipal',
    scope,
    createdOn: '2026-01-02T03:04:05Z',
    updatedOn: '2026-01-02T03:04:05Z',
    createdBy: guidOf('admin'),
    description: null,
    ...more,
  };
  return row('Microsoft.Authorization/roleAssignments', guidOf(name), properties, scope);
}

export function diagnosticSetting(name: string, category = 'AuditEvent'): JsonObject {
  return row('Microsoft.Insights/diagnosticSettings', name, {
    workspaceId: `/subscriptions/${subscriptionId}/resourcegroups/rg-logs/providers/microsoft.operationalinsights/workspaces/logs`,
    storageAccountId: null,
    logs: [
      { category, categoryGroup: null, enabled: true },
      { category: null, categoryGroup: 'allLogs', enabled: false },
    ],
    metrics: [],
  });
}

function eventSubscription(name: string): JsonObject {
  return row('Microsoft.EventGrid/eventSubscriptions', name, {
    topic: vaultId,
    provisioningState: 'Succeeded',
    destination: {
      endpointType: 'WebHook',
      properties: {
        endpointUrl: `https://hooks.contoso.example/${webhookSecret}?code=${webhookSecret}`,
        endpointBaseUrl: `https://hooks.contoso.example/${webhookSecret}`,
        deliveryAttributeMappings: [
          { name: 'x-key', type: 'Static', properties: { isSecret: true, value: webhookSecret } },
        ],
      },
    },
    filter: {
      includedEventTypes: ['Microsoft.KeyVault.SecretNearExpiry', 'Microsoft.KeyVault.KeyNearExpiry'],
    },
    eventDeliverySchema: 'EventGridSchema',
  });
}

/** A tenant whose one vault has something in every part of a kit, above it and in it too. */
export function surroundedTenant(): Tenant {
  return {
    tenantId,
    managementGroups: [],
    subscriptions: [{ id: subscriptionId, name: 'one' }],
    resources: [
      vaultBody(
        { subscriptionId, resourceGroup: 'rg', name: 'kv-pay', location: 'westeurope' },
        {
          properties: {
            publicNetworkAccess: 'Enabled',
            networkAcls: { bypass: 'None', defaultAction: 'Deny', ipRules: [{ value: '203.0.113.7/32' }] },
            privateEndpointConnections: [
              {
                id: `${vaultId}/privateEndpointConnections/pe-1`,
                properties: {
                  provisioningState: 'Succeeded',
                  privateEndpoint: {
                    id: `/subscriptions/${subscriptionId}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/pe`,
                  },
                  privateLinkServiceConnectionState: { status: 'Approved', actionsRequired: 'None' },
                },
              },
            ],
          },
        },
      ),
    ],
    locks: [
      { scope: vaultId, name: 'keep', level: 'CanNotDelete', notes: 'ask the payments team' },
      { scope: `/subscriptions/${subscriptionId}`, name: 'above', level: 'CanNotDelete' },
    ],
    surroundings: {
      roleAssignments: [
        roleAssignment('on the vault'),
        roleAssignment('on a secret', `${vaultId}/secrets/db`),
        roleAssignment('above', `/subscriptions/${subscriptionId}`),
      ],
      diagnosticSettings: [diagnosticSetting('to-logs')],
      eventSubscriptions: [eventSubscription('near-expiry')],
    },
  };
}

export const hsmId = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/managedHSMs/hsm-pay`;

/** The same tenant with a managed HSM that has something in every part of its kit. */
export function tenantWithHsm(): Tenant {
  const tenant = surroundedTenant();
  const place = { subscriptionId, resourceGroup: 'rg', name: 'hsm-pay', location: 'westeurope' };
  const { resources, locks = [], surroundings } = tenant;
  return {
    ...tenant,
    resources: [...(Array.isArray(resources) ? resources : []), managedHsmBody(place)],
    locks: [...locks, { scope: hsmId, name: 'keep', level: 'CanNotDelete' }],
    surroundings: {
      ...surroundings,
      roleAssignments: [...(surroundings?.roleAssignments ?? []), roleAssignment('on the HSM', hsmId)],
    },
  };
}

/** A terminal with an emulated Azure and a folder of its own. */
export interface KitTerminal {
  readonly azure: Emulator;
  readonly cwd: string;
  readonly run: (command: string, setting?: Setting) => Promise<Outcome>;
}

export function kitTerminal(tenant: Tenant): KitTerminal {
  const azure = emulator(tenant);
  const { credential } = azure;
  const clock = fakeClock();
  const httpClient = clock.watch(azure.httpClient);
  const cwd = mkdtempSync(join(tmpdir(), 'purgeproof-kit-'));
  return {
    azure,
    cwd,
    run: async (command, setting = {}) =>
      run(['kit', ...command.split(' ')], {
        cwd,
        azure: { credential, httpClient, clock },
        now: '2026-11-24T12:00:00Z',
        ...setting,
      }),
  };
}
