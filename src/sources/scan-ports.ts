import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AzureConnection, AzureOverrides } from '../azure/connection.ts';
import { signInFiles } from '../azure/sign-in/files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { policyFiles } from '../files/policy-files.ts';
import type { ResourceSource, ScanSources } from '../model/source.ts';
import type { InventoryTarget, LiveTarget } from '../model/target.ts';
import type { Anchoring, AnchorRequest } from '../model/anchors.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import type { ScanPorts, SourceOptions } from '../usecases/scan/ports.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import type { LiveOptions } from './live.ts';
import { type OpenOptions, partSources, type PartSources } from './parts.ts';
import { fallbackAnchors, workflowFileIn } from '../usecases/anchors.ts';
import { checkoutOf, relativeInCheckout } from '../files/checkout/checkout.ts';

/** The surroundings of the process, and the ports that a command line and a workflow step fill differently. */
export interface ScanSurroundings extends Pick<ScanPorts, 'progress' | 'onNotice' | 'now' | 'signal'> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder that paths are taken from. */
  readonly cwd: string;
  /** The folder that holds `policies/`. */
  readonly packageRoot: string;
  readonly stdin: () => Promise<Uint8Array> | AsyncIterable<Uint8Array | string>;
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
    findAnchors: (request) => scanAnchors(request, surroundings),
    progress,
    onNotice,
    now,
    signal,
  };
}

/** Opens the target that the settings name, and what is to be included. Nothing is read yet. */
async function openSources(
  { target, cloud, requestTimeoutMs, vaultTimeoutMs }: ScanSettings,
  surroundings: ScanSurroundings & SourceOptions,
): Promise<ScanSources> {
  if (target.kind === 'inventory') return { sources: [await openInventory(target, surroundings)] };
  const { version, azure, debug, ...others } = surroundings;
  let connection: Promise<AzureConnection> | undefined;
  const connect = (): Promise<AzureConnection> =>
    (connection ??= import('../azure/connection.ts').then((module) =>
      module.connect({ ...azure, cloud, version, requestTimeoutMs, vaultTimeoutMs, debug }),
    ));
  const options = { ...others, connect };
  const live = await openLive(target, options);
  const openEvery: OpenOptions['openEvery'] = async (types, subscriptions) =>
    openRows({ connect }, { subscriptions, managementGroups: [], query: { types } });
  const opened = await Promise.all(
    target.include.map((name): Promise<PartSources> => {
      const openPart = partSources[name];
      if (openPart === undefined) throw new Error(`no source is registered for the part ${name}`);
      return openPart(target, { ...options, openEvery });
    }),
  );
  return {
    sources: [live, ...opened.flatMap(({ sources = [] }) => sources)],
    facts: opened.flatMap(({ facts = [] }) => facts),
  };
}

async function openLive(
  { subscriptions, managementGroups }: LiveTarget,
  { connect, isUndecided, pushedDown, ...others }: SourceOptions & Pick<OpenOptions, 'connect'>,
): Promise<ResourceSource> {
  const { judgedTypes, subscriptionNames, onProgress } = others;
  const types = typesReadBy('live');
  const query = { types, isUndecided, ...(pushedDown === undefined ? {} : { pushedDown }) };
  const named = { subscriptions, managementGroups };
  return openRows({ connect }, { ...named, query, judgedTypes, subscriptionNames, onProgress });
}

async function openRows(
  { connect }: Pick<OpenOptions, 'connect'>,
  options: Omit<LiveOptions, 'connection'>,
): Promise<ResourceSource> {
  // The SDKs take most of a second to load: a scan of an inventory must not wait for them.
  const [connection, { liveSource }] = await Promise.all([connect(), import('./live.ts')]);
  return liveSource({ ...options, connection });
}

async function openInventory(
  { file, complete }: InventoryTarget,
  { cwd, stdin, isUndecided }: ScanSurroundings & SourceOptions,
): Promise<ResourceSource> {
  const { inventorySource } = await import('./inventory/inventory.ts');
  const read = file === '-' ? stdin : () => readChunks(resolve(cwd, file));
  return inventorySource({ name: file, read, complete, isUndecided });
}

/** Reads a file in chunks that are all in one place: each is gone when the next is asked for. */
async function* readChunks(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      const { bytesRead } = await file.read(buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

const chunkBytes = 256 * 1024;

/**
 * Finds where code scanning shows each finding: the infrastructure code that declares its resource, else the fallback
 * files. Every path is relative to the root of the checkout that holds `sourceRoot`. A problem with infrastructure
 * code becomes a note and is never thrown: the reports of a finished scan do not depend on it. An aborted search shows no
 * finding in infrastructure code.
 */
async function scanAnchors(
  request: AnchorRequest,
  { cwd, env, signal }: ScanSurroundings,
): Promise<Anchoring> {
  const { findings, resources, rules, sourceRoot, configFile } = request;
  const root = await checkoutOf(sourceRoot === undefined ? cwd : resolve(cwd, sourceRoot));
  const workflowFile = workflowFileIn(env['GITHUB_WORKFLOW_REF']);
  const inCheckout = (file: string): Promise<string | undefined> =>
    relativeInCheckout(root, resolve(cwd, file));
  const fallback = await fallbackAnchors(rules, {
    inCheckout,
    ...(configFile === undefined ? {} : { configFile }),
    ...(workflowFile === undefined ? {} : { workflowFile }),
    written: request.written,
  });
  if (sourceRoot === undefined || findings.length === 0) return { anchor: fallback, notes: [] };
  const written = new Set(await Promise.all(request.written.map(inCheckout)));
  const unanchored = (note: string): Anchoring => ({ anchor: fallback, notes: [note] });
  try {
    // A scan without infrastructure code must not wait for what reads it.
    const { codeAnchors } = await import('../files/checkout/code-anchors.ts');
    const code = { sourceRoot: resolve(cwd, sourceRoot), checkout: root, written };
    return (
      (await codeAnchors({ findings, resources, code, fallback, signal })) ?? unanchored(interruptedNote)
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unanchored(`No finding is shown in infrastructure code, which could not be read: ${reason}`);
  }
}

const interruptedNote = 'Interrupted: no finding is shown in infrastructure code.';
