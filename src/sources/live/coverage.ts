import type { Coverage, SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/coverage.ts';
import type { SourceEvent } from '../../model/source.ts';
import { lateSubscription, type StateAndGap, stateOfDiscrepancy, type SubscriptionRows } from './compare.ts';
import type { RightsEvidence } from './evidence.ts';
import {
  type Denial,
  deniedSubscription,
  interruptedRead,
  type MissingRights,
  notAsked,
  tenantScope,
  unfinishedSubscription,
  unprovenSubscription,
} from './gaps.ts';
import type { ReadState, Reader } from './progress.ts';
import { formOf } from './query.ts';
import type { ReadScope } from './read-scope.ts';
import type { ReceivedRows } from './received-rows.ts';
import { type NamedSubscription, passedIn, rowsIn } from './snapshot.ts';

/** The end of a read, and the scope that the user named. */
export interface EndOfRead extends Pick<ReadRecord, 'finished' | 'missingIn' | 'denials'> {
  readonly named: readonly string[];
}

/** Ends a read, however it ended: gaps, and the coverage of every expected subscription, or of what was `named`. */
export function* account(
  { received, session }: Reader,
  { query, refused, readScope, ...progress }: ReadState,
  { named, finished, ...evidence }: EndOfRead,
): Generator<SourceEvent> {
  const rest = received.close();
  if (rest.resources.length > 0) yield { kind: 'resources', resources: rest.resources };
  const accounts =
    readScope === undefined
      ? []
      : reconcile({ ...progress, ...evidence, query, refused, readScope, finished, received });
  const gaps: readonly Unreadable[] = [
    ...accounts.flatMap(({ gap }) => gap ?? []),
    ...rest.unreadable,
    ...(finished ? [] : [interruptedRead]),
  ];
  for (const entry of gaps) yield { kind: 'unreadable', entry };
  const coverage: Coverage = {
    expectedFrom: readScope?.expectedFrom ?? 'visible',
    subscriptions: [
      ...accounts.map(({ coverage }) => coverage),
      ...(readScope?.unreadable ?? [])
        .filter(({ scope }) => scope !== tenantScope)
        .map(({ scope }) =>
          placeholderCoverage(scope, readScope?.absent.has(scope) === true ? 'notFound' : 'denied'),
        ),
      ...(accounts.length === 0 && !finished
        ? named.map((name) => placeholderCoverage(name, 'partial'))
        : []),
    ],
    ...session.cost,
    waitMs: Math.round(session.cost.waitMs),
    resourceGraph: { form: formOf(query), refused },
  };
  yield { kind: 'coverage', coverage };
}

/** Coverage under its name for what the user named and Azure does not know. */
function placeholderCoverage(name: string, state: SubscriptionState): SubscriptionCoverage {
  return { id: name, name, state, expectedRows: 0, rows: 0 };
}

/** Everything that is known at the end of a read. Subscription ids are in lower case. */
interface ReadRecord extends ReadState {
  readonly readScope: ReadScope;
  readonly received: ReceivedRows;
  /** The rights on a subscription that lack evidence; all of them, until Azure was asked. */
  readonly missingIn: RightsEvidence['missingIn'];
  /** The reasons why subscriptions are not visible, where Azure gave one. */
  readonly denials: ReadonlyMap<string, Denial>;
  /** False for a read that was interrupted. */
  readonly finished: boolean;
}

/** The coverage of a subscription, and the gap to report for it if there is one. */
interface SubscriptionResult {
  readonly coverage: SubscriptionCoverage;
  readonly gap: Unreadable | undefined;
}

/** Compares the expected subscriptions with the rows received, one by one. */
function reconcile(record: ReadRecord): readonly SubscriptionResult[] {
  const { readScope, received, late } = record;
  const unexpected = new Set(
    [...late, ...received.subscriptions()].filter((id) => !readScope.expected.has(id)),
  );
  return [
    ...[...readScope.expected].map(([key, { id, name }]) => resultFor({ key, id, name }, record)),
    ...[...unexpected].map((id) => ({
      coverage: { id, name: id, state: 'partial' as const, expectedRows: 0, rows: received.count(id) },
      gap: lateSubscription(id),
    })),
  ];
}

function resultFor(
  { key, id, name }: NamedSubscription & { readonly key: string },
  record: ReadRecord,
): SubscriptionResult {
  const { readScope, received, query, tallies } = record;
  const passed = passedIn(tallies.get(key), query);
  const expectedRows = rowsIn(key, readScope) + passedIn(readScope.counts.get(key)?.tallies, query);
  const rows = received.count(key) + passed;
  const { state, gap } = stateOf({ key, id, rows, expectedRows, passed }, record);
  return { coverage: { id, name, state, expectedRows, rows }, gap };
}

function stateOf(subscription: SubscriptionRows, record: ReadRecord): StateAndGap {
  const { key, id, rows } = subscription;
  const { late, readScope, finished } = record;
  if (late.has(key)) return { state: 'partial', gap: lateSubscription(id) };
  const discrepancy = record.discrepancies.get(key);
  const visible = readScope.visible.get(key);
  if (visible === undefined && discrepancy?.kind !== 'disappeared')
    return stateOfInvisible(subscription, record);
  // Before the second snapshot, nothing is known to be complete.
  if (!finished) return { state: 'partial' };
  if (discrepancy !== undefined) return stateOfDiscrepancy(subscription, discrepancy);
  const missing = record.missingIn(key);
  if (missing !== undefined) return stateOfUnproven(subscription, missing);
  if (['disabled', 'deleted'].includes(visible?.state.toLowerCase() ?? '')) return { state: 'disabled' };
  return { state: rows === 0 ? 'empty' : 'read' };
}

function stateOfInvisible(
  { key, id, rows, expectedRows }: SubscriptionRows,
  record: ReadRecord,
): StateAndGap {
  const failure = record.readScope.failures.get(key);
  if (failure !== undefined)
    return { state: 'partial', gap: unfinishedSubscription(id, `${failure.message}.`, failure.hint) };
  const missing = record.missingIn(key);
  if ((rows > 0 || expectedRows > 0) && missing !== undefined)
    return { state: 'partial', gap: unprovenSubscription(id, missing) };
  if (rows > 0 || expectedRows > 0) {
    const reason = 'Only some of its resource groups can be read, so how much it holds is not known.';
    return { state: 'partial', gap: deniedSubscription(id, reason) };
  }
  const { reason, hint, isAbsent } = record.denials.get(key) ?? notAsked(id);
  return { state: isAbsent === true ? 'notFound' : 'denied', gap: deniedSubscription(id, reason, hint) };
}

/** A row proves a right on that row; a visible subscription proves none. */
function stateOfUnproven({ id, rows }: SubscriptionRows, missing: MissingRights): StateAndGap {
  const isPartlyRead = rows > 0 || missing.holdsOthers;
  return { state: isPartlyRead ? 'partial' : 'denied', gap: unprovenSubscription(id, missing) };
}

/**
 * Rights may have been taken away since they were asked for: where the last snapshot shows fewer rows than an earlier
 * one, they are asked for again.
 */
export async function confirmEvidence(
  { received }: Reader,
  { mostCounted, lastShown, tallies, discrepancies, query }: ReadState,
  evidence: RightsEvidence,
): Promise<RightsEvidence['missingIn']> {
  const shrunk = [...lastShown].filter(([id, shown]) => {
    if (discrepancies.has(id) || evidence.missingIn(id) !== undefined) return false;
    return shown < Math.max(mostCounted.get(id) ?? 0, received.count(id) + passedIn(tallies.get(id), query));
  });
  if (shrunk.length === 0) return evidence.missingIn;
  return (await evidence.askAgain(shrunk.map(([id]) => id))).missingIn;
}
