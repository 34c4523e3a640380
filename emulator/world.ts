import { randomUUID } from 'node:crypto';
import { createQuota, type Quota, type QuotaOptions } from './resource-graph/quota.ts';
import { createResultCache, type ResultCache } from './resource-graph/result-cache.ts';
import type { Unaccepted } from './resource-graph/unaccepted.ts';
import { defaultPrincipal, type Tenant, type TenantPrincipal } from './tenant.ts';

/** How many items the paged lists of ARM give at once. */
interface PageSizes {
  readonly subscriptions: number;
  readonly descendants: number;
  /** Vaults and managed HSMs by subscription; the real one gives two or three. */
  readonly vaults: number;
  readonly resources: number;
  readonly permissions: number;
}

/** What can be set of an emulator. Everything left out is as in Azure. */
export interface EmulatorOptions {
  readonly now?: () => number;
  /** Resource Graph queries allowed in a sliding window; 15 in 5 s by default. */
  readonly quota?: QuotaOptions | 'unlimited';
  /** Whether a 429 of Resource Graph says `Retry-After`. It does not by default. */
  readonly retryAfter?: boolean;
  readonly latencyMs?: number;
  readonly pageSizes?: Partial<PageSizes>;
  /** Subscriptions that a query on a management group or the whole tenant reaches; 10,000 by default. */
  readonly subscriptionLimit?: number;
  /** Bytes of a Resource Graph page, about; 16 MB by default. */
  readonly payloadLimit?: number;
  /** How long an issued token lives, by the emulator's clock; an hour by default. */
  readonly tokenLifetimeMs?: number;
  /** Resource Graph goes on showing what was before a write until the tenant's `stale` is cleared. */
  readonly graphLags?: boolean;
  /** Whether the row of a subscription shows where only a right in it is held, on a resource group; hidden by default. */
  readonly partlyReadable?: 'shows' | 'hidden';
  /** Whether Resource Graph shows what is assigned above to who may read it only where it is inherited; hidden by default. */
  readonly inheritedAssignments?: 'shown' | 'hidden';
  /** What Resource Graph refuses in a query although it is KQL; nothing by default. */
  readonly unaccepted?: Unaccepted;
  /** How long a write takes; another one to the same resource meanwhile is a conflict. 0 unless told otherwise. */
  readonly writeMs?: number;
  /** How often a long-running operation on a managed HSM is still under way when it is asked; 1 by default. */
  readonly hsmPolls?: number;
  /** How many looks at a vault it takes until what was recovered in it is there; 1 by default, 0 for at once. */
  readonly recoverLooks?: number;
  /** The address that requests to vaults come from, for their firewalls; 198.51.100.7 by default. */
  readonly clientAddress?: string;
  /** How often a purge is still under way when it, or the recycle bin, is read; 1 by default. */
  readonly purgePolls?: number;
}

/** What all operations share. */
export interface World {
  readonly tenant: Tenant;
  readonly principal: TenantPrincipal;
  readonly options: EmulatorOptions;
  readonly pageSizes: PageSizes;
  readonly quota: Quota;
  readonly results: ResultCache;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Sets up the state behind one emulator. */
export function createWorld(tenant: Tenant, options: EmulatorOptions): World {
  return {
    tenant,
    principal: tenant.principal ?? defaultPrincipal,
    options,
    pageSizes: {
      subscriptions: 1000,
      descendants: 1000,
      vaults: 3,
      resources: 1000,
      permissions: 100,
      ...options.pageSizes,
    },
    quota: createQuota(options.quota ?? { limit: 15, windowMs: 5000 }),
    results: createResultCache(),
    now: options.now ?? Date.now,
    newId: randomUUID,
  };
}
