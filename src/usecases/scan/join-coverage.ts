import type { AzureExemptionsRead } from '../../model/azure-exemption.ts';
import type {
  Coverage,
  CoveragePart,
  ReadCost,
  SubscriptionCoverage,
  Unreadable,
} from '../../model/coverage.ts';
import type { Finding } from '../../model/finding.ts';
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

/** Adds what the exemptions of Azure Policy cost, and what of them could not be read, but for what is a gap already. */
export function withAzureExemptions<
  A extends { readonly unreadable: readonly Unreadable[]; readonly coverage: Coverage },
>(account: A, azure: AzureExemptionsRead | undefined): A {
  if (azure === undefined) return account;
  const { unreadable, coverage } = account;
  const known = new Set(unreadable.map(({ scope }) => scope.toLowerCase()));
  const added = azure.unreadable.filter(({ scope }) => !known.has(scope.toLowerCase()));
  return {
    ...account,
    unreadable: [...unreadable, ...added],
    coverage: { ...coverage, ...sumOf([coverage, azure.cost]) },
  };
}

/** The cost of several reads together. */
export function sumOf(costs: readonly ReadCost[]): ReadCost {
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

/** A gap for each unknown verdict, where no other gap says why: a scan that lacks a verdict is not complete. */
export function unknownGaps(findings: readonly Finding[]): readonly Unreadable[] {
  return findings
    .filter(({ compliance }) => compliance === 'unknown')
    .map(({ ruleId, resource }) => ({
      scope: resource.id,
      kind: 'resource',
      reason: `It could not be judged by ${ruleId}.`,
      hint: 'The evidence says what is not known. Leave the rule out with --exclude-rule, or add --allow-incomplete.',
    }));
}
