import { grantOf } from '../../access/grant.ts';
import type { AzureConnection } from '../../azure/connection.ts';
import { mayRead, readPermissions } from '../../azure/permissions.ts';
import type { Session } from '../../azure/session.ts';
import { AzureError } from '../../model/errors.ts';
import type { ManagementGroup } from '../../model/source.ts';
import { typeOfReadRight } from '../../resource-types/known-type.ts';
import type { KnownTarget, Snapshot, VisibleSubscription } from './snapshot.ts';

/** A scope at which the identity's rights are asked for; `groupId` is a management group, and the subscription is then below it. */
export interface RightsQuestion {
  readonly subscriptionId: string;
  readonly groupId?: string;
}

/** The actions that the identity is shown to hold at a scope, and the error for which the others are not known. */
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
  return { scope: managementGroupScope(groupId), what: `management group ${groupId}` };
}

/** The ARM id of a management group. */
export function managementGroupScope(groupId: string): string {
  return `/providers/Microsoft.Management/managementGroups/${groupId}`;
}

/** A management group at which a right may be held for many subscriptions; their ids are in lower case. */
export interface EvidenceScope {
  readonly groupId: string;
  /** True for a subscription that Azure places anywhere below the group. */
  readonly covers: (subscriptionId: string) => boolean;
}

/**
 * The management groups at which rights are worth asking for: those that were named; for everything that is visible, the
 * group above most of it, which is the root of the tenant as a rule, and the one below that above most of it. What another
 * tenant has delegated is below neither.
 */
export function evidenceScopes({
  targets,
  visible,
}: {
  readonly targets: readonly KnownTarget[];
  readonly visible: Snapshot['visible'];
}): readonly EvidenceScope[] {
  const all = [...visible.values()];
  return targets.flatMap(({ target: { scopes, expected } }) => {
    const [scope] = scopes;
    if (scope?.kind === 'tenant')
      return outermostGroups(all).map((groupId) => evidenceScope(groupId, visible, new Set()));
    if (scope?.kind !== 'managementGroup') return [];
    const members = new Set((expected ?? []).map(({ id }) => id.toLowerCase()));
    return [evidenceScope(scope.id, visible, members)];
  });
}

function evidenceScope(
  groupId: string,
  visible: ReadonlyMap<string, VisibleSubscription>,
  members: ReadonlySet<string>,
): EvidenceScope {
  const isGroup = ({ id }: ManagementGroup): boolean => id.toLowerCase() === groupId.toLowerCase();
  return {
    groupId,
    covers: (id) => members.has(id) || (visible.get(id)?.managementGroups.some(isGroup) ?? false),
  };
}

/** The most frequent first group from above, and the most frequent second one. Groups come nearest first. */
function outermostGroups(subscriptions: readonly VisibleSubscription[]): readonly string[] {
  return [-1, -2].flatMap((level) => {
    const counts = new Map<string, number>();
    for (const { managementGroups } of subscriptions) {
      const group = managementGroups.at(level)?.id;
      if (group !== undefined) counts.set(group, (counts.get(group) ?? 0) + 1);
    }
    const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
    return most === undefined ? [] : [most[0]];
  });
}
