import type { AzureError } from '../../model/errors.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { knownType, typeOfReadRight } from '../../resource-types/known-type.ts';
import { blamesQuery } from './refused-query.ts';
import type { MissingRights } from './rights.ts';

/** A display name that no visible subscription has. */
export function unreadableName(name: string): Unreadable {
  return {
    scope: name,
    kind: 'subscription',
    reason: 'No visible subscription has that name.',
    hint: 'Check the name (az account list), or use the id. The identity needs the role Reader on the subscription.',
  };
}

/** A management group below which Resource Graph refuses to search. */
export function unreadableGroup(name: string, error: AzureError): Unreadable {
  return {
    scope: name,
    kind: 'managementGroup',
    reason: `It is not visible: ${error.message}.`,
    hint: blamesQuery(error)
      ? error.hint
      : 'Check the id (az account management-group list). The identity needs the role Reader on the management group.',
  };
}

/** A management group whose subscriptions Azure did not list: a denied one would not be missed. */
export function unlistedGroup(name: string, error: AzureError): Unreadable {
  return {
    scope: name,
    kind: 'managementGroup',
    reason: `Which subscriptions it holds cannot be known: ${error.message}.`,
    hint:
      error.status === 403
        ? 'The identity needs Microsoft.Management/managementGroups/descendants/read on it: the role Reader on the management group grants it. Or name the subscriptions instead.'
        : error.hint,
  };
}

/** The scope of a gap that is about no subscription in particular. */
export const tenantScope = 'tenant';

/** Azure failed to list the subscriptions: a denied one would not be missed. */
export function unlistedTenant(error: AzureError): Unreadable {
  return {
    scope: tenantScope,
    kind: 'subscription',
    reason: `Which subscriptions there are cannot be known: ${error.message}.`,
    hint: error.hint,
  };
}

/** A subscription that was expected and is not visible. */
export function deniedSubscription(id: string, reason: string, hint = readerHint(id)): Unreadable {
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint };
}

/** A subscription of which only a part was read. */
export function unfinishedSubscription(id: string, reason: string, hint: string): Unreadable {
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint };
}

/** A subscription in which nothing shows that the identity may read all that the rules are about. */
export function unprovenSubscription(id: string, { actions, failure }: MissingRights): Unreadable {
  const rights = actions.join(' and ');
  const reason =
    failure === undefined
      ? `The identity does not hold ${rights} on it: ${unseenBehind(actions)} may exist there that were not seen.`
      : `Nothing shows that the identity holds ${rights} on it: ${failure.message}.`;
  const isRight = failure === undefined || failure.status === 403 || failure.status === 404;
  const hint = isRight ? readerHint(id) : failure.hint;
  const types = actions.map((action) => knownType(typeOfReadRight(action)));
  const spare = types.every((type) => type !== undefined && type.words.label !== '')
    ? ` It is not needed where no rule on ${unseenBehind(actions)} is selected (--exclude-rule).`
    : '';
  return { scope: `/subscriptions/${id}`, kind: 'subscription', reason, hint: `${hint}${spare}` };
}

function unseenBehind(actions: readonly string[]): string {
  return actions
    .map(typeOfReadRight)
    .map((type) => knownType(type)?.words.many ?? type)
    .join(' and ');
}

/** The hint that names the role which grants the right to read a subscription. */
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

/** The reason why a subscription is not visible, with a hint. */
export interface Denial {
  readonly reason: string;
  readonly hint: string;
}

/** The explanation of a subscription about which Azure was not asked. */
export function notAsked(id: string): Denial {
  return {
    reason: 'It is not visible, and Azure was not asked why.',
    hint: `Scan it on its own to learn why: --subscription ${id}.`,
  };
}
