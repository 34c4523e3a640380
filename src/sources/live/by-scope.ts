import type { GraphScope } from '../../azure/resource-graph.ts';

/** Something that is known of a scope as a whole. */
export interface Scoped<T> {
  readonly scope: GraphScope;
  readonly value: T;
}

/** Finds what is known of the scope that may hold a subscription, by its id in lower case: one that is no list may hold any. */
export function byScope<T>(known: readonly Scoped<T>[]): (subscriptionId: string) => T | undefined {
  const listed = new Map(
    known.flatMap(({ scope, value }) =>
      scope.kind === 'subscriptions' ? scope.ids.map((id) => [id, value] as const) : [],
    ),
  );
  const open = known.findLast(({ scope }) => scope.kind !== 'subscriptions');
  return (id) => listed.get(id) ?? open?.value;
}
