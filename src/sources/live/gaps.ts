import { refusedToken } from '../../azure/graph-query.ts';
import { AzureError } from '../../model/errors.ts';
import type { RefusedForm, Unreadable } from '../../model/coverage.ts';
import { descendantsRead, managementGroupsRead } from '../../model/permission.ts';
import { knownType, typeOfReadRight } from '../../resource-types/known-type.ts';
import { formOf, type LiveQuery } from './query.ts';

/** A display name that no visible subscription has; `suggestion` is a question after the one that may be meant. */
export function unreadableName(name: string, suggestion: string): Unreadable {
  return {
    scope: name,
    kind: 'subscription',
    reason: `Not found: no visible subscription has that name.${suggestion}`,
    hint: 'Check the name, or use the id: `az account list`. The identity needs the role Reader on the subscription.',
  };
}

const groupCheck = `Check the id: \`az account management-group list\`; a display name is found with ${managementGroupsRead} alone.`;

/** A management group that Azure does not know; `suggestion` is a question after the one that may be meant. */
export function absentGroup(name: string, suggestion: string): Unreadable {
  return groupGap(
    name,
    `Not found: no visible management group has that id or name.${suggestion}`,
    groupCheck,
  );
}

/** A management group below which Resource Graph refuses to search: it may be there, or not. */
export function unreadableGroup(name: string, error: AzureError, suggestion = ''): Unreadable {
  const check = `${groupCheck} The identity needs the role Reader on the management group.`;
  const reason = `It is not visible: ${error.message}.${suggestion}`;
  return groupGap(name, reason, blamesQuery(error) ? error.hint : check);
}

/** A management group whose subscriptions Azure did not list: a denied one would not be missed. */
export function unlistedGroup(name: string, error: AzureError): Unreadable {
  const grant = `The identity needs ${descendantsRead} on it: the role Reader on the management group grants it. Or name the subscriptions instead.`;
  const reason = `Which subscriptions it holds cannot be known: ${error.message}.`;
  return groupGap(name, reason, error.status === 403 ? grant : error.hint);
}

function groupGap(scope: string, reason: string, hint: string): Unreadable {
  return { scope, kind: 'managementGroup', reason, hint };
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
  return `The identity needs the role Reader on it: \`az role assignment create --role Reader --scope /subscriptions/${id} --assignee <object id>\``;
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
  /** There is no such subscription, as far as Azure tells this identity. */
  readonly isAbsent?: true;
}

/** The explanation of a subscription about which Azure was not asked. */
export function notAsked(id: string): Denial {
  return {
    reason: 'It is not visible, and Azure was not asked why.',
    hint: `Scan it on its own to learn why: --subscription ${id}.`,
  };
}

/** The actions that nothing shows the identity to hold on a subscription. */
export interface MissingRights {
  readonly actions: readonly string[];
  /** Another action that is needed is held. */
  readonly holdsOthers: boolean;
  /** The error of Azure when it was asked what the identity holds there; `undefined` when it answered. */
  readonly failure: AzureError | undefined;
}

/** The code of an error that is ours: rows are in none of the counts that Resource Graph was asked for. */
export const uncountedRows = 'RowsUncounted';

/** The code of an error that is ours: Resource Graph truncated its answer at every attempt. */
const truncatedAnswer = 'ResultTruncated';

const ours: ReadonlySet<string> = new Set([uncountedRows, truncatedAnswer]);

/** Resource Graph gives fewer rows than there are, without an error. */
export function withheldRows(operation: string): AzureError {
  return new AzureError(`could not ${operation}: Resource Graph withheld rows at every attempt`, {
    operation,
    status: 200,
    code: truncatedAnswer,
    requestId: '',
    hint: 'Try again later, or name fewer subscriptions.',
  });
}

/** The answers to a query that Azure does not understand, or finds too large or too complex. */
const refusals = new Set([400, 413, 414, 422]);

/**
 * With these Resource Graph gives a query up that takes too long or cannot be executed; they come after every retry.
 * "An unexpected query execution error occurred" is a 500: https://github.com/Azure/azqr/issues/712
 */
const givenUp = new Set([408, 500, 504]);

/** Codes of 400 that are about the scope and not about the query. */
const isAboutScope = /Subscription|ManagementGroup|Scope|Tenant/i;

/** True where a plainer query may be answered: this one was refused for its content, or given up. */
export function blamesQuery({ status, code }: AzureError): boolean {
  if (code === refusedToken) return false;
  return (refusals.has(status) && !isAboutScope.test(code)) || givenUp.has(status) || ours.has(code);
}

/** The same, where nothing at all was answered: then any failure of Azure may be caused by the query. */
export function mayBlameQuery(error: unknown): error is AzureError {
  if (!(error instanceof AzureError) || error.operation === 'sign in') return false;
  return blamesQuery(error) || error.status >= 500;
}

/** The entry of the report for a query that was refused. */
export function refusedForm(query: LiveQuery, { code, message }: AzureError): RefusedForm {
  return { form: formOf(query), code, message };
}
