import type { Coverage, ReportScope, Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import {
  emptyScope,
  type FactSource,
  type PartCoverage,
  type ResourceFacts,
  type ResourceSource,
  type SourceCoverage,
  type SourceEvent,
  type SourceScope,
} from '../../model/source.ts';
import { joinCoverage } from './join-coverage.ts';
import { filterWords } from '../../reporters/words/scope.ts';
import type { CompiledFilter, FilterTerm } from '../../rules/filter.ts';

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

/**
 * Adds facts to the resources that are read, page by page, by the id of each. Where a source of facts has no answer about
 * a resource, its members are gaps there. Gaps and coverage of the facts come last.
 */
export async function* joinFacts(
  events: AsyncIterable<JoinedEvent>,
  facts: readonly FactSource[],
  signal: AbortSignal,
): AsyncGenerator<JoinedEvent, void, undefined> {
  let joins: readonly FactJoin[] = [];
  for await (const event of events) {
    if (event.kind === 'scope') joins = facts.map((source) => beginJoin(source, signal, event));
    if (event.kind === 'resources') {
      let { resources } = event;
      for (const join of joins) resources = await join.add(resources);
      yield { kind: 'resources', resources };
    } else if (event.kind === 'coverage') {
      const ends = await Promise.all(joins.map((join) => join.close()));
      for (const entry of ends.flatMap(({ unreadable }) => unreadable)) yield { kind: 'unreadable', entry };
      const accounts = [event.coverage, ...ends.map(({ coverage }) => coverage)];
      yield { kind: 'coverage', coverage: joinCoverage(accounts) };
    } else yield event;
  }
}

/** The join of one source of facts. */
interface FactJoin {
  add(resources: readonly Resource[]): Promise<readonly Resource[]>;
  close(): Promise<{ readonly unreadable: readonly Unreadable[]; readonly coverage: PartCoverage }>;
}

function beginJoin(source: FactSource, signal: AbortSignal, scope: SourceScope): FactJoin {
  const reader = source.read(signal, scope);
  const types = new Set(source.types.map((type) => type.toLowerCase()));
  const isAbout = ({ type }: Resource): boolean => types.has(type.toLowerCase());
  let unanswered = 0;
  return {
    async add(resources) {
      const about = resources.filter(isAbout);
      if (about.length === 0) return resources;
      const answers = await reader.factsOf(about);
      return resources.map((resource) => {
        if (!isAbout(resource)) return resource;
        const answer = answers.get(resource.id.toLowerCase());
        if (answer === undefined) unanswered += 1;
        return withFacts(resource, source, answer);
      });
    },
    async close() {
      const { unreadable, coverage } = await reader.close();
      if (unanswered === 0) return { unreadable, coverage };
      const { part } = coverage;
      const state = part.state === 'denied' ? 'denied' : 'partial';
      return {
        unreadable: unreadable.length > 0 ? unreadable : [noAnswer(source, unanswered)],
        coverage: { ...coverage, part: { ...part, state } },
      };
    },
  };
}

/** Joins facts to a resource. Members of the body itself that have the name of a fact do not count. */
function withFacts(
  resource: Resource,
  { members }: FactSource,
  answer: ResourceFacts = { members: {}, gaps: members },
): Resource {
  const own = Object.entries(resource.body).filter(([name]) => !members.includes(name));
  const added = Object.entries(answer.members).filter(([name]) => members.includes(name));
  return {
    ...resource,
    body: Object.fromEntries([...own, ...added]),
    gaps: [...resource.gaps, ...answer.gaps],
  };
}

function noAnswer({ name, members }: FactSource, unanswered: number): Unreadable {
  return {
    scope: name,
    kind: 'resource',
    reason: `Nothing was learnt of ${members.join(' and ')} of ${unanswered === 1 ? 'a resource' : `${unanswered} resources`}.`,
    hint: 'Run the scan again; if it happens again, report it as a bug.',
  };
}

/**
 * Leaves out what a filter leaves out, of events that may hold more. The scope says so, and each term that nothing matches is a
 * gap: a name that is misspelt must not look like a vault that complies.
 */
export async function* filterResources(
  events: AsyncIterable<JoinedEvent>,
  filter: CompiledFilter | undefined,
  signal: AbortSignal,
): AsyncGenerator<JoinedEvent, void, undefined> {
  if (filter === undefined) return yield* events;
  const { asked, groups, keeps } = filter;
  const idle = new Set(groups.flat());
  for await (const event of events) {
    if (event.kind === 'scope') yield { ...event, scope: { ...event.scope, filter: asked } };
    else if (event.kind === 'resources') {
      const resources = event.resources.filter(keeps);
      for (const term of idle) if (resources.some((one) => isMatched(term, one))) idle.delete(term);
      if (resources.length > 0) yield { ...event, resources };
    } else if (event.kind === 'unread') {
      if (keeps(event.contents.resource)) yield event;
    } else {
      // Rows are counted only where there are no alternatives: then what matches the filter matches each term.
      if (event.kind === 'passed' && event.passed.resources > 0) idle.clear();
      if (event.kind === 'coverage' && !signal.aborted)
        for (const entry of unmatched(filter, idle)) yield { kind: 'unreadable', entry };
      yield event;
    }
  }
}

function isMatched({ test }: FilterTerm, { body, gaps }: Resource): boolean {
  return test({ body, gaps, elements: [] }) !== false;
}

/** A gap for each term that nothing matches, or one for the whole filter. */
function unmatched({ asked, groups }: CompiledFilter, idle: ReadonlySet<FilterTerm>): readonly Unreadable[] {
  const scopes =
    idle.size === groups.flat().length
      ? [filterWords({ filter: asked })]
      : Array.from(idle, ({ text }) => text);
  const rest = groups.length > 1 && idle.size < groups.flat().length ? ' and the rest of the filter' : '';
  return scopes.map((scope) => ({
    scope,
    kind: 'filter',
    reason: `Nothing in scope matches it${rest}, so nothing was checked for it.`,
    hint: 'Check the spelling, and whether it is in the scope of the scan; where there may be none, add --allow-incomplete.',
  }));
}
