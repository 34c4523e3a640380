import type { AzureError } from '../../model/errors.ts';
import type { Unreadable } from '../../model/report.ts';

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
export function deniedSubscription(id: string, reason: string, hint = readerHint(id)): Unreadable {
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint };
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
