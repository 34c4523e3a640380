import type { JsonObject } from '../../src/model/json.ts';
import { placeOf, type Tenant, type TenantSubscription } from '../tenant.ts';
import { denialsOf, rolesOf } from './directory.ts';
import { may, reaches } from './rights.ts';

/** The resources of some subscriptions (ids lower-cased) that the principal may read. */
export function* readableResources(tenant: Tenant, subscriptions: ReadonlySet<string>): Iterable<JsonObject> {
  const reached = new Map(
    tenant.subscriptions
      .filter((one) => subscriptions.has(one.id.toLowerCase()) && reaches(tenant, one))
      .map((one) => [one.id.toLowerCase(), one] as const),
  );
  const isReadable = readabilityIn(tenant);
  const { resources } = tenant;
  for (const resource of Array.isArray(resources) ? resources : resources(new Set(reached.keys()))) {
    const subscription = reached.get(placeOf(resource).subscriptionId.toLowerCase());
    if (subscription !== undefined && isReadable(resource, subscription)) yield resource;
  }
}

/** A million resources lie in few places: unless rights are about single resources, each place is judged once. */
function readabilityIn(tenant: Tenant): (resource: JsonObject, subscription: TenantSubscription) => boolean {
  const { missingRights = [] } = tenant;
  const [roles, denials] = [rolesOf(tenant), denialsOf(tenant)];
  const scopes = [...(roles ?? []), ...denials, ...missingRights].map(({ scope }) => scope);
  const areFine =
    scopes.some((scope) => scope.split('/').length > 5 && /^\/subscriptions/i.test(scope)) ||
    denials.some(({ isOnlyAtScope }) => isOnlyAtScope === true);
  const isPlain = scopes.length === 0 && roles === undefined;
  const known = new Map<string, boolean>();
  return (resource, { access = 'full' }) => {
    if (isPlain && access === 'full') return true;
    const [id, type] = [textOf(resource, 'id'), textOf(resource, 'type')];
    const place = areFine ? id : id.split('/').slice(0, 5).join('/');
    const key = `${type} ${place} ${access}`;
    const judged = known.get(key) ?? may(tenant, `${type}/read`, place);
    known.set(key, judged);
    return judged;
  };
}

function textOf(resource: JsonObject, key: string): string {
  const value = resource[key];
  return typeof value === 'string' ? value : '';
}
