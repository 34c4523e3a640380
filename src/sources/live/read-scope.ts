import type { Sequence } from '../../azure/graph-query.ts';
import { AzureError } from '../../model/errors.ts';
import type { Coverage, Unreadable } from '../../model/coverage.ts';
import { blamesQuery } from './gaps.ts';
import { type LiveQuery, planReads } from './query.ts';
import {
  idsIn,
  type KnownTarget,
  lowerIds,
  mergeSnapshots,
  type NamedSubscription,
  type Snapshot,
  subscriptionLists,
  type TargetSnapshot,
} from './snapshot.ts';

/** All snapshots combined. Maps are by subscription id in lower case. */
export interface CombinedSnapshots extends Snapshot {
  readonly expectedFrom: Coverage['expectedFrom'];
  /** Every subscription that must be accounted for. */
  readonly expected: ReadonlyMap<string, NamedSubscription>;
  /** The errors for which Resource Graph gave no snapshot of a subscription, other than missing rights. */
  readonly failures: ReadonlyMap<string, AzureError>;
  /** All refusals of Resource Graph. */
  readonly refused: readonly AzureError[];
  /** The targets of the snapshots. */
  readonly targets: readonly KnownTarget[];
  /** The sequences of pages to read. */
  readonly sequences: readonly Sequence[];
}

/** Combines snapshots that may overlap, and plans the reading of their rows. */
export function combineSnapshots(taken: readonly TargetSnapshot[], query: LiveQuery): CombinedSnapshots {
  const seen = taken.flatMap((one) => one.seen);
  const { visible, counts } = mergeSnapshots(seen.map(({ snapshot }) => snapshot));
  const expected = new Map<string, NamedSubscription>();
  const named = taken.flatMap(({ target }) => target.expected ?? []);
  for (const one of [...named, ...visible.values()]) {
    const id = one.id.toLowerCase();
    if (!expected.has(id)) expected.set(id, { id: one.id, name: visible.get(id)?.name ?? one.name });
  }
  for (const id of counts.keys()) if (!expected.has(id)) expected.set(id, { id, name: id });
  return {
    expectedFrom: originOf(taken),
    expected,
    visible,
    counts,
    failures: new Map(taken.flatMap(failuresOf)),
    refused: taken.flatMap(({ refused }) => refused.map(({ error }) => error)),
    targets: taken.map(knownTarget),
    sequences: sequencesOf(seen, query),
  };
}

/** The weakest origin of any part: what is expected is known no better than that. */
function originOf(taken: readonly TargetSnapshot[]): Coverage['expectedFrom'] {
  const origins = new Set(taken.map(originOfOne));
  return (['visible', 'managementGroup'] as const).find((origin) => origins.has(origin)) ?? 'named';
}

function originOfOne({ target: { scopes, expected } }: TargetSnapshot): Coverage['expectedFrom'] {
  if (scopes.some(({ kind }) => kind === 'tenant') || expected === undefined) return 'visible';
  return scopes.some(({ kind }) => kind === 'managementGroup') ? 'managementGroup' : 'named';
}

function failuresOf({ target, refused }: TargetSnapshot): readonly (readonly [string, AzureError])[] {
  return refused
    .filter(({ error }) => error.status !== 403)
    .flatMap(({ scope, error }) => {
      const ids = scope.kind === 'subscriptions' ? scope.ids : (target.expected ?? []).map(({ id }) => id);
      return ids.map((id) => [id.toLowerCase(), error] as const);
    });
}

/**
 * Lists are read together: most subscriptions hold no vault, and one request can read the rows of hundreds. What a whole
 * scope shows is not read a second time for being in a list.
 */
function sequencesOf(seen: TargetSnapshot['seen'], query: LiveQuery): readonly Sequence[] {
  const whole = seen.filter(({ scope }) => scope.kind !== 'subscriptions');
  const shown = new Set(whole.flatMap(({ snapshot }) => [...snapshot.counts.keys()]));
  const listed = new Map(
    seen
      .flatMap(({ scope, snapshot }) => (scope.kind === 'subscriptions' ? rowsOf(snapshot) : []))
      .filter(([id]) => !shown.has(id)),
  );
  const counted = [
    ...whole.map(({ scope, snapshot }) => ({ scope, rows: sum(rowsOf(snapshot).map(([, rows]) => rows)) })),
    ...subscriptionLists([...listed.keys()]).map((scope) => ({
      scope,
      rows: sum(scope.kind === 'subscriptions' ? scope.ids.map((id) => listed.get(id) ?? 0) : []),
    })),
  ];
  return counted.flatMap((scope) => planReads(query, scope));
}

function rowsOf({ counts }: Snapshot): readonly (readonly [string, number])[] {
  return [...counts].map(([id, { rows }]) => [id, rows]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The target of a snapshot, with the subscriptions that it holds. */
function knownTarget({ target, seen }: TargetSnapshot): KnownTarget {
  const shown = seen.flatMap(({ snapshot }) => [...idsIn(snapshot)]);
  return { target, held: new Set([...shown, ...lowerIds(target.expected)]) };
}

/** The scope of a read, as known before its first row. Maps are by subscription id in lower case. */
export interface ReadScope extends CombinedSnapshots {
  readonly managementGroups: readonly string[];
  readonly unreadable: readonly Unreadable[];
  /** The scopes among them that Azure does not know. */
  readonly absent: ReadonlySet<string>;
}

/** The operation of an error that says that nothing is visible, where Azure itself did not fail. */
export const emptyScopeOperation = 'find the subscriptions';

/** The error that ends a read in which nothing is visible; `undefined` when something is. */
export function emptyScopeError(
  readScope: Pick<ReadScope, 'expected' | 'visible' | 'counts' | 'unreadable' | 'absent'>,
  taken: readonly TargetSnapshot[],
): AzureError | undefined {
  if (idsIn(readScope).size > 0) return undefined;
  if (taken.some(isEmptyGroup)) return undefined;
  const refused = taken.flatMap(({ refused, target: { unlisted } }) => [
    ...refused,
    ...(unlisted === undefined ? [] : [{ error: unlisted }]),
  ]);
  // A query that is refused says nothing of rights.
  const failed = refused.find(({ error }) => !saysInvisible(error) || blamesQuery(error));
  if (failed !== undefined) return failed.error;
  const scopes = [
    ...[...readScope.expected.values()].map(({ id, name }) => (name === id ? id : `${name} (${id})`)),
    ...readScope.unreadable.map(({ scope }) => scope),
  ];
  const message =
    scopes.length === 0
      ? 'this identity has access to no subscription'
      : `nothing in the scope of the scan is visible: ${shorten(scopes)}`;
  // Azure may have refused nothing: a name that it does not list is never asked for.
  const { status = 0, code = '', requestId = '' } = refused[0]?.error ?? {};
  return new AzureError(message, {
    operation: emptyScopeOperation,
    status,
    code,
    requestId,
    hint:
      adviceOn(readScope) ??
      'The identity needs the role Reader (it holds Microsoft.KeyVault/vaults/read) on each subscription, or on a management group above. Check that you signed in to the right tenant: `az account show`',
  });
}

/** The advice on the first of the gaps; of a name that is not found, with the one that may be meant. */
function adviceOn({
  unreadable: [first],
  absent,
}: Pick<ReadScope, 'unreadable' | 'absent'>): string | undefined {
  return first !== undefined && absent.has(first.scope) ? `${first.reason} ${first.hint}` : first?.hint;
}

/** True where Azure says that a scope does not exist, or that we may not see it; a proxy's refusal has no code of Azure's. */
function saysInvisible({ status, code }: AzureError): boolean {
  return code !== '' && [400, 403, 404].includes(status);
}

/** True for a management group that is visible and empty. */
function isEmptyGroup({ target: { scopes, expected } }: TargetSnapshot): boolean {
  return scopes[0]?.kind === 'managementGroup' && expected?.length === 0;
}

function shorten(scopes: readonly string[]): string {
  const shown = scopes.slice(0, 5).join(', ');
  return scopes.length > 5 ? `${shown}, and ${scopes.length - 5} more` : shown;
}
