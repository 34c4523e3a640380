import type { Coverage, ReportScope, Unreadable } from '../../model/coverage.ts';
import {
  emptyScope,
  type ResourceSource,
  type SourceCoverage,
  type SourceEvent,
  type SourceScope,
} from '../../model/source.ts';
import { joinCoverage } from './join-coverage.ts';

/** An event of joined sources: as that of a single one, which accounts for everything. */
export type JoinedEvent =
  | Exclude<SourceEvent, { kind: 'coverage' }>
  | { readonly kind: 'coverage'; readonly coverage: Coverage };

/** The events of one source that has reported its scope. */
interface OpenedSource {
  readonly source: ResourceSource;
  readonly scope: ReportScope;
  readonly events: AsyncIterator<SourceEvent>;
  readonly first: IteratorResult<SourceEvent>;
}

/**
 * Reads several sources as one: their scopes joined first, since an exemption may name a subscription of any of them,
 * then the resources of each in turn, and their coverage joined last. A source that ends without coverage
 * is a gap. Throws what a source throws; the others are ended then.
 */
export async function* joinSources(
  sources: readonly ResourceSource[],
  signal: AbortSignal,
): AsyncGenerator<JoinedEvent, void, undefined> {
  const opened: OpenedSource[] = [];
  try {
    let joined = emptyScope;
    for (const source of sources) {
      const events = source.read(signal, joined)[Symbol.asyncIterator]();
      const first = await events.next();
      const own = first.done !== true && first.value.kind === 'scope' ? first.value : emptyScope;
      opened.push({ source, scope: own.scope, events, first });
      joined = joinScopes(joined, own);
    }
    yield { kind: 'scope', ...joined };
    const accounts: SourceCoverage[] = [];
    for (const one of opened) accounts.push(...((yield* forward(one)) ?? []));
    yield { kind: 'coverage', coverage: joinCoverage(accounts) };
  } finally {
    await Promise.allSettled(opened.map(async ({ events }) => events.return?.()));
  }
}

/** Passes on what a source reads, and returns its account; none where it was cut short. */
async function* forward({
  source,
  scope,
  events,
  first,
}: OpenedSource): AsyncGenerator<JoinedEvent, readonly SourceCoverage[]> {
  for (let next = first; next.done !== true; next = await events.next()) {
    const event = next.value;
    if (event.kind === 'coverage') return [event.coverage];
    if (event.kind !== 'scope') yield event;
  }
  yield { kind: 'unreadable', entry: endedEarly(source, scope) };
  return [];
}

/** Each subscription once, as the source that reported it first knows it. */
function joinScopes(one: SourceScope, other: SourceScope): SourceScope {
  return {
    scope: {
      ...one.scope,
      ...other.scope,
      subscriptions: onceEach([...one.scope.subscriptions, ...other.scope.subscriptions]),
      managementGroups: [...new Set([...one.scope.managementGroups, ...other.scope.managementGroups])],
    },
    subscriptions: onceEach([...one.subscriptions, ...other.subscriptions]),
    others: onceEach([...(one.others ?? []), ...(other.others ?? [])]),
  };
}

function onceEach<T extends { readonly id: string }>(items: readonly T[]): readonly T[] {
  const known = new Map<string, T>();
  for (const item of items) {
    const id = item.id.toLowerCase();
    if (!known.has(id)) known.set(id, item);
  }
  return [...known.values()];
}

function endedEarly({ name }: ResourceSource, scope: ReportScope): Unreadable {
  return {
    scope: scope.inventory ?? (name === 'live' ? 'tenant' : name),
    kind: 'interrupted',
    reason: 'The source ended without reporting what it covered.',
    hint: 'Run the scan again; if it happens again, report it as a bug.',
  };
}
