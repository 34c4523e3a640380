import type { Permission } from '../model/permission.ts';
import { wildcard } from '../model/wildcard.ts';

/**
 * The extent to which permissions include an action. `arguable`: only if a wildcard between two slashes may stand for nothing, so
 * that `Microsoft.KeyVault/vaults/*\/read`, which is all that Key Vault Reader holds, includes
 * `Microsoft.KeyVault/vaults/read`. Microsoft's own programs evaluate such a pattern both ways
 * (docs/decisions/0010-evidence-of-rights.md).
 */
export type Grant = 'granted' | 'arguable' | 'notGranted';

/**
 * Evaluates what Azure says that the caller may do at a scope. Permissions add up: what one of them takes away by
 * `notActions`, another one may grant. Letter case is ignored.
 * Source: https://learn.microsoft.com/azure/role-based-access-control/role-definitions#notactions
 */
export function grantOf(permissions: readonly Permission[], action: string): Grant {
  return strongest(permissions.map((permission) => grantOfOne(permission, action)));
}

function grantOfOne({ actions, notActions }: Permission, action: string): Grant {
  // What is taken away in either reading of a pattern is not held for certain.
  if (notActions.some((pattern) => grantByPattern(pattern, action) !== 'notGranted')) return 'notGranted';
  return strongest(actions.map((pattern) => grantByPattern(pattern, action)));
}

function grantByPattern(pattern: string, action: string): Grant {
  if (wildcard(pattern)(action)) return 'granted';
  return wildcard(pattern.replaceAll('/*/', '/'))(action) ? 'arguable' : 'notGranted';
}

function strongest(grants: readonly Grant[]): Grant {
  const all = new Set(grants);
  if (all.has('granted')) return 'granted';
  return all.has('arguable') ? 'arguable' : 'notGranted';
}

/**
 * True where a permission includes an action in either reading of its patterns. For rights of others, where to miss one is
 * the worse mistake; `grantOf` is for rights of one's own.
 */
export function mayGrant({ actions, notActions }: Permission, action: string): boolean {
  return (
    actions.some((pattern) => grantByPattern(pattern, action) !== 'notGranted') &&
    !notActions.some((pattern) => grantByPattern(pattern, action) === 'granted')
  );
}
