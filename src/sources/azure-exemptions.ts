import pMap from 'p-map';
import { queryPolicyExemptions } from '../azure/authorization.ts';
import type { AzureConnection } from '../azure/connection.ts';
import type { Session } from '../azure/session.ts';
import type { AzureExemption, AzureExemptionsRead } from '../model/azure-exemption.ts';
import type { Unreadable } from '../model/coverage.ts';
import { AzureError } from '../model/errors.ts';
import type { ExemptionNotice } from '../model/exemption-notice.ts';
import { joinWords } from '../model/join-words.ts';
import { policyAssignmentsRead, policyExemptionsRead, policySetsRead } from '../model/permission.ts';
import type { AzureExemptionSource, Subscription } from '../model/source.ts';
import { gatherEvidence } from './live/evidence.ts';
import { deniedSubscription, readerHint } from './live/gaps.ts';
import { managementGroupScope, rightsReader } from './live/rights.ts';
import { subscriptionLists } from './live/snapshot.ts';

/** The rights that show every exemption, what it is an exemption from, and what that consists of. */
const actions = [policyExemptionsRead, policyAssignmentsRead, policySetsRead];

/**
 * The exemptions of Azure Policy, from Resource Graph: a query for each list of subscriptions, and one for the initiatives that are
 * assigned. Resource Graph leaves out without a word what the identity may not read, so each subscription needs evidence of the rights.
 */
export function azureExemptionSource(connection: AzureConnection): AzureExemptionSource {
  return {
    async read(signal, { subscriptions }) {
      const session: Session = {
        signal,
        cost: { queries: 0, pages: 0, retries: 0, waitMs: 0 },
        onWait: () => undefined,
      };
      const read = { connection, session };
      try {
        const [found, rights] = await Promise.all([
          readEverywhere(read, subscriptions),
          unseenScopes(read, subscriptions),
        ]);
        const unreadable = [...found.unreadable, ...rights.unreadable];
        return { exemptions: found.exemptions, unreadable, notices: rights.notices, cost: session.cost };
      } catch (error) {
        if (!signal.aborted) throw error;
        return { exemptions: [], unreadable: [interrupted], notices: [], cost: session.cost };
      }
    },
  };
}

interface Read {
  readonly connection: AzureConnection;
  readonly session: Session;
}

/** Queries at a time; the quota of Resource Graph is shared with the scan. */
const concurrency = 4;

async function readEverywhere(
  { connection, session }: Read,
  subscriptions: readonly Subscription[],
): Promise<Pick<AzureExemptionsRead, 'exemptions' | 'unreadable'>> {
  const lists = subscriptionLists(subscriptions.map(({ id }) => id));
  const exemptions = new Map<string, AzureExemption>();
  const unreadable: Unreadable[] = [];
  await pMap(
    lists,
    async (scope) => {
      try {
        const found = await queryPolicyExemptions(connection, session, scope);
        // One that stands above subscriptions of two lists comes with both.
        for (const one of found.exemptions) exemptions.set(one.id.toLowerCase(), one);
        for (const id of found.malformed) unreadable.push(malformed(id));
      } catch (error) {
        if (!(error instanceof AzureError) || error.operation === 'sign in' || session.signal.aborted)
          throw error;
        unreadable.push(unanswered(error));
      }
    },
    { concurrency },
  );
  return { exemptions: [...exemptions.values()], unreadable };
}

/** More outermost groups there are only in tenants that others have delegated. */
const mostGroups = 8;

/** The subscriptions and the management groups where exemptions may stand that do not show. */
async function unseenScopes(
  { connection, session }: Read,
  subscriptions: readonly Subscription[],
): Promise<Pick<AzureExemptionsRead, 'unreadable' | 'notices'>> {
  const below = new Map<string, Subscription[]>();
  for (const one of subscriptions) {
    const group = one.managementGroups.at(-1)?.id;
    if (group !== undefined) below.set(group, [...(below.get(group) ?? []), one]);
  }
  const ask = rightsReader(connection, session, actions);
  const covered = new Set<string>();
  const notices: ExemptionNotice[] = [];
  for (const [groupId, [first, ...others]] of [...below].slice(0, mostGroups)) {
    if (first === undefined) continue;
    const { held } = await ask({ groupId, subscriptionId: first.id });
    const missing = actions.filter((action) => !held.has(action));
    if (missing.length > 0) notices.push(unseenGroup(groupId, missing));
    else for (const { id } of [first, ...others]) covered.add(id);
  }
  const subscriptionIds = subscriptions.map(({ id }) => id).filter((id) => !covered.has(id));
  const evidence = await gatherEvidence(connection, session, { actions, subscriptionIds, above: [] });
  const unreadable = subscriptionIds.flatMap((id) => {
    const missing = evidence.missingIn(id);
    if (missing === undefined) return [];
    const { failure } = missing;
    const why =
      failure === undefined
        ? `The identity does not hold ${joinWords(missing.actions)} on it`
        : `Nothing shows that the identity holds ${joinWords(missing.actions)} on it: ${failure.message}`;
    const reason = `${why}, so an exemption of Azure Policy may not show, and exempts nothing.`;
    return [deniedSubscription(id, reason, failure === undefined ? readerHint(id) : failure.hint)];
  });
  return { unreadable, notices };
}

function unseenGroup(groupId: string, missing: readonly string[]): ExemptionNotice {
  const message = `exemptions of Azure Policy that stand on a management group may not show, and exempt nothing: the identity does not hold ${joinWords(missing)} here`;
  return { kind: 'notEvaluated', at: managementGroupScope(groupId), message };
}

function malformed(id: string): Unreadable {
  return {
    scope: id,
    kind: 'resource',
    reason: 'The exemption of Azure Policy has a form that is not known, and exempts nothing.',
    hint: 'Scan again; if it happens again, report it as a bug.',
  };
}

function unanswered({ message, hint }: AzureError): Unreadable {
  return {
    scope: 'tenant',
    kind: 'tenant',
    reason: `Which exemptions of Azure Policy there are cannot be known, so none exempts anything: ${message}.`,
    hint,
  };
}

const interrupted: Unreadable = {
  scope: 'azure-exemptions',
  kind: 'interrupted',
  reason: 'It was interrupted before the exemptions of Azure Policy were read.',
  hint: 'Scan again.',
};
