import type { JsonObject } from '../../src/model/json.ts';
import { lacksRight } from '../key-vault/guards.ts';
import { param, type Operation } from '../operation.ts';
import { json } from '../responses.ts';
import { isAtOrBelow } from '../rights/scopes.ts';
import type { Tenant } from '../tenant.ts';

/** `GET /subscriptions/{s}/providers/Microsoft.Authorization/locks`: all locks on it and in it. */
export const listLocks: Operation = {
  method: 'GET',
  path: '/subscriptions/{subscriptionId}/providers/Microsoft.Authorization/locks',
  apiVersions: ['2016-09-01', '2020-05-01'],
  handle: (request, world) => {
    const scope = `/subscriptions/${param(request, 'subscriptionId')}`;
    const refusal = lacksRight({ id: scope, action: 'Microsoft.Authorization/locks/read' }, world);
    if (refusal !== undefined) return refusal;
    const locks = (world.tenant.locks ?? []).filter((lock) => isAtOrBelow(lock.scope, scope));
    return json({ value: lockRows(locks) });
  },
};

/** Locks as ARM lists them. */
export function lockRows(locks: NonNullable<Tenant['locks']>): JsonObject[] {
  return locks.map(({ scope, name, level, notes }) => ({
    id: `${scope}/providers/Microsoft.Authorization/locks/${name}`,
    name,
    type: 'Microsoft.Authorization/locks',
    properties: { level, ...(notes === undefined ? {} : { notes }) },
  }));
}
