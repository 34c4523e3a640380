import type { PassedResources } from '../../model/source.ts';
import type { Outlook } from './outlook.ts';
import type { LiveQuery } from './query.ts';

/** Adds up, by type, the resources that were counted inside Resource Graph and not handed over. */
export function passedResources(outlook: Outlook, { pushedDown }: LiveQuery): readonly PassedResources[] {
  const tallies = pushedDown?.tallies ?? [];
  const totals = tallies.map((_, index) =>
    [...outlook.tallies.values()].reduce((sum, counts) => sum + (counts[index] ?? 0), 0),
  );
  return tallies.flatMap(({ type, ruleId }, index): readonly PassedResources[] => {
    if (ruleId !== undefined) return [];
    const spared = tallies.flatMap((tally, at): readonly (readonly [string, number])[] =>
      tally.type === type && tally.ruleId !== undefined ? [[tally.ruleId, totals[at] ?? 0]] : [],
    );
    return [{ type, resources: totals[index] ?? 0, notApplicable: Object.fromEntries(spared) }];
  });
}

/** How many rows of a subscription, by its id in lower case, were counted and not handed over. */
export function passedIn(id: string, outlook: Outlook, { pushedDown }: LiveQuery): number {
  const counts = outlook.tallies.get(id) ?? [];
  return (pushedDown?.tallies ?? []).reduce(
    (sum, { ruleId }, index) => sum + (ruleId === undefined ? (counts[index] ?? 0) : 0),
    0,
  );
}
