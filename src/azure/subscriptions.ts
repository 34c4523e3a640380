import { isJsonObject, type JsonObject } from '../model/json.ts';
import { getJson, readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { sendWithRetry } from './send-with-retry.ts';
import type { Session } from './session.ts';

/** A subscription as Azure Resource Manager lists it. */
export interface ArmSubscription {
  readonly id: string;
  readonly name: string;
  /** True for one that is disabled: most of it can still be read. Only a list of subscriptions tells. */
  readonly isDisabled?: true;
}

const subscriptionsVersion = '2022-12-01';

/** Every subscription that the identity may list. Being listed is not yet a right to read what is inside. */
export async function listSubscriptions(
  connection: AzureConnection,
  session: Session,
): Promise<readonly ArmSubscription[]> {
  const path = `/subscriptions?api-version=${subscriptionsVersion}`;
  const list = { operation: 'list subscriptions', path, session, isEntry: hasId };
  const rows = await readArmList(connection, list, session.signal);
  return rows.flatMap(toSubscription);
}

/** Finds one subscription by id. Throws `AzureError` when it does not exist or may not be read. */
export async function getSubscription(
  connection: AzureConnection,
  session: Session,
  id: string,
): Promise<ArmSubscription> {
  const found = await sendWithRetry(connection, session, {
    operation: `read subscription ${id}`,
    governed: false,
    run: async (signal) => {
      const path = `/subscriptions/${encodeURIComponent(id)}?api-version=${subscriptionsVersion}`;
      const value = await getJson(connection, `${connection.cloud.armEndpoint}${path}`, signal);
      if (!hasId(value)) throw new MalformedAnswer('the answer is not a subscription');
      return { value };
    },
  });
  return { id, name: displayNameOf(found) ?? id };
}

function hasId({ subscriptionId }: JsonObject): boolean {
  return typeof subscriptionId === 'string' && subscriptionId !== '';
}

function toSubscription(row: JsonObject): readonly ArmSubscription[] {
  const id = row['subscriptionId'];
  if (typeof id !== 'string') return [];
  return [
    { id, name: displayNameOf(row) ?? id, ...(row['state'] === 'Disabled' ? { isDisabled: true } : {}) },
  ];
}

function displayNameOf({ displayName }: JsonObject): string | undefined {
  return typeof displayName === 'string' ? displayName : undefined;
}

/** The oldest version that pages descendants, and one that every cloud has. */
const descendantsVersion = '2020-05-01';

/**
 * Every subscription anywhere below a management group, whether or not the identity may read inside. Throws
 * `AzureError` (403, 404) when the group itself may not be read.
 */
export async function listDescendants(
  connection: AzureConnection,
  session: Session,
  groupId: string,
): Promise<readonly ArmSubscription[]> {
  const group = `/providers/Microsoft.Management/managementGroups/${encodeURIComponent(groupId)}`;
  const operation = `read what is below management group ${groupId}`;
  const path = `${group}/descendants?api-version=${descendantsVersion}`;
  const { signal } = session;
  const rows = await readArmList(connection, { operation, path, session, isEntry: isDescendant }, signal);
  return rows.flatMap(subscriptionIn);
}

function isDescendant({ type, name }: JsonObject): boolean {
  return typeof type === 'string' && typeof name === 'string';
}

function subscriptionIn({ type, name, properties }: JsonObject): readonly ArmSubscription[] {
  if (typeof type !== 'string' || typeof name !== 'string' || !type.toLowerCase().endsWith('/subscriptions'))
    return [];
  const displayName = isJsonObject(properties) ? properties['displayName'] : undefined;
  return [{ id: name, name: typeof displayName === 'string' ? displayName : name }];
}
