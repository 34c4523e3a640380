import { pMapIterable } from 'p-map';
import type { AzureConnection } from '../azure/connection.ts';
import { vaultPlane } from '../azure/vault-plane.ts';
import type { VaultPlane } from '../model/vault-plane.ts';
import type { GraphScope } from '../azure/graph-query.ts';
import { readSequence } from '../azure/graph-sequence.ts';
import type { Session } from '../azure/session.ts';
import type { CoveragePart, Unreadable } from '../model/coverage.ts';
import { AzureError } from '../model/errors.ts';
import type { Resource } from '../model/resource.ts';
import { emptyScope, type ResourceSource, type Subscription } from '../model/source.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import { rowsQuery } from './live/query.ts';
import { subscriptionLists } from './live/snapshot.ts';
import { type ObjectsOptions, readVault, vaultType, type VaultContents } from './objects/read-vault.ts';
import { isRowProblem, toResource } from './rows/resource.ts';

/**
 * Vaults that are read at a time: one that does not answer holds its place until its time is over. Those that were read wait
 * for the ones before them, so that the order of a report does not depend on time.
 */
const inFlight = { concurrency: 16, backpressure: 64 };

/** The contents of vaults, read over a connection. */
export function openObjectsSource(
  connection: AzureConnection,
  { now, isUndecided }: Pick<ObjectsOptions, 'now' | 'isUndecided'>,
): ResourceSource {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  const watched = { cost, onWait: () => undefined };
  const planes = withOneSignIn(vaultPlane(connection, watched));
  return objectsSource({ connection, planes, now, isUndecided }, watched);
}

/** Without a token for vaults no vault is asked: credentials take seconds to say no. */
function withOneSignIn(planes: VaultPlane): Pick<VaultPlane, 'list'> {
  let refused: AzureError | undefined;
  return {
    async list(...request) {
      if (refused !== undefined) throw refused;
      try {
        return await planes.list(...request);
      } catch (error) {
        if (error instanceof AzureError && error.operation === 'sign in') refused = error;
        throw error;
      }
    },
  };
}

/**
 * Keys, secrets and certificates, live and deleted, of every vault in the subscriptions that the sources before it have
 * found. A vault that may not be read, or does not answer, is a gap of this part, and costs no other verdict.
 */
function objectsSource(options: ObjectsOptions, watched: Omit<Session, 'signal'>): ResourceSource {
  return {
    name: 'objects',
    types: typesReadBy('objects'),
    async *read(signal, { subscriptions }) {
      yield { kind: 'scope', ...emptyScope };
      const session = { ...watched, signal };
      const listed = listVaults(options.connection, session, subscriptions);
      const read = pMapIterable(
        listed,
        (one) => ('state' in one ? one : readVault(one, { ...options, session })),
        inFlight,
      );
      const states = new Set<VaultContents['state']>();
      for await (const { state, resources, gaps } of read) {
        states.add(state);
        if (resources.length > 0) yield { kind: 'resources', resources };
        for (const entry of gaps) yield { kind: 'unreadable', entry };
      }
      if (signal.aborted) yield { kind: 'unreadable', entry: interrupted };
      const state = signal.aborted ? 'partial' : partState(states);
      yield { kind: 'coverage', coverage: { part: { name: 'objects', state }, ...watched.cost } };
    },
  };
}

const interrupted: Unreadable = {
  scope: 'objects',
  kind: 'interrupted',
  reason: 'It was interrupted before everything in the vaults was read.',
  hint: 'Run the scan again.',
};

function partState(states: ReadonlySet<VaultContents['state']>): CoveragePart['state'] {
  if (states.size === 1 && states.has('denied')) return 'denied';
  if (states.has('denied') || states.has('partial')) return 'partial';
  return states.has('read') ? 'read' : 'empty';
}

/** Lists every vault, whatever the rules say of it. That all may be read, the live source proves. */
async function* listVaults(
  connection: AzureConnection,
  session: Session,
  subscriptions: readonly Subscription[],
): AsyncGenerator<Resource | VaultContents> {
  for (const scope of subscriptionLists(subscriptions.map(({ id }) => id))) {
    try {
      yield* listScope(connection, session, scope);
    } catch (error) {
      if (session.signal.aborted) return;
      if (!(error instanceof AzureError)) throw error;
      yield unlisted('', sentence(error.message), error.hint);
    }
  }
}

async function* listScope(
  connection: AzureConnection,
  session: Session,
  scope: GraphScope,
): AsyncGenerator<Resource | VaultContents> {
  const query = rowsQuery({ types: [vaultType], plain: true });
  const operation = 'list the vaults in which to look for keys, secrets and certificates';
  const seen = new Set<string>();
  let [total, truncated] = [0, false];
  for await (const page of readSequence(connection, session, { operation, query, scope })) {
    session.cost.pages += 1;
    ({ total, truncated } = page);
    for (const vault of page.rows.map(toResource)) {
      const id = vault.id.toLowerCase();
      if (isRowProblem(vault)) yield unlisted(id, `A row ${vault.problem}.`);
      else if (!seen.has(id)) yield vault;
      seen.add(id);
    }
  }
  if (truncated || seen.size < total)
    yield unlisted('', `Resource Graph counted ${total} vaults, and returned ${seen.size}.`);
}

function unlisted(scope: string, reason: string, hint = 'Run the scan again.'): VaultContents {
  const gap: Unreadable = { scope: scope === '' ? 'objects' : scope, kind: 'resource', reason, hint };
  return { state: 'partial', resources: [], gaps: [gap] };
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
