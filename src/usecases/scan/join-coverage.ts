import type { Coverage, CoveragePart, ReadCost, SubscriptionCoverage } from '../../model/coverage.ts';
import type { SourceCoverage } from '../../model/source.ts';

/** Joins the accounts of the sources of a scan: subscriptions from those that read them, a part from each of the others. */
export function joinCoverage(accounts: readonly SourceCoverage[]): Coverage {
  const bySubscription = accounts.flatMap((account) => ('part' in account ? [] : [account]));
  const parts = accounts.flatMap((account) => ('part' in account ? [account.part] : (account.parts ?? [])));
  const [first] = bySubscription;
  const graph = bySubscription.find(({ resourceGraph }) => resourceGraph !== undefined)?.resourceGraph;
  return {
    expectedFrom: first?.expectedFrom ?? 'visible',
    subscriptions: bySubscription.flatMap(({ subscriptions }) => subscriptions),
    ...sumOf(accounts),
    ...(graph === undefined ? {} : { resourceGraph: graph }),
    ...(parts.length === 0 ? {} : { parts }),
  };
}

function sumOf(costs: readonly ReadCost[]): ReadCost {
  const sum = (key: keyof ReadCost): number => costs.reduce((total, cost) => total + cost[key], 0);
  return { queries: sum('queries'), pages: sum('pages'), retries: sum('retries'), waitMs: sum('waitMs') };
}

/** True where every expected subscription and every part was read. */
export function isFullyCovered({ subscriptions, parts = [] }: Coverage): boolean {
  return subscriptions.every(isSubscriptionRead) && parts.every(isPartRead);
}

function isSubscriptionRead({ state }: SubscriptionCoverage): boolean {
  return state === 'read' || state === 'empty' || state === 'disabled';
}

function isPartRead({ state }: CoveragePart): boolean {
  return state === 'read' || state === 'empty';
}
