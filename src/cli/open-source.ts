import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { ReadProgress, ResourceSource } from '../model/source.ts';
import { inventorySource } from '../sources/inventory.ts';
import type { ScanSettings } from '../usecases/scan-settings.ts';
import type { CommandContext } from './context.ts';

/** How a source is opened, beside where it reads from. */
export interface OpenOptions extends Pick<CommandContext, 'world' | 'azure' | 'tool'> {
  readonly debug: boolean;
  readonly onProgress: (progress: ReadProgress) => void;
}

/** Opens what the settings name: an inventory file, or Azure. Nothing is read yet. */
export async function openSource(settings: ScanSettings, options: OpenOptions): Promise<ResourceSource> {
  const { inventory, subscriptions, managementGroups, cloud } = settings;
  const { world, azure, tool, debug, onProgress } = options;
  if (inventory !== undefined) {
    if (subscriptions.length + managementGroups.length > 0) {
      throw new UsageError(
        'An inventory is scanned as it is: it cannot be narrowed to a subscription or a management group.',
        'Leave out --inventory to scan Azure, or export the inventory of that scope.',
      );
    }
    const read = inventory === '-' ? world.stdin : () => readFile(resolve(world.cwd, inventory));
    return inventorySource({ name: inventory, read });
  }
  // The SDKs take most of a second to load: a scan of an inventory must not wait for them.
  const [{ connect }, { liveSource }] = await Promise.all([
    import('../azure/connection.ts'),
    import('../sources/live.ts'),
  ]);
  const connection = connect({
    ...azure,
    cloud,
    version: tool.version,
    ...(debug ? { debug: (line: string) => void world.stderr.write(`${line}\n`) } : {}),
  });
  return liveSource({ connection, subscriptions, managementGroups, onProgress });
}
