import type { AzureConnection } from '../azure/connection.ts';
import type { FactSource, ResourceSource } from '../model/source.ts';
import type { CoveragePartName } from '../model/source-name.ts';
import type { LiveTarget } from '../model/target.ts';
import type { SourceOptions } from '../usecases/scan/ports.ts';

/** The requirements that a source must meet, and the connection that all sources of a scan share with its quota. */
export interface OpenOptions extends SourceOptions {
  readonly now: () => Date;
  readonly connect: () => Promise<AzureConnection>;
  /** Opens a live source of what the scan may want of some types in some subscriptions, whatever the rules say of it. */
  readonly openEvery: (
    types: readonly string[],
    subscriptionIds: readonly string[],
  ) => Promise<ResourceSource>;
}

/** The contribution of a part to a scan: resources of further types, facts about resources, or both. */
export interface PartSources {
  readonly sources?: readonly ResourceSource[];
  readonly facts?: readonly FactSource[];
}

/** Opens what a scan adds to a live target, in the scope of that target. Nothing is read before the scan asks for it. */
type OpenPart = (target: LiveTarget, options: OpenOptions) => Promise<PartSources>;

/** The registry: the sources of each part that a live target can include, by the name that `--include` takes. */
export const partSources: Partial<Readonly<Record<CoveragePartName, OpenPart>>> = {
  deleted: async (_target, options) => {
    const [connection, { openDeletedSource }] = await Promise.all([
      options.connect(),
      import('./deleted.ts'),
    ]);
    return { sources: [openDeletedSource(connection, options)] };
  },
  objects: async (_target, options) => {
    const [connection, { openObjectsSource }] = await Promise.all([
      options.connect(),
      import('./objects.ts'),
    ]);
    return { sources: [openObjectsSource(connection, options)] };
  },
  access: async (_target, options) => {
    const [connection, { accessFacts }] = await Promise.all([options.connect(), import('./access.ts')]);
    return { facts: [accessFacts(connection)] };
  },
};
