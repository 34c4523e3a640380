import type { Unreadable } from '../../model/coverage.ts';
import type { Resource } from '../../model/resource.ts';
import type { FactSource, PartCoverage, ResourceFacts, SourceScope } from '../../model/source.ts';
import { joinCoverage } from './join-coverage.ts';
import type { JoinedEvent } from './join-sources.ts';

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
