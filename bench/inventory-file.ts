import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generateTenant } from '../emulator/index.ts';
import { isJsonObject, type JsonObject } from '../src/model/json.ts';
import { subscriptions } from './read-measurement.ts';
import { folder } from './scanner.ts';

/** The bodies of a generated tenant's vaults, one after the other. */
export function generatedVaults(vaults: number, failing: number): Iterable<JsonObject> {
  const { resources } = generateTenant({ subscriptions, vaults, failing });
  return typeof resources === 'function' ? resources() : resources;
}

/** An inventory file with the vaults of a generated tenant, of which 1 % fail unless told otherwise. */
export function inventoryFile(vaults: number, failing = 0.01): string {
  return written(`inventory-${vaults}-${failing}.json`, generatedVaults(vaults, failing));
}

/** An inventory file with vaults that fail by what they are set to, each in its own way: a report of them is as varied as an estate. */
export function variedInventoryFile(vaults: number): string {
  return written(`varied-${vaults}.json`, variedVaults(vaults));
}

function* variedVaults(vaults: number): Iterable<JsonObject> {
  let index = 0;
  for (const body of generatedVaults(vaults, 1)) {
    const { properties } = body;
    yield { ...body, properties: { ...(isJsonObject(properties) ? properties : {}), ...varied(index) } };
    index += 1;
  }
}

/** Periods without common divisors, so that combinations repeat late. */
function varied(index: number): JsonObject {
  const policies = Array.from({ length: index % 6 }, (_, nth) => ({
    tenantId: guidOf(1),
    objectId: guidOf(index * 6 + nth),
    permissions: {
      keys: keyPermissions[(index + nth) % keyPermissions.length] ?? [],
      secrets: (index + nth) % 3 === 0 ? ['purge'] : ['get'],
      certificates: [],
    },
  }));
  return {
    ...(index % 11 === 0 ? { enableSoftDelete: false } : {}),
    ...(index % 7 < 3 ? { enablePurgeProtection: true } : {}),
    softDeleteRetentionInDays: [7, 14, 30, 90][index % 4] ?? 90,
    enableRbacAuthorization: index % 5 === 0,
    publicNetworkAccess: index % 13 < 9 ? 'Enabled' : 'Disabled',
    accessPolicies: policies,
    networkAcls: {
      bypass: 'AzureServices',
      defaultAction: index % 17 < 12 ? 'Allow' : 'Deny',
      ipRules: Array.from({ length: index % 3 }, (_, nth) => ({ value: `203.0.113.${nth}/32` })),
      virtualNetworkRules: [],
    },
  };
}

const keyPermissions = [[], ['get'], ['get', 'list', 'purge'], ['all'], ['Get', 'Delete', 'Purge']];

function guidOf(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

function written(name: string, bodies: Iterable<JsonObject>): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  const file = openSync(path, 'w');
  let separator = '[';
  for (const body of bodies) {
    writeSync(file, `${separator}${JSON.stringify(body)}`);
    separator = ',\n';
  }
  writeSync(file, ']\n');
  closeSync(file);
  return path;
}
