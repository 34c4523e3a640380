import { AzureError } from '../model/errors.ts';
import { knownType } from '../resource-types/known-type.ts';
import type { AzureConnection } from './connection.ts';
import { send } from './send.ts';
import type { Session } from './session.ts';

/** Vaults or managed HSMs of a subscription. */
export interface ReadProbe {
  readonly subscriptionId: string;
  /** A resource type of Key Vault. */
  readonly type: string;
}

// No role can be assigned to a resource group that does not exist: only rights on the subscription or above count there.
const noGroup = 'purgeproof-no-such-group';
const noResource = 'purgeproof-none';
const notFound: ReadonlySet<string> = new Set(['ResourceGroupNotFound', 'ResourceNotFound']);

/**
 * True when ARM lets the identity read resources of a type at the scope of a subscription, by asking for one that does not
 * exist: ARM checks rights before anything else, so "not found" is an answer only for those who may read there. False
 * where it says anything else.
 */
export async function mayRead(
  connection: AzureConnection,
  session: Session,
  { subscriptionId, type }: ReadProbe,
): Promise<boolean> {
  const operations = knownType(type)?.operations;
  if (operations === undefined) return false;
  const { get } = connection.keyVault(subscriptionId)[operations];
  try {
    await send(connection, session, {
      operation: `try to read ${type} in subscription ${subscriptionId}`,
      governed: false,
      run: async () => ({ value: await get(noGroup, noResource, { abortSignal: session.signal }) }),
    });
    return false;
  } catch (error) {
    if (error instanceof AzureError) return error.status === 404 && notFound.has(error.code);
    throw error;
  }
}
