import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AzureOverrides } from '../azure/connection.ts';
import { UsageError } from '../model/errors.ts';
import type { ResourceSource } from '../model/source.ts';
import { scannedTypes } from '../resource-types/known-type.ts';
import { inventorySource } from './inventory/inventory.ts';
import type { SourceOptions } from '../usecases/run-scan.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';

/** The surroundings of a source, and the requirements that it must meet. */
export interface OpenOptions extends SourceOptions {
  readonly cwd: string;
  readonly stdin: () => Promise<Uint8Array>;
  readonly version: string;
  readonly azure: AzureOverrides;
  /** Receives the log of the Azure SDKs, a line at a time. */
  readonly debug?: (line: string) => void;
}

/** Opens what the settings name: an inventory file, or Azure. Nothing is read yet. */
export async function openSource(settings: ScanSettings, options: OpenOptions): Promise<ResourceSource> {
  const { inventory, inventoryComplete, subscriptions, managementGroups, cloud, requestTimeoutMs } = settings;
  const { cwd, stdin, version, azure, debug, onProgress, judgedTypes, isUndecided, pushedDown } = options;
  if (inventory !== undefined) {
    if (subscriptions.length + managementGroups.length > 0) {
      throw new UsageError(
        'An inventory is scanned in full: it cannot be limited to a subscription or a management group.',
        'Leave out --inventory to scan Azure, or export the inventory of that scope.',
      );
    }
    const read = inventory === '-' ? stdin : () => readFile(resolve(cwd, inventory));
    return inventorySource({ name: inventory, read, complete: inventoryComplete, isUndecided });
  }
  if (inventoryComplete) {
    throw new UsageError(
      '--inventory-complete (inventoryComplete) says that an inventory is whole, and none is scanned.',
      'Leave it out, or name the inventory with --inventory.',
    );
  }
  // The SDKs take most of a second to load: a scan of an inventory must not wait for them.
  const [{ connect }, { liveSource }] = await Promise.all([
    import('../azure/connection.ts'),
    import('./live.ts'),
  ]);
  const connection = connect({ ...azure, cloud, version, requestTimeoutMs, debug });
  const query = { types: scannedTypes, isUndecided, ...(pushedDown === undefined ? {} : { pushedDown }) };
  return liveSource({
    connection,
    subscriptions,
    managementGroups,
    query,
    judgedTypes,
    subscriptionNames: options.subscriptionNames,
    onProgress,
  });
}
