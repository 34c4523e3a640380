import { isManagedHsm } from '../model/resource.ts';
import type { AzureConnection } from './connection.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';

/** Vaults or managed HSMs of a subscription. */
export interface SubscriptionList {
  readonly subscriptionId: string;
  readonly type: string;
}

/** Asks ARM for the first of a list of vaults or managed HSMs. Throws `AzureError` when Azure refuses it. */
export async function readFirstPage(
  connection: AzureConnection,
  session: Session,
  { subscriptionId, type }: SubscriptionList,
): Promise<void> {
  const client = connection.keyVault(subscriptionId);
  const options = { top: 1, abortSignal: session.signal };
  await send(connection, session, {
    operation: `list ${type} in subscription ${subscriptionId}`,
    governed: false,
    run: async () => {
      const pages = isManagedHsm(type)
        ? client.managedHsms.listBySubscription(options).byPage()
        : client.vaults.listBySubscription(options).byPage();
      return { value: await pages.next() };
    },
  });
}
