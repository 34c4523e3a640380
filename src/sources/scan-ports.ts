import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { AzureConnection, AzureOverrides, ConnectOptions } from '../azure/connection.ts';
import { signInFiles } from '../azure/sign-in/files.ts';
import { checkDestinations } from '../files/destinations/check.ts';
import { policyFiles } from '../files/policy-files.ts';
import type { Identity } from '../model/identity.ts';
import type { AzureExemptionSource, ResourceSource, ScanSources } from '../model/source.ts';
import type { CodeTarget, InventoryTarget, LiveTarget } from '../model/target.ts';
import type { Anchoring, AnchorRequest } from '../model/anchors.ts';
import { typesReadBy } from '../resource-types/known-type.ts';
import type { ScanPorts, SourceOptions } from '../usecases/scan/ports.ts';
import type { ScanSettings } from '../usecases/settings/scan-settings.ts';
import type { LiveOptions } from './live.ts';
import { type OpenOptions, partSources, type PartSources } from './parts.ts';
import { fallbackAnchors, workflowFileIn } from '../usecases/anchors.ts';
import { checkoutOf, isFitForCodeScanning, relativeInCheckout } from '../files/checkout/checkout.ts';

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
  readonly debug?: ConnectOptions['debug'];
  /** Receives a line for each request. */
  readonly onExchange?: ConnectOptions['onExchange'];
}

/** The ports of a scan on this machine: its disk, and Azure or an inventory. */
export function scanPorts(surroundings: ScanSurroundings): ScanPorts {
  const { env, cwd, packageRoot, progress, onNotice, now, signal } = surroundings;
  const filesRead = new Set<string>();
  let connection: Promise<AzureConnection> | undefined;
  let identity: Identity | undefined;
  const onSignedIn = (one: Identity): void => {
    identity = one;
    progress.show({ kind: 'findScope' });
  };
  const connect = (settings: ScanSettings): Promise<AzureConnection> =>
    (connection ??= connectTo(settings, { ...surroundings, onSignedIn }));
  return {
    files: policyFiles({ packageRoot, cwd }, (path) => filesRead.add(path)),
    checkDestinations: (destinations, { files, sourceRoot }) =>
      checkDestinations(destinations, {
        cwd,
        files: [...files, ...filesRead, ...signInFiles(env)],
        sourceRoot,
      }),
    beginSignIn(settings, until) {
      const { target } = settings;
      const isRead = target.kind === 'live' || ('deployed' in target && target.deployed !== undefined);
      if (!isRead) return;
      progress.show({ kind: 'signIn' });
      // What fails here fails again where the connection is used.
      connect(settings).then(
        (opened) => opened.beginSignIn(until),
        () => undefined,
      );
    },
    openSources: (settings, options) =>
      openSources(settings, {
        ...surroundings,
        ...options,
        connect: () => connect(settings),
        identity: () => identity,
      }),
    async openArchive(folder) {
      const { openArchiveToAdd } = await import('../files/archive/scan-archive.ts');
      return openArchiveToAdd({ folder, cwd });
    },
    findAnchors: (request) => scanAnchors(request, surroundings),
    progress,
    onNotice,
    now,
    signal,
  };
}

/** The way into Azure that all sources of a scan share. */
async function connectTo(
  { cloud, tenantId, requestTimeoutMs, vaultTimeoutMs }: ScanSettings,
  {
    version,
    azure,
    debug,
    onExchange,
    onSignedIn,
  }: ScanSurroundings & { readonly onSignedIn: (identity: Identity) => void },
): Promise<AzureConnection> {
  // The SDKs take longest to load: a scan of an inventory must not wait for them.
  const { connect } = await import('../azure/connect.ts');
  return connect({
    ...azure,
    cloud,
    tenantId,
    version,
    requestTimeoutMs,
    vaultTimeoutMs,
    debug,
    onExchange,
    onSignedIn,
  });
}

/** Opens the target that the settings name, and what is to be included. Nothing is read yet. */
async function openSources(
  { target, azureExemptions }: ScanSettings,
  options: ScanSurroundings &
    SourceOptions &
    Pick<OpenOptions, 'connect'> & { readonly identity: () => Identity | undefined },
): Promise<ScanSources> {
  if (target.kind === 'inventory') return { sources: [await openInventory(target, options)] };
  if (target.kind === 'archive') throw new Error('what is archived is opened by who reads the archive');
  if (target.kind !== 'live') return { sources: [await openCode(target, options)] };
  const { connect } = options;
  const among = options.filter === undefined ? {} : { filter: options.filter };
  const live = await openLive(target, options);
  const openEvery: OpenOptions['openEvery'] = async (types, subscriptions) =>
    openRows({ connect }, { subscriptions, managementGroups: [], query: { types, ...among } });
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
    ...(azureExemptions ? { azureExemptions: await openAzureExemptions(options) } : {}),
    identity: options.identity,
    letRequestsPass: setImmediate,
  };
}

async function openAzureExemptions({ connect }: Pick<OpenOptions, 'connect'>): Promise<AzureExemptionSource> {
  const [connection, { azureExemptionSource }] = await Promise.all([
    connect(),
    import('./azure-exemptions.ts'),
  ]);
  return azureExemptionSource(connection);
}

async function openLive(
  { subscriptions, managementGroups }: LiveTarget,
  { connect, isUndecided, pushedDown, filter, ...others }: SourceOptions & Pick<OpenOptions, 'connect'>,
): Promise<ResourceSource> {
  const { judgedTypes, subscriptionNames, onProgress } = others;
  const types = typesReadBy('live');
  const query = {
    types,
    isUndecided,
    ...(pushedDown === undefined ? {} : { pushedDown }),
    ...(filter === undefined ? {} : { filter }),
  };
  const named = { subscriptions, managementGroups };
  return openRows({ connect }, { ...named, query, judgedTypes, subscriptionNames, onProgress });
}

async function openRows(
  { connect }: Pick<OpenOptions, 'connect'>,
  options: Omit<LiveOptions, 'connection'>,
): Promise<ResourceSource> {
  const [connection, { liveSource }] = await Promise.all([connect(), import('./live.ts')]);
  return liveSource({ ...options, connection });
}

async function openInventory(
  { file, complete }: InventoryTarget,
  { cwd, stdin, isUndecided, progress }: ScanSurroundings & SourceOptions,
): Promise<ResourceSource> {
  const { inventorySource } = await import('./inventory/inventory.ts');
  const show = (bytes: number, totalBytes?: number): void =>
    progress.show({ kind: 'inventory', file, bytes, ...(totalBytes === undefined ? {} : { totalBytes }) });
  if (file === '-') {
    const read = () => watched(stdin(), show);
    return inventorySource({ name: file, read, complete, isUndecided });
  }
  const path = resolve(cwd, file);
  // What is not there, reading it will tell.
  const there = await stat(path).catch(() => undefined);
  const isRepeatable = there?.isFile() === true;
  const size = isRepeatable ? there.size : undefined;
  const read = () => counted(readChunks(path), (bytes) => show(bytes, size));
  return inventorySource({ name: file, read, isRepeatable, complete, isUndecided });
}

async function openCode(target: CodeTarget, { cwd, progress }: ScanSurroundings): Promise<ResourceSource> {
  const [{ codeSource }, { readCode }] = await Promise.all([
    import('./undeployed/code-source.ts'),
    import('./undeployed/read-code.ts'),
  ]);
  return codeSource({
    target,
    read: async (signal) => {
      progress.show({ kind: 'code' });
      return readCode(target, { cwd, signal });
    },
  });
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

/** Input that comes in chunks is counted; what comes at once is there already. */
function watched(input: ReturnType<ScanSurroundings['stdin']>, onRead: (bytes: number) => void) {
  return Symbol.asyncIterator in input ? counted(input, onRead) : input;
}

/** The same chunks; `onRead` gets how much there was so far. */
async function* counted<Chunk extends Uint8Array | string>(
  chunks: AsyncIterable<Chunk>,
  onRead: (bytes: number) => void,
): AsyncGenerator<Chunk> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    onRead(bytes);
    yield chunk;
  }
}

/**
 * Finds where code scanning shows each finding: the infrastructure code that declares its resource, else the fallback
 * files. Every path is relative to the root of the checkout that holds `sourceRoot`. A problem with infrastructure
 * code becomes a note and is never thrown: the reports of a finished scan do not depend on it. An aborted search shows no
 * finding in infrastructure code.
 */
async function scanAnchors(
  request: AnchorRequest,
  { cwd, env, signal, progress }: ScanSurroundings,
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
  const declared = findings.filter(({ declaredAt }) => declaredAt !== undefined);
  if (declared.length > 0) return { anchor: declaredOr(fallback), notes: [] };
  if (sourceRoot === undefined || findings.length === 0) return { anchor: fallback, notes: [] };
  progress.show({ kind: 'code' });
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

/** The place of the declaration that was read, where code scanning can show it. */
function declaredOr(fallback: Anchoring['anchor']): Anchoring['anchor'] {
  return (finding) => {
    const { declaredAt } = finding;
    return declaredAt !== undefined && isFitForCodeScanning(declaredAt.file) ? declaredAt : fallback(finding);
  };
}

const interruptedNote = 'Interrupted: no finding is shown in infrastructure code.';
