import pMap from 'p-map';
import type { AzureConnection } from '../azure/connection.ts';
import { type IdentifiedRow, malformedRows, readRows } from '../azure/graph-sequence.ts';
import { quietSession, type Session } from '../azure/session.ts';
import type { Unreadable } from '../model/coverage.ts';
import type { DependantSearch } from '../model/dependant.ts';
import { AzureError } from '../model/errors.ts';
import { binnedTypes } from '../resource-types/known-type.ts';
import { quote } from '../rules/kql/literal.ts';
import { tenantScope } from './live/gaps.ts';

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

/** Searches for the live vaults and managed HSMs of some names. */
export function graphNamesakes(connection: AzureConnection): DependantSearch['namesakes'] {
  return async (vaults, signal) => {
    const read = { connection, session: quietSession(signal) };
    const live = new Map<string, readonly string[]>();
    const names = [...new Set(vaults.map(({ name }) => name.toLowerCase()))];
    const queries = Array.from({ length: Math.ceil(names.length / namesPerQuery) }, (_, index) =>
      namesakesQuery(names.slice(index * namesPerQuery, (index + 1) * namesPerQuery)),
    );
    const gaps = await gapsIn(tenantScope, async () => {
      for (const row of (await pMap(queries, (query) => everyRow(read, query))).flat()) {
        const { id, type, name } = row;
        if (typeof type !== 'string' || typeof name !== 'string') throw notRows;
        const key = `${type}/${name}`.toLowerCase();
        live.set(key, [...(live.get(key) ?? []), id]);
      }
    });
    return { live, gaps };
  };
}

/** Names that fit into one query. */
const namesPerQuery = 50;

/** The query for the live vaults and managed HSMs of some names. */
export function namesakesQuery(names: readonly string[]): string {
  const [types, wanted] = [binnedTypes.map((type) => type.toLowerCase()), names].map((texts) =>
    texts.map(quote).join(', '),
  );
  return `resources | where type in~ (${types}) and name in~ (${wanted}) | project id, type, name | order by id asc`;
}
