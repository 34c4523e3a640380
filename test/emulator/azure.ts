import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { HttpClient } from '@azure/core-rest-pipeline';
import {
  guidOf,
  vaultBody,
  type Emulator,
  type Tenant,
  type TenantSubscription,
} from '../../emulator/index.ts';

/** The subscriptions of the small tenant. */
export const ids = { one: guidOf('one'), two: guidOf('two'), three: guidOf('three') };

/** Three subscriptions with three vaults each, under two groups. */
export function smallTenant(
  changes: Partial<Record<keyof typeof ids, Partial<TenantSubscription>>> = {},
): Tenant {
  return {
    tenantId: guidOf('tenant'),
    managementGroups: [
      { id: 'root', displayName: 'Root' },
      { id: 'inner', displayName: 'Inner group', parent: 'root' },
    ],
    subscriptions: [
      { id: ids.one, name: 'One', managementGroup: 'root', ...changes.one },
      { id: ids.two, name: 'Two', managementGroup: 'inner', ...changes.two },
      { id: ids.three, name: 'Three', managementGroup: 'inner', ...changes.three },
    ],
    resources: Object.entries(ids).flatMap(([name, subscriptionId]) =>
      ['a', 'b', 'c'].map((letter) =>
        vaultBody({
          subscriptionId,
          resourceGroup: `RG-${letter}`,
          name: `kv-${name}-${letter}`,
          location: 'westeurope',
        }),
      ),
    ),
  };
}

/** The real client of Resource Graph over an emulator, without the SDK's own retries. */
export function graphClient(azure: Emulator, httpClient: HttpClient = azure.httpClient): ResourceGraphClient {
  return new ResourceGraphClient(azure.credential, { httpClient, retryOptions: { maxRetries: 0 } });
}

/** A query for names in order. */
export const names = 'resources | project id, name | order by id asc';
