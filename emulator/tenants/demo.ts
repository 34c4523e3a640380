import type { JsonObject } from '../../src/model/json.ts';
import type { Tenant, TenantSubscription } from '../tenant.ts';
import { guidOf, managedHsmBody, tenantId, vaultBody } from './bodies.ts';
import { demoBin, demoObjects } from './demo-bin.ts';
import { demoVaults } from './demo-vaults.ts';
import { propertiesOf } from './states.ts';

/**
 * A company to show things on: three management groups below a root, twelve subscriptions (one denied though listed,
 * one disabled), and some sixty vaults and HSMs in every state that matters, and a recycle bin whose dates are counted from
 * `now`. The same each time; yours to change.
 */
export function demoTenant(now = new Date('2026-11-24T12:00:00Z')): Tenant {
  return {
    tenantId,
    managementGroups: [
      { id: 'contoso', displayName: 'Contoso' },
      { id: 'contoso-platform', displayName: 'Platform', parent: 'contoso' },
      { id: 'contoso-production', displayName: 'Production', parent: 'contoso' },
      { id: 'contoso-sandbox', displayName: 'Sandbox', parent: 'contoso' },
    ],
    subscriptions: subscriptions(),
    resources: [...vaultResources(), ...hsmResources()],
    deleted: demoBin(now),
    dataPlanes: demoObjects(now),
  };
}

function subscriptions(): TenantSubscription[] {
  return [
    subscription('platform-identity', 'contoso-platform'),
    subscription('platform-connectivity', 'contoso-platform'),
    subscription('platform-management', 'contoso-platform'),
    subscription('prod-retail', 'contoso-production'),
    subscription('prod-payments', 'contoso-production'),
    subscription('prod-data', 'contoso-production'),
    subscription('prod-logistics', 'contoso-production'),
    { ...subscription('prod-hr', 'contoso-production'), access: 'denied', listed: true },
    subscription('sandbox-research', 'contoso-sandbox'),
    subscription('sandbox-training', 'contoso-sandbox'),
    { ...subscription('sandbox-legacy', 'contoso-sandbox'), state: 'Disabled' },
    subscription('dev-web', 'contoso-sandbox'),
  ];
}

function subscription(name: string, managementGroup: string): TenantSubscription {
  return { id: guidOf(name), name, managementGroup };
}

function vaultResources(): JsonObject[] {
  return demoVaults.map((vault) =>
    vaultBody(
      {
        subscriptionId: guidOf(vault.subscription),
        resourceGroup: vault.group,
        name: vault.name,
        location: vault.location ?? 'westeurope',
      },
      { properties: propertiesOf(vault.states, vault.name), ...(vault.tags && { tags: vault.tags }) },
    ),
  );
}

function hsmResources(): JsonObject[] {
  const lines = [
    ['prod-payments', 'hsm-payments-weu', { enablePurgeProtection: true, publicNetworkAccess: 'Disabled' }],
    ['prod-payments', 'hsm-payments-neu', {}],
    ['prod-data', 'hsm-data-weu', { softDeleteRetentionInDays: 7 }],
    ['platform-identity', 'hsm-identity', { enablePurgeProtection: true, softDeleteRetentionInDays: 30 }],
  ] as const;
  return lines.map(([subscriptionName, name, properties]) =>
    managedHsmBody(
      { subscriptionId: guidOf(subscriptionName), resourceGroup: 'rg-hsm', name, location: 'westeurope' },
      { properties, tags: { env: 'prod' } },
    ),
  );
}
