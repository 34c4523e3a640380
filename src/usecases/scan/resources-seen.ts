import type { FindingResource } from '../../model/finding.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource, SourceEvent } from '../../model/source.ts';

/** A list of the resources that a source returns, of each only what it is called and where it is. */
export interface ResourcesSeen {
  /** The same source, whose resources are listed as they come. */
  readonly watch: (source: ResourceSource) => ResourceSource;
  /** Every resource; `undefined` where some were counted but not returned, or where they are too many to be kept. */
  readonly all: () => readonly FindingResource[] | undefined;
}

/** More resources than this are not kept: some 40 MB. */
const mostKept = 100_000;

/** Makes an empty list. */
export function resourcesSeen(): ResourcesSeen {
  const kept: FindingResource[] = [];
  let isWhole = true;
  async function* watchEvents(events: AsyncIterable<SourceEvent>): AsyncGenerator<SourceEvent> {
    for await (const event of events) {
      if (event.kind === 'passed' && event.passed.resources > 0) isWhole = false;
      if (event.kind === 'resources') isWhole &&= kept.length + event.resources.length <= mostKept;
      if (!isWhole) kept.length = 0;
      else if (event.kind === 'resources')
        for (const resource of event.resources) kept.push(identityOf(resource));
      yield event;
    }
  }
  return {
    watch: (source) => ({ ...source, read: (signal, within) => watchEvents(source.read(signal, within)) }),
    all: () => (isWhole ? kept : undefined),
  };
}

function identityOf({ id, name, type, subscriptionId, resourceGroup, location }: Resource): FindingResource {
  return { id, name, type, subscriptionId, resourceGroup, location };
}
