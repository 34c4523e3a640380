import pMap from 'p-map';

import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import { getSubscription } from '../../azure/subscriptions.ts';
import { AzureError } from '../../model/errors.ts';
import { type Denial, readerHint } from './gaps.ts';
import type { ReadScope } from './read-scope.ts';
import {
  type MissingRights,
  rightsReader,
  type EvidenceScope,
  type Rights,
  type RightsQuestion,
} from './rights.ts';

/** Evidence that the identity may read in subscriptions, whose ids are in lower case. */
export interface Evidence {
  /** `undefined` when every action that is needed is held. */
  readonly missingIn: (subscriptionId: string) => MissingRights | undefined;
  /** Asks again, at each of these subscriptions itself, and forgets what was known of them. */
  readonly askAgain: (subscriptionIds: readonly string[]) => Promise<Evidence>;
}

export interface EvidenceRequest {
  /** The actions that the identity needs on each subscription, such as `Microsoft.KeyVault/vaults/read`. */
  readonly actions: readonly string[];
  readonly subscriptionIds: readonly string[];
  /** Management groups at which a right covers many subscriptions; they are asked first. */
  readonly above: readonly EvidenceScope[];
}

/**
 * Requests at a time. ARM counts the reads of each subscription by themselves, so they do not slow each other down.
 * Source: https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 */
const requestsAtOnce = 24;

/** Gathers evidence: one request for each management group, then one for each subscription that none of them covers. */
export async function gatherEvidence(
  connection: AzureConnection,
  session: Session,
  request: EvidenceRequest,
): Promise<Evidence> {
  const { actions, subscriptionIds } = request;
  // These requests wait side by side, while pages are read: their waiting does not add up to time that was lost.
  const own: Session = { ...session, cost: { queries: 0, pages: 0, retries: 0, waitMs: 0 } };
  const search = { ask: rightsReader(connection, own, actions), session, own, actions };
  const covered = actions.length === 0 ? noRights : await askAbove(search, request);
  const others = subscriptionIds.filter((id) => missingOf(actions, covered.get(id)) !== undefined);
  return evidenceFrom(search, await askEach(search, others, covered));
}

type RightsById = ReadonlyMap<string, Rights>;

const noRights: RightsById = new Map();

interface Search {
  readonly ask: (question: RightsQuestion) => Promise<Rights>;
  /** The read that this belongs to, and the session of the requests themselves. */
  readonly session: Session;
  readonly own: Session;
  readonly actions: readonly string[];
}

async function askAbove(
  { ask, actions }: Search,
  { above, subscriptionIds }: EvidenceRequest,
): Promise<RightsById> {
  const rights = new Map<string, Rights>();
  for (const { groupId, covers } of above) {
    const inside = subscriptionIds.filter(
      (id) => covers(id) && missingOf(actions, rights.get(id)) !== undefined,
    );
    const [subscriptionId] = inside;
    if (subscriptionId === undefined) continue;
    const found = await ask({ groupId, subscriptionId });
    for (const id of inside) rights.set(id, union(found, rights.get(id)));
  }
  return rights;
}

/** Rights held above count even if Azure does not answer for the subscription. */
async function askEach(
  { ask, session, own, actions }: Search,
  subscriptionIds: readonly string[],
  known: RightsById,
): Promise<RightsById> {
  if (actions.length === 0) return known;
  const found = await pMap(
    subscriptionIds,
    async (id) => [id, union(await ask({ subscriptionId: id }), known.get(id))] as const,
    { concurrency: requestsAtOnce, signal: session.signal },
  );
  session.cost.retries += own.cost.retries;
  own.cost.retries = 0;
  return new Map([...known, ...found]);
}

function evidenceFrom(search: Search, rights: RightsById): Evidence {
  return {
    missingIn: (id) => missingOf(search.actions, rights.get(id)),
    async askAgain(ids) {
      const asked = await askEach(search, ids, noRights);
      return evidenceFrom(search, new Map([...rights, ...asked]));
    },
  };
}

function missingOf(actions: readonly string[], rights: Rights | undefined): MissingRights | undefined {
  const missing = actions.filter((action) => rights?.held.has(action) !== true);
  if (missing.length === 0) return undefined;
  return { actions: missing, holdsOthers: missing.length < actions.length, failure: rights?.failure };
}

function union({ held, failure }: Rights, other: Rights | undefined): Rights {
  return { held: new Set([...held, ...(other?.held ?? [])]), failure };
}

/** Asking costs a request each: a longer list is a matter of rights at large. */
const maxAsked = 100;

/** Asks Azure Resource Manager why subscriptions are not visible, a bounded number of them: by id in lower case. */
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
    { concurrency: requestsAtOnce, signal: session.signal },
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
