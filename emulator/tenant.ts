import type { JsonObject } from '../src/model/json.ts';

/** A management group. `denied`: ARM answers 403 for the group itself; Resource Graph still finds what is below it. */
export interface TenantManagementGroup {
  readonly id: string;
  readonly displayName: string;
  readonly parent?: string;
  access?: 'full' | 'denied';
}

/** A subscription, and what the signed-in principal may see of it. */
export interface TenantSubscription {
  readonly id: string;
  readonly name: string;
  state?: 'Enabled' | 'Disabled' | 'Warned' | 'PastDue' | 'Deleted';
  managementGroup?: string;
  /** `denied`: not in Resource Graph, 403 in ARM. `resourceGroups`: only what is in `readableResourceGroups`. */
  access?: 'full' | 'denied' | 'resourceGroups';
  readableResourceGroups?: readonly string[];
  /** Whether `GET /subscriptions` still lists it when it is denied; false when left out. */
  listed?: boolean;
}

/** Who signs in. `clientSecret` is what the emulated Microsoft Entra ID accepts. */
export interface TenantPrincipal {
  readonly objectId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Where resources come from: ARM bodies in an array, which tests may change at any time, or made anew whenever they
 * are asked for. A function is told which subscriptions are wanted, lower-cased, and has to give the same bodies each
 * time: results of its queries are kept between pages.
 */
type TenantResources = JsonObject[] | ((subscriptions?: ReadonlySet<string>) => Iterable<JsonObject>);

/** A management lock. `scope` is what it stands on: a subscription, a resource group or a resource. */
interface TenantLock {
  readonly scope: string;
  readonly name: string;
  readonly level: 'ReadOnly' | 'CanNotDelete';
}

/** An assigned policy with the effect Deny: judges a resource as a write would leave it. */
interface TenantDenyPolicy {
  readonly name: string;
  readonly scope: string;
  readonly denies: (resource: JsonObject) => boolean;
}

/** An action that the principal may not do at a scope and below, although it may read there. */
interface TenantMissingRight {
  readonly action: string;
  readonly scope: string;
}

/** A whole Azure, as one principal meets it. Tests change it while a scan runs. */
export interface Tenant {
  readonly tenantId: string;
  readonly principal?: TenantPrincipal;
  managementGroups: TenantManagementGroup[];
  subscriptions: TenantSubscription[];
  resources: TenantResources;
  /** Rows of `authorizationresources` and `policyresources`, as ARM bodies. */
  authorization?: JsonObject[];
  policies?: JsonObject[];
  locks?: TenantLock[];
  denyPolicies?: TenantDenyPolicy[];
  missingRights?: TenantMissingRight[];
  /** What Resource Graph still shows of resources that were written a moment ago, by lower-cased id. */
  stale?: Map<string, JsonObject>;
}

/** The principal of a tenant that names none. */
export const defaultPrincipal: TenantPrincipal = {
  objectId: '5f0e2c1a-7d43-4b19-9c58-0a6be13d2f74',
  clientId: '2b6d8f90-14c7-4e3a-8f25-6d9b0c7e51a3',
  clientSecret: 'emulated-secret',
};

/** The subscription with that id, in any case. */
export function findSubscription(tenant: Tenant, id: string): TenantSubscription | undefined {
  return tenant.subscriptions.find((subscription) => subscription.id.toLowerCase() === id.toLowerCase());
}

/** The management group with that id, in any case. */
export function findManagementGroup(tenant: Tenant, id: string): TenantManagementGroup | undefined {
  return tenant.managementGroups.find((group) => group.id.toLowerCase() === id.toLowerCase());
}

/** The groups above one, nearest first. */
export function ancestorsOf(tenant: Tenant, groupId: string | undefined): readonly TenantManagementGroup[] {
  const group = groupId === undefined ? undefined : findManagementGroup(tenant, groupId);
  return group === undefined ? [] : [group, ...ancestorsOf(tenant, group.parent)];
}

/** Whether the principal may read anything in a subscription. */
export function isReadable(subscription: TenantSubscription): boolean {
  return subscription.access !== 'denied';
}

/** The resources of some subscriptions (ids lower-cased) that the principal may read. */
export function* readableResources(tenant: Tenant, subscriptions: ReadonlySet<string>): Iterable<JsonObject> {
  const readable = new Map(
    tenant.subscriptions
      .filter((one) => isReadable(one) && subscriptions.has(one.id.toLowerCase()))
      .map((one) => [one.id.toLowerCase(), one] as const),
  );
  const { resources } = tenant;
  for (const resource of Array.isArray(resources) ? resources : resources(new Set(readable.keys()))) {
    const { subscriptionId, resourceGroup } = placeOf(resource);
    const subscription = readable.get(subscriptionId.toLowerCase());
    if (subscription !== undefined && isReadableGroup(subscription, resourceGroup)) yield resource;
  }
}

/** Where a resource stands, from its id; empty where the id does not say. */
export function placeOf(resource: JsonObject): {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
} {
  const segments = typeof resource['id'] === 'string' ? resource['id'].split('/') : [];
  const isGrouped = segments[3]?.toLowerCase() === 'resourcegroups';
  return { subscriptionId: segments[2] ?? '', resourceGroup: isGrouped ? (segments[4] ?? '') : '' };
}

/** Whether the principal may read a resource group of a subscription that it may read anything of. */
export function isReadableGroup(subscription: TenantSubscription, resourceGroup: string): boolean {
  if (subscription.access !== 'resourceGroups') return true;
  const readable = subscription.readableResourceGroups ?? [];
  return readable.some((group) => group.toLowerCase() === resourceGroup.toLowerCase());
}
