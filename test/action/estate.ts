import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guidOf, type Tenant, vaultBody } from '../../emulator/index.ts';
import type { JsonObject } from '../../src/model/json.ts';

/** What a vault has that every built-in rule passes. */
export const compliant: JsonObject = {
  enableSoftDelete: true,
  enablePurgeProtection: true,
  softDeleteRetentionInDays: 90,
  enableRbacAuthorization: true,
  publicNetworkAccess: 'Disabled',
  privateEndpointConnections: [{ properties: { privateLinkServiceConnectionState: { status: 'Approved' } } }],
};

/** Three subscriptions: `clean`, `faulty` with two vaults that fail, and `closed`, which is listed and denied. */
export function actionTenant(): Tenant {
  const vault = (subscription: string, name: string, properties: JsonObject): JsonObject =>
    vaultBody(
      { subscriptionId: guidOf(subscription), resourceGroup: 'rg-platform', name, location: 'westeurope' },
      { properties },
    );
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [],
    subscriptions: [
      { id: guidOf('clean'), name: 'clean' },
      { id: guidOf('faulty'), name: 'faulty' },
      { id: guidOf('closed'), name: 'closed', access: 'denied', listed: true },
    ],
    resources: [
      vault('clean', 'kv-good', compliant),
      vault('faulty', 'kv-orders', { ...compliant, enablePurgeProtection: null }),
      vault('faulty', 'kv-billing', { ...compliant, enableRbacAuthorization: false }),
    ],
  };
}

/** A checkout with the Bicep that declares kv-orders, and an inventory. Returns its folder. */
export function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'purgeproof-workspace-'));
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'infra'));
  writeFileSync(join(folder, 'infra/main.bicep'), bicep);
  writeFileSync(join(folder, 'vaults.json'), JSON.stringify([actionVault]));
  return folder;
}

const bicep = `// Nothing above this line.
resource orders 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: 'kv-orders'
  location: 'westeurope'
  properties: {
    enableRbacAuthorization: true
  }
}
`;

const actionVault = vaultBody(
  {
    subscriptionId: guidOf('faulty'),
    resourceGroup: 'rg-platform',
    name: 'kv-offline',
    location: 'westeurope',
  },
  { properties: { ...compliant, enablePurgeProtection: null } },
);
