import type { Sequence } from '../../azure/graph-sequence.ts';
import type { ArmSubscription } from '../../azure/subscriptions.ts';
import type { AzureError } from '../../model/errors.ts';
import type { Coverage } from '../../model/report.ts';
import { planLanes } from './plan-reads.ts';
import type { Look } from './target-snapshot.ts';
import type { LiveQuery } from './query.ts';
import { placeOf, type Place } from './later-snapshot.ts';
import { uniteSights, type Sight } from './snapshot.ts';
import { subscriptionLists } from './targets.ts';

/** What all looks together show. Maps are by subscription id in lower case. */
export interface CombinedLooks extends Sight {
  readonly expectedFrom: Coverage['expectedFrom'];
  /** Every subscription that must be accounted for. */
  readonly expected: ReadonlyMap<string, ArmSubscription>;
  /** Why Resource Graph could not look at a subscription, other than for lack of rights. */
  readonly failures: ReadonlyMap<string, AzureError>;
  /** Everything that Resource Graph refused to look at. */
  readonly refused: readonly AzureError[];
  /** Where it was looked. */
  readonly places: readonly Place[];
  /** What to read, all together. */
  readonly sequences: readonly Sequence[];
}

/** Adds up looks that may overlap, and plans the reading of what they show. */
export function combine(looks: readonly Look[], query: LiveQuery): CombinedLooks {
  const seen = looks.flatMap((one) => one.seen);
  const { visible, counts } = uniteSights(seen.map(({ sight }) => sight));
  const expected = new Map<string, ArmSubscription>();
  const named = looks.flatMap(({ target }) => target.expected ?? []);
  for (const one of [...named, ...visible.values()]) {
    const id = one.id.toLowerCase();
    if (!expected.has(id)) expected.set(id, { id: one.id, name: visible.get(id)?.name ?? one.name });
  }
  for (const id of counts.keys()) if (!expected.has(id)) expected.set(id, { id, name: id });
  return {
    expectedFrom: originOf(looks),
    expected,
    visible,
    counts,
    failures: new Map(looks.flatMap(failuresOf)),
    refused: looks.flatMap(({ refused }) => refused.map(({ error }) => error)),
    places: looks.map(placeOf),
    sequences: sequencesOf(seen, query),
  };
}

/** The weakest origin of any part: what is expected is known no better than that. */
function originOf(looks: readonly Look[]): Coverage['expectedFrom'] {
  const origins = new Set(looks.map(originOfOne));
  return (['visible', 'managementGroup'] as const).find((origin) => origins.has(origin)) ?? 'named';
}

function originOfOne({ target: { scopes, expected } }: Look): Coverage['expectedFrom'] {
  if (scopes.some(({ kind }) => kind === 'tenant') || expected === undefined) return 'visible';
  return scopes.some(({ kind }) => kind === 'managementGroup') ? 'managementGroup' : 'named';
}

function failuresOf({ target, refused }: Look): readonly (readonly [string, AzureError])[] {
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
function sequencesOf(seen: Look['seen'], query: LiveQuery): readonly Sequence[] {
  const whole = seen.filter(({ scope }) => scope.kind !== 'subscriptions');
  const shown = new Set(whole.flatMap(({ sight }) => [...sight.counts.keys()]));
  const listed = new Map(
    seen
      .flatMap(({ scope, sight }) => (scope.kind === 'subscriptions' ? rowsOf(sight) : []))
      .filter(([id]) => !shown.has(id)),
  );
  const counted = [
    ...whole.map(({ scope, sight }) => ({ scope, rows: sum(rowsOf(sight).map(([, rows]) => rows)) })),
    ...subscriptionLists([...listed.keys()]).map((scope) => ({
      scope,
      rows: sum(scope.kind === 'subscriptions' ? scope.ids.map((id) => listed.get(id) ?? 0) : []),
    })),
  ];
  return counted.flatMap((scope) => planLanes(query, scope));
}

function rowsOf({ counts }: Sight): readonly (readonly [string, number])[] {
  return [...counts].map(([id, { rows }]) => [id, rows]);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
