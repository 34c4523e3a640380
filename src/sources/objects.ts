import { pMapIterable } from 'p-map';
import type { AzureConnection } from '../azure/connection.ts';
import type { Session } from '../azure/session.ts';
import { vaultPlane } from '../azure/vault-plane.ts';
import type { CoveragePart, ReadCost, Unreadable } from '../model/coverage.ts';
import { AzureError, UsageError } from '../model/errors.ts';
import type { Resource } from '../model/resource.ts';
import { emptyScope, type ResourceSource, type Subscription } from '../model/source.ts';
import type { VaultPlane } from '../model/vault-plane.ts';
import type { SourceOptions } from '../usecases/scan/ports.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import { type ObjectsOptions, readVault, vaultType, type VaultContents } from './objects/read-vault.ts';

/**
 * Vaults that are read at a time: one that does not answer holds its place until its time is over. Those that were read wait
 * for the ones before them, so that the order of a report does not depend on time.
 */
const inFlight = { concurrency: 16, backpressure: 64 };

/** The clock that days are counted by, the needs of the rules, and the way to every resource of a type. */
interface Needs
  extends Pick<ObjectsOptions, 'now' | 'isUndecided'>, Pick<SourceOptions, 'filter' | 'onProgress'> {
  readonly openEvery: (
    types: readonly string[],
    subscriptionIds: readonly string[],
  ) => Promise<ResourceSource>;
}

/** The contents of vaults, read over a connection. */
export function openObjectsSource(
  connection: AzureConnection,
  { openEvery, ...needs }: Needs,
): ResourceSource {
  const cost = { queries: 0, pages: 0, retries: 0, waitMs: 0 };
  return objectsSource({
    connection,
    planes: withOneSignIn(vaultPlane(connection, { cost, onWait })),
    openVaults: (subscriptionIds) => openEvery([vaultType], subscriptionIds),
    ...needs,
    cost,
  });
}

const onWait = (): void => undefined;

/** A read of objects: the way to the vaults of subscriptions, and what it all costs, which grows. */
interface ObjectsRead extends ObjectsOptions, Pick<SourceOptions, 'filter' | 'onProgress'> {
  readonly openVaults: (subscriptionIds: readonly string[]) => Promise<ResourceSource>;
  readonly cost: Session['cost'];
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
function objectsSource(options: ObjectsRead): ResourceSource {
  return {
    name: 'objects',
    types: typesReadBy('objects'),
    async *read(signal, { subscriptions }) {
      yield { kind: 'scope', ...emptyScope };
      const session: Session = { signal, cost: options.cost, onWait };
      let [vaults, lookedInto] = [0, 0];
      const look = async (one: Resource | VaultContents): Promise<VaultContents> => {
        if ('state' in one) return one;
        vaults += 1;
        return readVault(one, { ...options, session });
      };
      const states = new Set<VaultContents['state']>();
      for await (const read of pMapIterable(listVaults(options, subscriptions, signal), look, inFlight)) {
        const { state, resources, unread, gaps } = read;
        states.add(state);
        lookedInto += 1;
        const { pages } = session.cost;
        const found = { subscriptions: subscriptions.length, pages, resources: vaults };
        options.onProgress({ ...found, lookedInto, waitingMs: 0 });
        if (resources.length > 0) yield { kind: 'resources', resources };
        if (unread !== undefined) yield { kind: 'unread', contents: unread };
        for (const entry of gaps) yield { kind: 'unreadable', entry };
      }
      if (signal.aborted) yield { kind: 'unreadable', entry: interrupted };
      const state = signal.aborted ? 'partial' : partState(states);
      yield { kind: 'coverage', coverage: { part: { name: 'objects', state }, ...options.cost } };
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

/**
 * Lists every vault of the scan, whatever the rules say of it, with the proof of a live read that none is missing: the rights by which the
 * target was read may be gone by now.
 */
async function* listVaults(
  { openVaults, filter, cost }: ObjectsRead,
  subscriptions: readonly Subscription[],
  signal: AbortSignal,
): AsyncGenerator<Resource | VaultContents> {
  if (subscriptions.length === 0) return;
  try {
    const source = await openVaults(subscriptions.map(({ id }) => id));
    for await (const event of source.read(signal, emptyScope)) {
      if (event.kind === 'resources')
        yield* event.resources.filter((one) => isVault(one) && filter?.keeps(one) !== false);
      else if (event.kind === 'unreadable' && !signal.aborted) yield unlisted(event.entry);
      else if (event.kind === 'coverage') addCost(cost, event.coverage);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof AzureError || error instanceof UsageError)) throw error;
    const { message, hint } = error;
    const reason = `The vaults in which to look could not be listed: ${message.replace(/\.$/, '')}.`;
    yield unlisted({ scope: 'objects', kind: 'resource', reason, hint });
  }
}

function isVault({ type }: Resource): boolean {
  return type.toLowerCase() === vaultType.toLowerCase();
}

function unlisted(gap: Unreadable): VaultContents {
  return { state: 'partial', resources: [], gaps: [gap] };
}

function addCost(cost: Session['cost'], added: ReadCost): void {
  for (const name of ['queries', 'pages', 'retries', 'waitMs'] as const) cost[name] += added[name];
}
