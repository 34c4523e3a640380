import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { AzureConnection, AzureOverrides } from '../azure/connection.ts';
import { signInFiles } from '../azure/sign-in/files.ts';
import { scanAnchors } from '../files/checkout/scan-anchors.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { policyFiles } from '../files/policy-files.ts';
import type { ResourceSource, ScanSources } from '../model/source.ts';
import type { InventoryTarget, LiveTarget } from '../model/target.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import type { ScanPorts, SourceOptions } from '../usecases/scan/ports.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import { type OpenOptions, partSources, type PartSources } from './parts.ts';

/** The surroundings of the process, and the ports that a command line and a workflow step fill differently. */
export interface ScanSurroundings extends Pick<ScanPorts, 'progress' | 'onNotice' | 'now' | 'signal'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are taken from. */
  readonly cwd: string;
  /** The folder that holds `policies/`. */
  readonly packageRoot: string;
  readonly stdin: () => Promise<Uint8Array>;
  readonly version: string;
  readonly azure: AzureOverrides;
  /** Receives the log of the Azure SDKs, a line at a time. */
  readonly debug?: (line: string) => void;
}

/** The ports of a scan on this machine: its disk, and Azure or an inventory. */
export function scanPorts(surroundings: ScanSurroundings): ScanPorts {
  const { env, cwd, packageRoot, progress, onNotice, now, signal } = surroundings;
  const filesRead = new Set<string>();
  return {
    files: policyFiles({ packageRoot, cwd }, (path) => filesRead.add(path)),
    checkDestinations: (destinations, { files, sourceRoot }) =>
      checkDestinations(destinations, {
        cwd,
        files: [...files, ...filesRead, ...signInFiles(env)],
        sourceRoot,
      }),
    openSources: (settings, options) => openSources(settings, { ...surroundings, ...options }),
    findAnchors: (request) => scanAnchors(request, { cwd, workflowRef: env['GITHUB_WORKFLOW_REF'], signal }),
    progress,
    onNotice,
    now,
    signal,
  };
}

/** Opens the target that the settings name, and what is to be included. Nothing is read yet. */
async function openSources(
  { target, cloud, requestTimeoutMs }: ScanSettings,
  surroundings: ScanSurroundings & SourceOptions,
): Promise<ScanSources> {
  if (target.kind === 'inventory') return { sources: [await openInventory(target, surroundings)] };
  const { version, azure, debug, ...options } = surroundings;
  let connection: Promise<AzureConnection> | undefined;
  const connect = (): Promise<AzureConnection> =>
    (connection ??= import('../azure/connection.ts').then((module) =>
      module.connect({ ...azure, cloud, version, requestTimeoutMs, debug }),
    ));
  const live = await openLive(target, { ...options, connect });
  const opened = await Promise.all(
    target.include.map((name): Promise<PartSources> => {
      const openPart = partSources[name];
      if (openPart === undefined) throw new Error(`no source is registered for the part ${name}`);
      return openPart(target, { ...options, connect });
    }),
  );
  return {
    sources: [live, ...opened.flatMap(({ sources = [] }) => sources)],
    facts: opened.flatMap(({ facts = [] }) => facts),
  };
}

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
  { cwd, stdin, isUndecided }: ScanSurroundings & SourceOptions,
): Promise<ResourceSource> {
  const { inventorySource } = await import('./inventory/inventory.ts');
  const read = file === '-' ? stdin : () => readFile(resolve(cwd, file));
  return inventorySource({ name: file, read, complete, isUndecided });
}
