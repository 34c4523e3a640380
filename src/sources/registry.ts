import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AzureConnection } from '../azure/connection.ts';
import type { CoveragePartName } from '../model/source-name.ts';
import type { FactSource, ResourceSource } from '../model/source.ts';
import type { InventoryTarget, LiveTarget, Target } from '../model/target.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import type { SourceOptions } from '../usecases/scan/ports.ts';

/** The surroundings of a source, and the requirements that it must meet. */
interface OpenOptions extends SourceOptions {
  /** The folder that paths are taken from. */
  readonly cwd: string;
  readonly stdin: () => Promise<Uint8Array>;
  /** The connection that all sources of a scan share, and with it their quota. */
  readonly connect: () => Promise<AzureConnection>;
}

type OpenTarget<K> = (
  target: Extract<Target, { readonly kind: K }>,
  options: OpenOptions,
) => Promise<ResourceSource>;

/** The contribution of a part to a scan: resources of further types, facts about resources, or both. */
export interface PartSources {
  readonly sources?: readonly ResourceSource[];
  readonly facts?: readonly FactSource[];
}

/** Opens what a scan adds to a live target, in the scope of that target. */
type OpenPart = (target: LiveTarget, options: OpenOptions) => Promise<PartSources>;

/** The source of each kind of target. Nothing is read before a scan asks for it. */
export const targetSources: { readonly [K in Target['kind']]: OpenTarget<K> } = {
  live: openLive,
  inventory: openInventory,
};

/** The source of each part that a live target can include, by the name that `--include` takes. */
export const partSources: Partial<Readonly<Record<CoveragePartName, OpenPart>>> = {};

async function openLive(target: LiveTarget, options: OpenOptions): Promise<ResourceSource> {
  const { isUndecided, pushedDown, judgedTypes, subscriptionNames, onProgress } = options;
  // The SDKs take most of a second to load: a scan of an inventory must not wait for them.
  const [connection, { liveSource }] = await Promise.all([options.connect(), import('./live.ts')]);
  const { subscriptions, managementGroups } = target;
  const types = typesReadBy('live');
  return liveSource({
    connection,
    subscriptions,
    managementGroups,
    query: { types, isUndecided, ...(pushedDown === undefined ? {} : { pushedDown }) },
    judgedTypes,
    subscriptionNames,
    onProgress,
  });
}

async function openInventory(
  { file, complete }: InventoryTarget,
  { cwd, stdin, isUndecided }: OpenOptions,
): Promise<ResourceSource> {
  const { inventorySource } = await import('./inventory/inventory.ts');
  const read = file === '-' ? stdin : () => readFile(resolve(cwd, file));
  return inventorySource({ name: file, read, complete, isUndecided });
}
