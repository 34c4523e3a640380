import type { AzureConnection } from '../../azure/connection.ts';
import { readRows } from '../../azure/graph-sequence.ts';
import type { Session } from '../../azure/session.ts';
import { type ArmSubscription, listSubscriptions } from '../../azure/subscriptions.ts';
import { nearest } from '../../documents/suggestions.ts';
import { AzureError, UsageError } from '../../model/errors.ts';
import { isGuid } from '../../model/guid.ts';
import { isJsonObject } from '../../model/json.ts';
import { managementGroupsQuery } from './query.ts';
import { type SnapshotTarget, subscriptionLists } from './snapshot.ts';

/** A subscription or a management group, by its id and its display name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * Asks after the one whose id or name is nearest to what was written, such as ` Did you mean Payments?`; empty where none is
 * near.
 */
export function suggestAmong(visible: readonly Named[]): (written: string) => string {
  const byName = new Map(visible.map((one) => [one.name, one.name]));
  const byId = new Map(visible.map(({ id, name }) => [id, id === name ? id : `${id} (${name})`]));
  return (written) => {
    if (visible.some(({ id }) => id.toLowerCase() === written.toLowerCase())) return '';
    const shown = isGuid(written) ? byId : new Map([...byId, ...byName]);
    const near = nearest(written, shown.keys());
    return near === undefined ? '' : ` Did you mean ${shown.get(near) ?? near}?`;
  };
}

/** The same among the subscriptions that the identity may list; where Azure does not list them, nothing is near. */
export function suggestVisible(
  connection: AzureConnection,
  session: Session,
): (written: string) => Promise<string> {
  let listed: Promise<readonly Named[]> | undefined;
  return async (written) => {
    listed ??= noneWhereRefused(listSubscriptions(connection, session));
    return suggestAmong(await listed)(written);
  };
}

/** The management groups that Resource Graph shows; none where it refuses to. */
export async function visibleGroups(
  connection: AzureConnection,
  session: Session,
): Promise<readonly Named[]> {
  const rows = await noneWhereRefused(
    readRows(connection, session, {
      operation: 'look up management groups by name',
      query: managementGroupsQuery,
      scope: { kind: 'tenant' },
    }),
  );
  return rows.flatMap(({ name: id, properties }) => {
    const shown = isJsonObject(properties) ? properties['displayName'] : undefined;
    return typeof id === 'string' ? [{ id, name: typeof shown === 'string' ? shown : id }] : [];
  });
}

async function noneWhereRefused<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  return asked.catch((error: unknown) => {
    if (error instanceof AzureError) return [];
    throw error;
  });
}

/** Named subscriptions: those that Azure lists, and names that none of them has. */
export interface NamedSubscriptions extends SnapshotTarget {
  readonly unknown: readonly string[];
  /** A question after the subscription that may be meant, such as ` Did you mean Payments?`; empty where none is near. */
  readonly suggest: (written: string) => Promise<string>;
}

/** Named subscriptions. A display name is looked up among those that the identity may list. */
export async function targetSubscriptions(
  connection: AzureConnection,
  session: Session,
  named: readonly string[],
): Promise<NamedSubscriptions> {
  const isKnownById = named.every((name) => isGuid(name));
  const listed = isKnownById ? [] : uniqueById(await listSubscriptions(connection, session));
  const found = new Map<string, ArmSubscription>();
  const unknown = new Map<string, string>();
  for (const name of named) {
    const subscription = isGuid(name) ? byId(name, listed) : byName(name, listed);
    if (subscription === undefined) unknown.set(name.toLowerCase(), name);
    else found.set(subscription.id.toLowerCase(), subscription);
  }
  return {
    scopes: subscriptionLists([...found.keys()]),
    expected: [...found.values()],
    unknown: [...unknown.values()],
    suggest: isKnownById
      ? suggestVisible(connection, session)
      : async (written) => suggestAmong(listed)(written),
  };
}

/** Azure may list a subscription on two pages when the list changes in between. */
function uniqueById(listed: readonly ArmSubscription[]): readonly ArmSubscription[] {
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
