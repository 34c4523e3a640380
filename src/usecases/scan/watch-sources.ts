import type { MatchDeployed } from '../../model/deployed.ts';
import type { FindingResource } from '../../model/finding.ts';
import { canonicalJson } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource, SourceEvent } from '../../model/source.ts';
import type { ScanPorts } from './ports.ts';

/** The same ports, whose sources are watched while they are read. */
export function watchedPorts(
  ports: ScanPorts,
  note: (event: SourceEvent) => void,
  onOpened?: (target: ResourceSource) => void,
): ScanPorts {
  async function* watchEvents(events: AsyncIterable<SourceEvent>): AsyncGenerator<SourceEvent> {
    for await (const event of events) {
      note(event);
      yield event;
    }
  }
  const watch = (source: ResourceSource): ResourceSource => ({
    ...source,
    read: (signal, within) => watchEvents(source.read(signal, within)),
  });
  return {
    ...ports,
    openSources: async (...opening) => {
      const opened = await ports.openSources(...opening);
      const [target, ...parts] = opened.sources;
      onOpened?.(target);
      return { ...opened, sources: [watch(target), ...parts.map(watch)] };
    },
  };
}

/** A list of the resources that sources return, of each only what it is called and where it is. */
interface ResourcesSeen {
  /** Lists the resources of an event. */
  readonly note: (event: SourceEvent) => void;
  /** Every resource; `undefined` where some were counted but not returned, or where they are too many to be kept. */
  readonly all: () => readonly FindingResource[] | undefined;
}

/** More resources than this are not kept: some 40 MB. */
const mostKept = 100_000;

/** Makes an empty list, which grows as sources are read. */
export function resourcesSeen(): ResourcesSeen {
  const kept: FindingResource[] = [];
  let isWhole = true;
  return {
    note(event) {
      if (event.kind === 'passed' && event.passed.resources > 0) isWhole = false;
      if (event.kind === 'resources') isWhole &&= kept.length + event.resources.length <= mostKept;
      if (!isWhole) kept.length = 0;
      else if (event.kind === 'resources')
        for (const resource of event.resources) kept.push(identityOf(resource));
    },
    all: () => (isWhole ? kept : undefined),
  };
}

function identityOf({ id, name, type, subscriptionId, resourceGroup, location }: Resource): FindingResource {
  return { id, name, type, subscriptionId, resourceGroup, location };
}

/** Resources as code declares them. */
export interface DeclarationsSeen {
  readonly note: (event: SourceEvent) => void;
  /** Takes the source that knows which resources of Azure they may be. */
  readonly opened: (source: ResourceSource) => void;
  readonly all: () => readonly Resource[];
  /** Each of them as a text that is the same for the same declaration, by its id in lower case. */
  readonly texts: () => ReadonlyMap<string, string>;
  readonly match: MatchDeployed;
}

/** Makes an empty list of declarations, which grows as a source is read. */
export function declarationsSeen(): DeclarationsSeen {
  const seen: Resource[] = [];
  let source: ResourceSource | undefined;
  return {
    note: (event) => {
      if (event.kind === 'resources') for (const resource of event.resources) seen.push(resource);
    },
    opened: (one) => {
      source ??= one;
    },
    all: () => seen,
    texts: () =>
      new Map(
        seen.map(({ id, body, gaps }) => [id.toLowerCase(), canonicalJson({ body, gaps: gaps.toSorted() })]),
      ),
    match: (deployed) => source?.matchDeployed?.(deployed) ?? new Map(),
  };
}
