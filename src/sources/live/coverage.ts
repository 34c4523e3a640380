import type { Coverage, SubscriptionCoverage, SubscriptionState, Unreadable } from '../../model/coverage.ts';
import type { PassedResources, SourceEvent } from '../../model/source.ts';
import { interruptedRead, tenantScope } from './gaps.ts';
import { formOf, type LiveQuery } from './query.ts';
import type { Progress, Reader } from './progress.ts';
import { reconcile, type ReadRecord } from './subscription-states.ts';

/** The end of a read, and the scope that the user named. */
export interface EndOfRead extends Pick<ReadRecord, 'finished' | 'missingIn' | 'denials'> {
  readonly named: readonly string[];
}

/** Ends a read, however it ended: gaps, and the coverage of every expected subscription, or of what was `named`. */
export function* account(
  { received, session }: Reader,
  { query, refused, readScope, ...progress }: Progress,
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
        .map(({ scope }) => placeholderCoverage(scope, 'denied')),
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

/** The query's tallies of each subscription, by id in lower case. */
export type Tallies = ReadonlyMap<string, readonly number[]>;

/** Adds up, by type, the resources that Resource Graph counted and did not return. */
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
