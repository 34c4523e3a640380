import type { JsonObject } from '../../src/model/json.ts';
import { may } from '../rights/rights.ts';
import type { Tenant } from '../tenant.ts';
import { shownScopes } from './authorization-scope.ts';
import type { Scope } from './scope.ts';

const provider = 'Microsoft.Authorization';
const place = /^(.*)\/providers\/microsoft\.authorization\/([^/]+)\/[^/]+$/iu;

/**
 * The bodies in `policyresources`: definitions, initiatives, assignments and exemptions. What is built in stands at no scope, and
 * shows to whoever may read such things somewhere; the rest shows as `authorizationScopeFilter` says, as role assignments do.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
 */
export function* policyBodies(tenant: Tenant, scope: Scope): Iterable<JsonObject> {
  const shown = new Map<string, (at: string) => boolean>();
  for (const body of tenant.policies ?? []) {
    const [, at, kind] = place.exec(typeof body['id'] === 'string' ? body['id'] : '') ?? [];
    if (at === undefined || kind === undefined)
      throw new Error(`no place for the policy ${JSON.stringify(body['id'])}`);
    const action = `${provider}/${kind}/read`;
    const isShown = shown.get(action) ?? shownScopes(tenant, scope, action);
    shown.set(action, isShown);
    if (at === '' ? isSomewhere(tenant, scope, action) : isShown(at)) yield body;
  }
}

function isSomewhere(tenant: Tenant, scope: Scope, action: string): boolean {
  return [...scope.subscriptions].some((id) => may(tenant, action, `/subscriptions/${id}`));
}
