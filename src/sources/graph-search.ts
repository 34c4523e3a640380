import pMap from 'p-map';
import type { AzureConnection } from '../azure/connection.ts';
import { type IdentifiedRow, malformedRows, readRows } from '../azure/graph-sequence.ts';
import { quietSession, type Session } from '../azure/session.ts';
import { listSubscriptions } from '../azure/subscriptions.ts';
import type { NotLookedAt, Unreadable } from '../model/coverage.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { AzureError } from '../model/errors.ts';
import { joinFirst } from '../model/join-words.ts';
import { subscriptionsRead } from '../model/permission.ts';
import { recycleBinTypes, readRight } from '../resource-types/known-type.ts';
import { quote } from '../rules/kql/literal.ts';
import { gatherEvidence } from './live/evidence.ts';
import {
  deniedSubscription,
  type MissingRights,
  readerHint,
  tenantScope,
  unlistedTenant,
} from './live/gaps.ts';
import { subscriptionsQuery } from './live/query.ts';
import { evidenceScopes } from './live/rights.ts';
import { readSubscription } from './rows/subscription-row.ts';

/** A search of everything that the identity can see. */
export interface GraphRead {
  readonly connection: AzureConnection;
  readonly session: Session;
}

const operation = 'search Resource Graph';

/** Every row of a query. Throws `AzureError`, also where some rows are missing. */
export async function everyRow(
  { connection, session }: GraphRead,
  query: string,
): Promise<readonly IdentifiedRow[]> {
  return readRows(connection, session, { operation, query, scope: { kind: 'tenant' } });
}

/** The error for rows that cannot be understood. */
export const notRows = malformedRows(operation);

/** Searches, and returns what Azure refuses, or answers in part, as a gap of a scope. */
export async function gapsIn(scope: string, search: () => Promise<void>): Promise<readonly Unreadable[]> {
  try {
    await search();
    return [];
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    const { message, hint } = error;
    const kind = scope === tenantScope ? 'tenant' : 'resource';
    return [{ scope, kind, reason: `It could not be searched: ${message}.`, hint }];
  }
}

/**
 * The subscriptions in which Resource Graph may leave rows out without a word: those that are listed and not shown, and
 * those without evidence of the rights to read. `others` are looked at even where no list names them.
 */
export async function unseenSubscriptions(
  read: GraphRead,
  actions: readonly string[],
  others: readonly string[] = [],
): Promise<readonly Unreadable[]> {
  const { connection, session } = read;
  try {
    const listed = await listSubscriptions(connection, session);
    const rows = await everyRow(read, subscriptionsQuery);
    const shown = rows.flatMap((row) => readSubscription(row) ?? []);
    const visible = new Map(shown.map((one) => [one.id.toLowerCase(), { ...one, state: '' }]));
    const known = new Set([...listed.map(({ id }) => id), ...others].map((id) => id.toLowerCase()));
    const hidden = [...known].filter((id) => !visible.has(id));
    const target = { scopes: [{ kind: 'tenant' } as const], expected: listed };
    const evidence = await gatherEvidence(connection, session, {
      actions,
      subscriptionIds: [...visible.keys()],
      above: evidenceScopes({ targets: [{ target, held: new Set() }], visible }),
    });
    const unproven = [...visible.keys()].flatMap((id) => {
      const missing = evidence.missingIn(id);
      return missing === undefined ? [] : [unprovenHere(id, missing)];
    });
    return [
      ...hidden.map((id) =>
        deniedSubscription(id, `Resource Graph does not show it (${subscriptionsRead}).`),
      ),
      ...unproven,
    ];
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return [unlistedTenant(error)];
  }
}

function unprovenHere(id: string, { actions, failure }: MissingRights): Unreadable {
  const rights = joinFirst(actions, 1);
  const reason =
    failure === undefined
      ? `You do not hold ${rights} on it.`
      : `Nothing shows that you hold ${rights} on it: ${failure.message}.`;
  return deniedSubscription(id, reason, failure === undefined ? readerHint(id) : failure.hint);
}

/** Searches for the live vaults and managed HSMs of some names. */
export function graphNamesakes(connection: AzureConnection): DependantSearch['namesakes'] {
  return async (vaults, signal) => {
    if (vaults.length === 0) return { live: new Map(), gaps: [], notLookedAt: [] };
    const read = { connection, session: quietSession(signal) };
    const live = new Map<string, readonly string[]>();
    const names = [...new Set(vaults.map(({ name }) => name.toLowerCase()))];
    const queries = Array.from({ length: Math.ceil(names.length / namesPerQuery) }, (_, index) =>
      namesakesQuery(names.slice(index * namesPerQuery, (index + 1) * namesPerQuery)),
    );
    const search = async (): Promise<void> => {
      for (const row of (await pMap(queries, (query) => everyRow(read, query))).flat()) {
        const { id, type, name } = row;
        if (typeof type !== 'string' || typeof name !== 'string') throw notRows;
        const key = `${type}/${name}`.toLowerCase();
        live.set(key, [...(live.get(key) ?? []), id]);
      }
    };
    const [gaps, unseen] = await Promise.all([
      gapsIn(tenantScope, search),
      unseenSubscriptions(read, recycleBinTypes.map(readRight)),
    ]);
    // What could not be searched at all is a gap already.
    const notLookedAt = gaps.length > 0 ? [] : unseen.map(toNotLookedAt);
    return { live, gaps, notLookedAt };
  };
}

function toNotLookedAt({ scope, reason }: Unreadable): NotLookedAt {
  return { kind: 'namesakes', scope, reason };
}

/** Names that fit into one query. */
const namesPerQuery = 50;

/** The query for the live vaults and managed HSMs of some names. */
export function namesakesQuery(names: readonly string[]): string {
  const [types, wanted] = [recycleBinTypes.map((type) => type.toLowerCase()), names].map((texts) =>
    texts.map(quote).join(', '),
  );
  return `resources | where type in~ (${types}) and name in~ (${wanted}) | project id, type, name | order by id asc`;
}
