import type { Sequence } from '../../azure/graph-sequence.ts';
import type { ArmSubscription } from '../../azure/subscriptions.ts';
import type { AzureError } from '../../model/errors.ts';
import type { Coverage } from '../../model/report.ts';
import { planReads } from './plan-reads.ts';
import type { TargetSnapshot } from './target-snapshot.ts';
import type { LiveQuery } from './query.ts';
import { knownTarget, type KnownTarget } from './later-snapshot.ts';
import { mergeSnapshots, type Snapshot } from './snapshot.ts';
import { subscriptionLists } from './targets.ts';

/** What all looks together show. Maps are by subscription id in lower case. */
export interface CombinedSnapshots extends Snapshot {
  readonly expectedFrom: Coverage['expectedFrom'];
  /** Every subscription that must be accounted for. */
  readonly expected: ReadonlyMap<string, ArmSubscription>;
  /** Why Resource Graph could not look at a subscription, other than for lack of rights. */
  readonly failures: ReadonlyMap<string, AzureError>;
  /** Everything that Resource Graph refused to look at. */
  readonly refused: readonly AzureError[];
  /** Where it was looked. */
  readonly targets: readonly KnownTarget[];
  /** What to read, all together. */
  readonly sequences: readonly Sequence[];
}

/** Adds up looks that may overlap, and plans the reading of what they show. */
export function combineSnapshots(taken: readonly TargetSnapshot[], query: LiveQuery): CombinedSnapshots {
  const seen = taken.flatMap((one) => one.seen);
  const { visible, counts } = mergeSnapshots(seen.map(({ snapshot }) => snapshot));
  const expected = new Map<string, ArmSubscription>();
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
