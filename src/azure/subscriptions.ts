import type { JsonObject } from '../model/json.ts';
import { readArmList } from './arm-list.ts';
import { getJson } from './arm-request.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';

/** A subscription as Azure Resource Manager lists it. */
export interface ArmSubscription {
  readonly id: string;
  readonly name: string;
}

const apiVersion = '2022-12-01';

/** Every subscription that the identity may list. Being listed is not yet a right to read what is inside. */
export async function listSubscriptions(
  connection: AzureConnection,
  session: Session,
): Promise<readonly ArmSubscription[]> {
  const path = `/subscriptions?api-version=${apiVersion}`;
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
  const found = await send(connection, session, {
    operation: `read subscription ${id}`,
    governed: false,
    run: async (signal) => {
      const path = `/subscriptions/${encodeURIComponent(id)}?api-version=${apiVersion}`;
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
  return typeof id === 'string' ? [{ id, name: displayNameOf(row) ?? id }] : [];
}

function displayNameOf({ displayName }: JsonObject): string | undefined {
  return typeof displayName === 'string' ? displayName : undefined;
}
