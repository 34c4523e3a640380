import { getContinuationToken, type Subscription } from '@azure/arm-resources-subscriptions';

import type { AzureConnection } from './connection.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';

/** A subscription as Azure Resource Manager lists it. */
export interface ArmSubscription {
  readonly id: string;
  readonly name: string;
}

/** Every subscription that the identity may list. Being listed is not yet a right to read what is inside. */
export async function listSubscriptions(
  connection: AzureConnection,
  session: Session,
): Promise<readonly ArmSubscription[]> {
  const listed: ArmSubscription[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await nextPage(connection, session, continuationToken);
    listed.push(...page.subscriptions);
    continuationToken = page.next;
  } while (continuationToken !== undefined);
  return listed;
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
    run: async () => ({
      value: await connection.subscriptions.subscriptions.get(id, { abortSignal: session.signal }),
    }),
  });
  return { id, name: found.displayName ?? id };
}

async function nextPage(
  connection: AzureConnection,
  session: Session,
  continuationToken: string | undefined,
): Promise<{ readonly subscriptions: readonly ArmSubscription[]; readonly next: string | undefined }> {
  return send(connection, session, {
    operation: 'list subscriptions',
    governed: false,
    run: async () => {
      // A generator that has thrown is over, so each page is asked for by a new one.
      const pages = connection.subscriptions.subscriptions
        .list({ abortSignal: session.signal })
        .byPage(continuationToken === undefined ? {} : { continuationToken });
      const { value } = await pages.next();
      const page: readonly Subscription[] = Array.isArray(value) ? value : [];
      return { value: { subscriptions: page.flatMap(toSubscription), next: getContinuationToken(value) } };
    },
  });
}

function toSubscription({ subscriptionId, displayName }: Subscription): readonly ArmSubscription[] {
  return subscriptionId === undefined ? [] : [{ id: subscriptionId, name: displayName ?? subscriptionId }];
}
