import type { JsonObject } from '../model/json.ts';
import { readArmList } from './arm-list.ts';
import type { AzureConnection } from './connection.ts';
import { MalformedAnswer } from './malformed-answer.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';

/** A subscription as Azure Resource Manager lists it. */
export interface ArmSubscription {
  readonly id: string;
  readonly name: string;
}

/** The version that the SDK's client has as well. */
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
    run: async (abortSignal) => {
      const value = await connection.subscriptions.subscriptions.get(id, { abortSignal });
      if (value.subscriptionId === undefined) throw new MalformedAnswer('the answer is not a subscription');
      return { value };
    },
  });
  return { id, name: found.displayName ?? id };
}

function hasId({ subscriptionId }: JsonObject): boolean {
  return typeof subscriptionId === 'string' && subscriptionId !== '';
}

function toSubscription({ subscriptionId: id, displayName }: JsonObject): readonly ArmSubscription[] {
  return typeof id === 'string' ? [{ id, name: typeof displayName === 'string' ? displayName : id }] : [];
}
