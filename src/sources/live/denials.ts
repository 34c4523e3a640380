import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { getSubscription } from '../../azure/subscriptions.ts';
import { AzureError } from '../../model/errors.ts';
import { readerHint } from './gaps.ts';
import type { ReadScope } from './find-scope.ts';

/** Asking costs a request each; more than a handful is a matter of rights at large, and says nothing new. */
const maxAsked = 10;

/** Why a subscription does not show, and what helps. */
export interface Denial {
  readonly reason: string;
  readonly hint: string;
}

/** Asks Azure Resource Manager why subscriptions do not show: by id in lower case. */
export async function explainDenials(
  connection: AzureConnection,
  session: Session,
  readScope: ReadScope,
): Promise<ReadonlyMap<string, Denial>> {
  const unseen = [...readScope.expected].filter(
    ([key]) => !readScope.visible.has(key) && !readScope.counts.has(key) && !readScope.failures.has(key),
  );
  const explained = await pMap(
    unseen.slice(0, maxAsked),
    async ([key, { id }]) => [key, await explain(connection, session, id)] as const,
    { concurrency: 5, signal: session.signal },
  );
  return new Map(explained);
}

async function explain(connection: AzureConnection, session: Session, id: string): Promise<Denial> {
  try {
    await getSubscription(connection, session, id);
    return { reason: 'It can be listed, but nothing in it can be read.', hint: readerHint(id) };
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const { code, message, hint } = error;
    if (code === 'SubscriptionNotFound')
      return { reason: 'It does not exist, or not in the tenant that you signed in to.', hint };
    if (code === 'AuthorizationFailed')
      return { reason: 'The identity does not have permission to read it.', hint: readerHint(id) };
    return { reason: `${message}.`, hint };
  }
}
