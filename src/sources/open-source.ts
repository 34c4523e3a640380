import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AzureOverrides } from '../azure/connection.ts';
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
  const { target, cloud, requestTimeoutMs } = settings;
  const { cwd, stdin, version, azure, debug, onProgress, judgedTypes, isUndecided, pushedDown } = options;
  if (target.kind === 'inventory') {
    const { file, complete } = target;
    const read = file === '-' ? stdin : () => readFile(resolve(cwd, file));
    return inventorySource({ name: file, read, complete, isUndecided });
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
    ...target,
    query,
    judgedTypes,
    subscriptionNames: options.subscriptionNames,
    onProgress,
  });
}
