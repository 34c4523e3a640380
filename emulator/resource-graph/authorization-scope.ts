import { may } from '../rights/rights.ts';
import { scopesAbove } from '../rights/scopes.ts';
import type { Tenant } from '../tenant.ts';
import type { Scope } from './scope.ts';

/**
 * A test that is true for scopes of which a query shows what stands there, to whoever holds the action. By default, what is above
 * the scope of the query is left out: see `authorizationScopeFilter`.
 */
export function shownScopes(tenant: Tenant, scope: Scope, action: string): (at: string) => boolean {
  const isAbove = above(tenant, scope);
  const known = new Map<string, boolean>();
  return (written) => {
    const at = written.toLowerCase();
    const found =
      known.get(at) ?? (isInScope(at, scope, isAbove) && isReadable(at, { tenant, scope, action }));
    known.set(at, found);
    return found;
  };
}

function isInScope(at: string, scope: Scope, isAbove: ReadonlySet<string>): boolean {
  const [, kind, id = '', , group = ''] = at.split('/');
  if (kind === 'subscriptions') return scope.hidesBelow !== true && scope.subscriptions.has(id);
  return isAbove.has(at) || scope.managementGroups.has(group);
}

function above(tenant: Tenant, scope: Scope): ReadonlySet<string> {
  if (scope.showsAbove !== true) return new Set();
  return new Set([...scope.subscriptions].flatMap((id) => scopesAbove(tenant, `/subscriptions/${id}`)));
}

interface Asked {
  readonly tenant: Tenant;
  readonly scope: Scope;
  readonly action: string;
}

/** Nobody tells whether what is inherited shows to whoever may read it only below the scope where it is assigned. */
function isReadable(at: string, { tenant, scope, action }: Asked): boolean {
  if (may(tenant, action, at)) return true;
  if (at.startsWith('/subscriptions/') || scope.showsInherited !== true) return false;
  return [...scope.subscriptions].some((id) => may(tenant, action, `/subscriptions/${id}`));
}
