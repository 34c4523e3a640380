import type { AzureConnection } from '../../azure/connection.ts';
import type { Session } from '../../azure/session.ts';
import type { MissingRights } from './gaps.ts';
import { type EvidenceScope, type Rights, type RightsQuestion, rightsReader } from './rights.ts';

import pMap from 'p-map';

/** Evidence that the identity may read in subscriptions, whose ids are in lower case. */
export interface RightsEvidence {
  /** `undefined` when every action that is needed is held. */
  readonly missingIn: (subscriptionId: string) => MissingRights | undefined;
  /** Asks again, at each of these subscriptions itself, and forgets what was known of them. */
  readonly askAgain: (subscriptionIds: readonly string[]) => Promise<RightsEvidence>;
}

interface EvidenceRequest {
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
): Promise<RightsEvidence> {
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

function evidenceFrom(search: Search, rights: RightsById): RightsEvidence {
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
