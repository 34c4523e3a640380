import { reaches } from '../rights/rights.ts';
import { findManagementGroup, type Tenant, type TenantSubscription } from '../tenant.ts';
import type { World } from '../world.ts';
import { accessDenied, badRequest } from './errors.ts';
import type { GraphRequest } from './request.ts';

/** What a query reaches; ids in lower case. */
export interface Scope {
  readonly subscriptions: ReadonlySet<string>;
  readonly managementGroups: ReadonlySet<string>;
  /** True when there were more subscriptions than a query on a group or tenant reaches. */
  readonly limited: boolean;
  /** Whether the rows of subscriptions show of which only resource groups may be read. */
  readonly showsPartlyReadable?: boolean;
  /** Which role assignments show besides those at the scope itself; see `authorizationScopeFilter`. */
  readonly showsAbove?: boolean;
  readonly hidesBelow?: boolean;
  /** Whether role assignments above show to who may read them only where they are inherited. */
  readonly showsInherited?: boolean;
}

type Reached = Pick<Scope, 'subscriptions' | 'managementGroups' | 'limited'>;

const largestList = 1000;
const largestReach = 10_000;
const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * What of the asked the principal may read. What it may not read is silently left out, as in Azure; nothing left is
 * 403. Throws GraphError.
 */
export function resolveScope(request: GraphRequest, world: World): Scope {
  const { subscriptions, managementGroups } = request;
  if (subscriptions !== undefined && managementGroups !== undefined) {
    throw badRequest('InvalidScopes', 'Only one of subscriptions and managementGroups may be given.');
  }
  const scope =
    subscriptions === undefined ? reach(world, managementGroups) : listed(world.tenant, subscriptions);
  if (scope.subscriptions.size === 0) throw accessDenied();
  const { authorizationScopeFilter: filter } = request;
  return {
    ...scope,
    showsPartlyReadable: world.options.partlyReadable === 'shows',
    showsAbove: filter === 'AtScopeAndAbove' || filter === 'AtScopeAboveAndBelow',
    hidesBelow: filter === 'AtScopeAndAbove' || filter === 'AtScopeExact',
    showsInherited: world.options.inheritedAssignments === 'shown',
  };
}

function listed(tenant: Tenant, ids: readonly string[]): Reached {
  if (ids.length > largestList) {
    throw badRequest(
      'TooManySubscriptions',
      `The number of subscriptions ${ids.length} exceeds the limit ${largestList}.`,
    );
  }
  const invalid = ids.filter((id) => !guid.test(id));
  if (invalid.length > 0) {
    const given = invalid.map((id) => `'${id}'`).join(', ');
    throw badRequest(
      'SubscriptionsContainInvalidGuids',
      `The provided subscriptions must be valid Guids. Given: ${given}.`,
    );
  }
  const asked = new Set(ids.map((id) => id.toLowerCase()));
  const found = tenant.subscriptions.filter((one) => asked.has(one.id.toLowerCase()));
  return { subscriptions: idsOf(tenant, found), managementGroups: new Set(), limited: false };
}

function reach(world: World, groups: readonly string[] | undefined): Reached {
  const { tenant } = world;
  const reached =
    groups === undefined ? tenant.managementGroups.map(({ id }) => id.toLowerCase()) : below(tenant, groups);
  const inside = new Set(reached);
  const found = tenant.subscriptions.filter(
    (one) => groups === undefined || inside.has(one.managementGroup?.toLowerCase() ?? ''),
  );
  const readable = found.filter((one) => reaches(tenant, one));
  const limit = world.options.subscriptionLimit ?? largestReach;
  return {
    subscriptions: idsOf(tenant, readable.slice(0, limit)),
    managementGroups: inside,
    limited: readable.length > limit,
  };
}

/** The groups named and all below them. */
function below(tenant: Tenant, ids: readonly string[]): readonly string[] {
  const unknown = ids.filter((id) => findManagementGroup(tenant, id) === undefined);
  if (unknown.length > 0) {
    const given = unknown.map((id) => `'${id}'`).join(', ');
    throw badRequest(
      'ManagementGroupsContainInvalidIds',
      `The provided management groups must be valid. Given: ${given}.`,
    );
  }
  return ids.flatMap((id) => {
    const children = tenant.managementGroups.filter((one) => one.parent?.toLowerCase() === id.toLowerCase());
    return [
      id.toLowerCase(),
      ...below(
        tenant,
        children.map((child) => child.id),
      ),
    ];
  });
}

function idsOf(tenant: Tenant, subscriptions: readonly TenantSubscription[]): ReadonlySet<string> {
  const readable = subscriptions.filter((one) => reaches(tenant, one));
  return new Set(readable.map((one) => one.id.toLowerCase()));
}
