import type { Unreadable, UnreadableKind } from '../../model/report.ts';

const kindWords: Readonly<Record<UnreadableKind, string>> = {
  subscription: 'subscription',
  managementGroup: 'management group',
  tenant: 'tenant',
  resource: 'resource',
  inventory: 'inventory',
  interrupted: 'interrupted scan of',
};

/** `subscription Payments Staging (0000…)`: what could not be read, with its display name where one is known. */
export function gapWords({ kind, scope }: Unreadable, nameOf: (id: string) => string): string {
  const id = subscriptionOf(scope);
  const name = nameOf(id);
  const what = name === id ? scope : name.endsWith(`(${id})`) ? name : `${name} (${id})`;
  return what === '' || what === kind ? kindWords[kind] : `${kindWords[kind]} ${what}`;
}

/** The lower-cased id of a scope that is a subscription; any other scope as it is, lower-cased. */
export function subscriptionOf(scope: string): string {
  return scope.toLowerCase().replace(/^\/subscriptions\/(?=[^/]+$)/, '');
}
