import { grantOf } from '../../access/grant.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { readFirstPage } from '../../azure/first-page.ts';
import { readPermissions } from '../../azure/permissions.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';

/** Where the identity's rights are asked for. */
export interface RightsQuestion {
  /** An ARM id of a management group or a subscription. */
  readonly scope: string;
  /** What the scope is called in messages. */
  readonly what: string;
  /** A subscription at or below the scope. */
  readonly subscriptionId: string;
}

/** The actions that the identity is shown to hold at a scope, and why the others could not be looked up. */
export interface Rights {
  readonly held: ReadonlySet<string>;
  readonly failure: AzureError | undefined;
}

/**
 * Asks which of some `read` actions the identity holds at a scope. What Azure refuses, or what cannot be understood, is
 * no evidence, and throws nothing.
 */
export function rightsReader(
  connection: AzureConnection,
  session: Session,
  actions: readonly string[],
): (question: RightsQuestion) => Promise<Rights> {
  let innerWildcard: Promise<boolean> | undefined;
  return async ({ scope, what, subscriptionId }) => {
    const held = new Set<string>();
    try {
      const permissions = await readPermissions(connection, { scope, what, session }, session.signal);
      for (const action of actions) {
        const grant = grantOf(permissions, action);
        if (grant === 'granted') held.add(action);
        if (grant !== 'arguable') continue;
        innerWildcard ??= mayBeNothing(connection, session, { subscriptionId, action });
        if (await innerWildcard) held.add(action);
      }
      return { held, failure: undefined };
    } catch (error) {
      if (error instanceof AzureError) return { held, failure: error };
      throw error;
    }
  };
}

/**
 * Whether Azure reads a wildcard between two slashes as something that may be nothing. ARM itself tells: who holds
 * nothing but such a right gets the list if so, and is refused if not. It is the same everywhere, so once is enough.
 */
async function mayBeNothing(
  connection: AzureConnection,
  session: Session,
  { subscriptionId, action }: { readonly subscriptionId: string; readonly action: string },
): Promise<boolean> {
  try {
    await readFirstPage(connection, session, { subscriptionId, type: action.replace(/\/read$/, '') });
    return true;
  } catch (error) {
    if (error instanceof AzureError) return false;
    throw error;
  }
}
