import type { PassedResources } from '../../model/source.ts';
import type { LiveQuery } from './query.ts';

/** The query's tallies of each subscription, by id in lower case. */
export type Tallies = ReadonlyMap<string, readonly number[]>;

/** Adds up, by type, the resources that were counted inside Resource Graph and not handed over. */
export function passedResources(tallies: Tallies, { pushedDown }: LiveQuery): readonly PassedResources[] {
  const tallied = pushedDown?.tallies ?? [];
  const totals = tallied.map((_, index) =>
    [...tallies.values()].reduce((sum, counts) => sum + (counts[index] ?? 0), 0),
  );
  return tallied.flatMap(({ type, ruleId }, index): readonly PassedResources[] => {
    if (ruleId !== undefined) return [];
    const notApplicable = tallied.flatMap((tally, at): readonly (readonly [string, number])[] =>
      tally.type === type && tally.ruleId !== undefined ? [[tally.ruleId, totals[at] ?? 0]] : [],
    );
    return [{ type, resources: totals[index] ?? 0, notApplicable: Object.fromEntries(notApplicable) }];
  });
}

/** How many rows tallies count that were not handed over. */
export function passedIn(tallies: readonly number[] | undefined, { pushedDown }: LiveQuery): number {
  return (pushedDown?.tallies ?? []).reduce(
    (sum, { ruleId }, index) => sum + (ruleId === undefined ? (tallies?.[index] ?? 0) : 0),
    0,
  );
}
