import type { AzureConnection } from '../../azure/connection.ts';
import { type ArmSubscription, listDescendants, listSubscriptions } from '../../azure/subscriptions.ts';
import type { GraphScope } from '../../azure/resource-graph.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError, UsageError } from '../../model/errors.ts';

/** The scope that the user named; both empty means everything that is visible to the identity. */
export interface NamedScope {
  /** Ids in any letter case, or display names. */
  readonly subscriptions: readonly string[];
  /** Ids, or display names. */
  readonly managementGroups: readonly string[];
}

/** Subscriptions; `undefined` where they cannot be listed. */
export type Members = readonly ArmSubscription[] | undefined;

/** One target of a snapshot, and the subscriptions that must be accounted for in it, where they can be listed beforehand. */
export interface Target {
  readonly scopes: readonly GraphScope[];
  readonly expected: Members;
  /** The error for which its subscriptions could not be listed. */
  readonly unlisted?: AzureError;
}

/**
 * Subscriptions a list may hold. Resource Graph refuses more than 1,000; Microsoft advises to stay below 300, and larger
 * lists have been seen to give inconsistent rows.
 * Source: https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 */
const subscriptionsPerList = 300;

/** Lists of at most `subscriptionsPerList` subscriptions. */
export function subscriptionLists(ids: readonly string[]): readonly GraphScope[] {
  const lists: GraphScope[] = [];
  for (let start = 0; start < ids.length; start += subscriptionsPerList) {
    lists.push({ kind: 'subscriptions', ids: ids.slice(start, start + subscriptionsPerList) });
  }
  return lists;
}

/** Everything that is visible to the identity. Where Azure fails to list it, the snapshot may not show all. */
export async function targetTenant(connection: AzureConnection, session: Session): Promise<Target> {
  const scopes: readonly GraphScope[] = [{ kind: 'tenant' }];
  try {
    return { scopes, expected: await listSubscriptions(connection, session) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { scopes, expected: undefined, unlisted: error };
  }
}

/** A management group by id. What is below it is unknown where the identity may not read the group itself. */
export async function targetGroup(
  connection: AzureConnection,
  session: Session,
  id: string,
): Promise<Target> {
  const scopes: readonly GraphScope[] = [{ kind: 'managementGroup', id }];
  try {
    return { scopes, expected: await listDescendants(connection, session, id) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { scopes, expected: undefined, unlisted: error };
  }
}

/** Lists the subscriptions of a target again. Throws `AzureError`. */
export async function listMembers(
  connection: AzureConnection,
  session: Session,
  { scopes: [scope], expected }: Target,
): Promise<Members> {
  if (scope?.kind === 'tenant') return listSubscriptions(connection, session);
  if (scope?.kind !== 'managementGroup') return expected;
  const { expected: members, unlisted } = await targetGroup(connection, session, scope.id);
  if (unlisted !== undefined && !notOurs.has(unlisted.status)) throw unlisted;
  return members;
}

/** With these Azure says that a group does not exist, or that we may not read it; the rest is a failure. */
const notOurs: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/** Named subscriptions. A display name is looked up among those that the identity may list. */
export async function targetSubscriptions(
  connection: AzureConnection,
  session: Session,
  named: readonly string[],
): Promise<Target & { readonly unknown: readonly string[] }> {
  const isKnownById = named.every((name) => guid.test(name));
  const listed = isKnownById ? [] : unique(await listSubscriptions(connection, session));
  const found = new Map<string, ArmSubscription>();
  const unknown = new Map<string, string>();
  for (const name of named) {
    const subscription = guid.test(name) ? byId(name, listed) : byName(name, listed);
    if (subscription === undefined) unknown.set(name.toLowerCase(), name);
    else found.set(subscription.id.toLowerCase(), subscription);
  }
  return {
    scopes: subscriptionLists([...found.keys()]),
    expected: [...found.values()],
    unknown: [...unknown.values()],
  };
}

const guid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Azure may list a subscription on two pages when the list changes in between. */
function unique(listed: readonly ArmSubscription[]): readonly ArmSubscription[] {
  return [...new Map(listed.map((one) => [one.id.toLowerCase(), one])).values()];
}

function byId(id: string, listed: readonly ArmSubscription[]): ArmSubscription {
  return listed.find((one) => one.id.toLowerCase() === id.toLowerCase()) ?? { id, name: id };
}

function byName(name: string, listed: readonly ArmSubscription[]): ArmSubscription | undefined {
  const exact = listed.filter((one) => one.name === name);
  const alike =
    exact.length > 0 ? exact : listed.filter((one) => one.name.toLowerCase() === name.toLowerCase());
  if (alike.length <= 1) return alike[0];
  throw new UsageError(
    `${alike.length} subscriptions are called ${JSON.stringify(name)}`,
    `Name the one that is meant by its id: ${alike.map(({ id }) => id).join(', ')}.`,
  );
}

/** A target of an earlier snapshot, and the subscriptions that it held then, by id in lower case. */
export interface KnownTarget {
  readonly target: Target;
  readonly held: ReadonlySet<string>;
}

/** The ids of subscriptions in lower case; none where they cannot be listed. */
export function lowerIds(members: Members): readonly string[] {
  return (members ?? []).map(({ id }) => id.toLowerCase());
}
