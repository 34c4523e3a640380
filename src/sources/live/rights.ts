import { grantOf } from '../../access/grant.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { readPermissions } from '../../azure/permissions.ts';
import { mayRead } from '../../azure/read-probe.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import { typeOfReadRight } from '../../resource-types/known-type.ts';

/** Where the identity's rights are asked for; `groupId` is a management group, and the subscription is then below it. */
export interface RightsQuestion {
  readonly subscriptionId: string;
  readonly groupId?: string;
}

/** The actions that the identity is shown to hold at a scope, and why the others could not be looked up. */
export interface Rights {
  readonly held: ReadonlySet<string>;
  readonly failure: AzureError | undefined;
}

type AskRights = (question: RightsQuestion) => Promise<Rights>;

/**
 * Asks which of some `read` actions the identity holds at a scope. What Azure refuses, or what cannot be understood, is
 * no evidence, and throws nothing.
 */
export function rightsReader(
  connection: AzureConnection,
  session: Session,
  actions: readonly string[],
): AskRights {
  /** Azure reads a pattern that may be read in two ways in one of them everywhere, so it is tried once. */
  let isGenerous: Promise<boolean> | undefined;

  const ask: AskRights = async (question) => {
    const held = new Set<string>();
    try {
      const scope = { ...scopeOf(question), session };
      const permissions = await readPermissions(connection, scope, session.signal);
      for (const action of actions) {
        const grant = grantOf(permissions, action);
        if (grant === 'granted' || (grant === 'arguable' && (await tryOnce(question, action))))
          held.add(action);
      }
      return { held, failure: undefined };
    } catch (error) {
      if (error instanceof AzureError) return { held, failure: error };
      throw error;
    }
  };

  /** It shows only where nothing else grants the action: at a management group, roles held below it may. */
  async function tryOnce({ groupId, subscriptionId }: RightsQuestion, action: string): Promise<boolean> {
    const type = typeOfReadRight(action);
    if (groupId === undefined) isGenerous ??= mayRead(connection, session, { subscriptionId, type });
    else if (isGenerous === undefined) await ask({ subscriptionId });
    return (await isGenerous) ?? false;
  }

  return ask;
}

function scopeOf({ groupId, subscriptionId }: RightsQuestion): {
  readonly scope: string;
  readonly what: string;
} {
  if (groupId === undefined)
    return { scope: `/subscriptions/${subscriptionId}`, what: `subscription ${subscriptionId}` };
  const scope = `/providers/Microsoft.Management/managementGroups/${groupId}`;
  return { scope, what: `management group ${groupId}` };
}
