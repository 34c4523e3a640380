import type { JsonObject } from '../../src/model/json.ts';
import { param, type Operation } from '../operation.ts';
import { authorizationFailed, json, page, subscriptionNotFound } from '../responses.ts';
import { reaches } from '../rights/rights.ts';
import { findSubscription, type Tenant, type TenantSubscription } from '../tenant.ts';

const apiVersions = ['2016-06-01', '2019-11-01', '2020-01-01', '2021-01-01', '2022-12-01'];

/** `GET /subscriptions`: those the principal has any right in, in pages. */
export const listSubscriptions: Operation = {
  method: 'GET',
  path: '/subscriptions',
  apiVersions,
  handle: ({ url }, { tenant, pageSizes }) => {
    const listed = tenant.subscriptions.filter((one) => reaches(tenant, one) || one.listed === true);
    const bodies = listed.map((one) => subscriptionBody(one, tenant));
    return page(bodies, url, pageSizes.subscriptions);
  },
};

/** `GET /subscriptions/{id}`. */
export const getSubscription: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}',
  apiVersions,
  handle: (request, world) => {
    const id = param(request, 'subscriptionId');
    const subscription = findSubscription(world.tenant, id);
    if (subscription === undefined) return subscriptionNotFound(id);
    if (!reaches(world.tenant, subscription)) {
      return authorizationFailed(world, 'Microsoft.Resources/subscriptions/read', `/subscriptions/${id}`);
    }
    return json(subscriptionBody(subscription, world.tenant));
  },
};

function subscriptionBody(subscription: TenantSubscription, tenant: Tenant): JsonObject {
  return {
    id: `/subscriptions/${subscription.id}`,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: subscription.id,
    tenantId: tenant.tenantId,
    displayName: subscription.name,
    state: subscription.state ?? 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
