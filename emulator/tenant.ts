import type { JsonObject } from '../src/model/json.ts';
import type { InnerWildcard, Role } from './rights/role.ts';

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
  readonly notes?: string;
}

/** An assigned policy with the effect Deny: judges a resource as a write would leave it. */
interface TenantDenyPolicy {
  readonly name: string;
  readonly scope: string;
  readonly denies: (resource: JsonObject) => boolean;
}

/** An action that the principal may not do at a scope and below, whatever its roles say. */
interface TenantMissingRight {
  readonly action: string;
  readonly scope: string;
}

/**
 * A role that the principal holds at a scope and below: `/`, a management group, a subscription, a resource group or a
 * resource, as an ARM id.
 */
export interface TenantRoleAssignment {
  readonly scope: string;
  readonly role: Role;
}

/** What Azure denies everybody at a scope and below, whatever their roles say. */
export interface TenantDenyAssignment extends Role {
  readonly scope: string;
  /** True where what is below the scope is left alone. */
  readonly isOnlyAtScope?: boolean;
}

/**
 * Who holds which roles, as ARM bodies; the built-in roles are always there. What is in it about the principal that signs in
 * is in force for every request.
 */
export interface TenantDirectory {
  roleDefinitions?: JsonObject[];
  roleAssignments?: JsonObject[];
  denyAssignments?: JsonObject[];
  /** Of Privileged Identity Management; where they are left out, the directory lacks the licence for it. */
  roleEligibilities?: JsonObject[];
}

/** A vault or managed HSM in the recycle bin: as it was, and since when. Dates as Azure writes them. */
export interface TenantDeleted {
  readonly resource: JsonObject;
  readonly deletionDate: string;
  readonly scheduledPurgeDate: string;
  /** Its purge is accepted, and its operation ends with this error. */
  readonly purgeFails?: { readonly code: string; readonly message: string };
}

/**
 * A secret, key or certificate in a vault. A certificate has a hidden key and a hidden secret of its name, which live and go
 * with it, and are not listed here. Tests change them while a command runs.
 */
export interface TenantObject {
  readonly type: 'secret' | 'key' | 'certificate';
  readonly name: string;
  /** What only a request for the secret itself is given. */
  readonly value?: string;
  readonly enabled?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** In the place of the level that the configuration of the vault stands for. */
  readonly recoveryLevel?: string;
  /** Since when it is deleted, and until when: ISO 8601. A live one has neither. */
  deletedDate?: string;
  scheduledPurgeDate?: string;
  /** How many looks at the vault it takes until its deletion, or its recovery, is carried out. */
  deleting?: number;
  recovering?: number;
}

/** The data plane of a vault. One that the tenant does not name answers, and has nothing in it. */
export interface TenantDataPlane {
  objects: TenantObject[];
  /** `silent`: connections open, and nothing is ever answered. `unresolved`: its name is in no DNS from here. */
  network?: 'silent' | 'unresolved';
  /** The subscription may not be cancelled while anything in it can be recovered. */
  protectedSubscription?: true;
}

/** What stands on vaults and in them, as the rows that ARM lists; their ids say where. */
interface TenantSurroundings {
  readonly roleAssignments?: readonly JsonObject[];
  readonly diagnosticSettings?: readonly JsonObject[];
  readonly eventSubscriptions?: readonly JsonObject[];
}

/** A whole Azure, as one principal meets it. Tests change it while a scan runs. */
export interface Tenant {
  readonly tenantId: string;
  readonly principal?: TenantPrincipal;
  managementGroups: TenantManagementGroup[];
  subscriptions: TenantSubscription[];
  resources: TenantResources;
  /** The recycle bins, which Resource Graph does not show. */
  deleted?: TenantDeleted[];
  /** Ids of resource groups that are no longer there, so that nothing can be recovered into them. */
  missingResourceGroups?: string[];
  /** What is in the vaults, by the name of the vault in lower case. */
  dataPlanes?: Record<string, TenantDataPlane>;
  directory?: TenantDirectory;
  /** Rows of `policyresources`, as ARM bodies; what is built in has no scope in its id. */
  policies?: JsonObject[];
  locks?: TenantLock[];
  /** What ARM lists below resources and Resource Graph does not hold, such as encryption scopes. */
  below?: JsonObject[];
  surroundings?: TenantSurroundings;
  /** Resource providers that the subscriptions have not registered, such as `Microsoft.EventGrid`. */
  unregisteredProviders?: string[];
  denyPolicies?: TenantDenyPolicy[];
  /** The roles of the principal; it is Owner of everything where they are left out. `access` narrows them further. */
  roleAssignments?: TenantRoleAssignment[];
  denyAssignments?: TenantDenyAssignment[];
  /** How Azure reads a wildcard between two slashes, which public sources contradict each other about. */
  innerWildcard?: InnerWildcard;
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
export function findSubscription({ subscriptions }: Tenant, id: string): TenantSubscription | undefined {
  const wanted = id.toLowerCase();
  const isWanted = (one: TenantSubscription | undefined): boolean => one?.id.toLowerCase() === wanted;
  const place = placesIn(subscriptions).get(wanted);
  const found = place === undefined ? undefined : subscriptions[place];
  return isWanted(found) ? found : subscriptions.find(isWanted);
}

const places = new WeakMap<readonly TenantSubscription[], ReadonlyMap<string, number>>();

/** Where each subscription was last seen in the list, which may have changed since. */
function placesIn(subscriptions: readonly TenantSubscription[]): ReadonlyMap<string, number> {
  const known = places.get(subscriptions);
  if (known?.size === subscriptions.length) return known;
  const counted = new Map(subscriptions.map(({ id }, place) => [id.toLowerCase(), place]));
  places.set(subscriptions, counted);
  return counted;
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

/** Where a resource stands, from its id; empty where the id does not say. */
export function placeOf(resource: JsonObject): {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
} {
  const segments = typeof resource['id'] === 'string' ? resource['id'].split('/') : [];
  if (segments[1]?.toLowerCase() !== 'subscriptions') return { subscriptionId: '', resourceGroup: '' };
  const isGrouped = segments[3]?.toLowerCase() === 'resourcegroups';
  return { subscriptionId: segments[2] ?? '', resourceGroup: isGrouped ? (segments[4] ?? '') : '' };
}
