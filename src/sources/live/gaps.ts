import { AzureError } from '../../model/errors.ts';
import type { Unreadable } from '../../model/report.ts';
import type { Outlook } from './outlook.ts';

/** A display name that no subscription answers to. */
export function unreadableName(name: string): Unreadable {
  return {
    scope: name,
    kind: 'subscription',
    reason: 'No subscription of that name can be seen.',
    hint: 'Check the name (az account list), or use the id. The identity needs the role Reader on the subscription.',
  };
}

/** A management group that Resource Graph refuses to look below. */
export function unreadableGroup(name: string, error: AzureError): Unreadable {
  return {
    scope: name,
    kind: 'managementGroup',
    reason: `It cannot be seen: ${error.message}.`,
    hint: 'Check the id (az account management-group list). The identity needs the role Reader on the management group.',
  };
}

/** A management group of which Azure failed to tell what stands below: a denied subscription would not be missed. */
export function unlistedGroup(name: string, error: AzureError): Unreadable {
  return {
    scope: name,
    kind: 'managementGroup',
    reason: `Which subscriptions it holds cannot be known: ${error.message}.`,
    hint: error.hint,
  };
}

/** A subscription that was expected and does not show. */
export function deniedSubscription(id: string, reason: string): Unreadable {
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint: readerHint(id) };
}

/** A subscription of which only a part was read. */
export function unfinishedSubscription(id: string, reason: string, hint: string): Unreadable {
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint };
}

/** What grants the right to read a subscription. */
export function readerHint(id: string): string {
  return `The identity needs the role Reader on it: az role assignment create --role Reader --scope /subscriptions/${id} --assignee ….`;
}

/** The user, or the system, stopped the read. */
export const interruptedRead: Unreadable = {
  scope: 'scan',
  kind: 'interrupted',
  reason: 'The scan was interrupted before it had read everything.',
  hint: 'Run it again.',
};

/** The error that ends a read of which nothing can be seen; `undefined` when something can. */
export function nothingSeen(
  outlook: Pick<Outlook, 'expected' | 'expectedFrom' | 'visible' | 'counts' | 'unreadable'>,
  refused: readonly { readonly error: AzureError }[],
): AzureError | undefined {
  if (outlook.visible.size > 0 || outlook.counts.size > 0) return undefined;
  // 400, 403 and 404 say that a scope does not exist or is not ours to see; the rest is Azure's or the network's trouble.
  const failed = refused.find(({ error }) => ![400, 403, 404].includes(error.status));
  if (failed !== undefined) return failed.error;
  // A management group without subscriptions is a complete scan of nothing.
  if (
    outlook.expectedFrom === 'managementGroup' &&
    outlook.expected.size === 0 &&
    outlook.unreadable.length === 0
  )
    return undefined;
  const scopes = [
    ...[...outlook.expected.values()].map(describe),
    ...outlook.unreadable.map(({ scope }) => scope),
  ];
  const message =
    scopes.length === 0
      ? 'this identity sees no subscription at all'
      : `none of what is to be scanned can be seen: ${shorten(scopes)}`;
  return new AzureError(message, {
    operation: 'look at the subscriptions',
    status: refused[0]?.error.status ?? 403,
    code: refused[0]?.error.code ?? 'AuthorizationFailed',
    requestId: refused[0]?.error.requestId ?? '',
    hint:
      outlook.unreadable[0]?.hint ??
      'The identity needs the role Reader (it holds Microsoft.KeyVault/vaults/read) on each subscription, or on a management group above. Check that you signed in to the right tenant: az account show.',
  });
}

function describe({ id, name }: { readonly id: string; readonly name: string }): string {
  return name === id ? id : `${name} (${id})`;
}

function shorten(scopes: readonly string[]): string {
  const shown = scopes.slice(0, 5).join(', ');
  return scopes.length > 5 ? `${shown}, and ${scopes.length - 5} more` : shown;
}
