import { UsageError } from '../../model/errors.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource } from '../../model/source.ts';
import { asUtf8 } from '../../files/decode-unicode.ts';
import { describeFileError } from '../../files/file-error.ts';
import { hasRows, typesReadBy } from '../../resource-types/known-type.ts';
import { readSubscription } from '../rows/subscription-row.ts';
import { type InventoryAccount, inventoryLedger } from './account.ts';
import { documentStream } from './documents.ts';
import { knownIds } from './known-ids.ts';
import { type InventoryRow, mayHoldRows, pagesOf } from './pages.ts';
import { standardInput } from './refused-formats/row-formats.ts';
import { nameRow, readRow } from './read-row.ts';
import { type PageSequence, pageSequence } from './rows.ts';
import type { StreamedValue } from './stream-values.ts';

/** An inventory file. `name` is as the user gave it, `-` for standard input; `read` gives its bytes. */
export interface InventoryFile {
  readonly name: string;
  readonly read: () => Promise<Uint8Array> | AsyncIterable<Uint8Array | string>;
  /** True where it gives the same bytes each time. */
  readonly isRepeatable?: boolean;
  /** True if the user states that a bare list is complete, though it has exactly as many rows as a page of Resource Graph. */
  readonly complete?: boolean;
  /** True where what could not be read of a resource leaves some rule undecided; every gap does when left out. */
  readonly isUndecided?: (resource: Resource) => boolean;
  /** An object of more bytes is not held whole, where it is a page with rows. */
  readonly mostHeld?: number;
}

/**
 * Resources from a file that someone exported, a chunk of it at a time: see `pageSequence` for the shapes. What the file
 * says is missing, and vaults that cannot be judged because parts of them are missing or malformed, are gaps; a file that
 * cannot be understood, or that holds one id twice with different content, is a `UsageError`, which comes last where it is
 * in a row.
 */
export function inventorySource(file: InventoryFile): ResourceSource {
  return {
    name: 'inventory',
    types: typesReadBy('inventory'),
    async *read(signal) {
      const scope = {
        subscriptions: [],
        managementGroups: [],
        inventory: file.name,
        ...(file.complete === true ? { inventoryComplete: true as const } : {}),
      };
      yield { kind: 'scope', scope, subscriptions: [] };
      const reading = beginReading(file, signal, file.isRepeatable === true);
      for await (const resources of reading.read()) yield { kind: 'resources', resources };
      const account = reading.isUnclear() ? await readAgain(file, signal) : reading.end();
      const { subscriptions, unreadable, coverage } = account;
      yield { kind: 'subscriptions', subscriptions };
      for (const entry of unreadable) yield { kind: 'unreadable', entry };
      yield { kind: 'coverage', coverage };
    },
  };
}

/** Reads a file that holds an id twice, written in two ways, with what each row says compared. */
async function readAgain(file: InventoryFile, signal: AbortSignal): Promise<InventoryAccount> {
  const reading = beginReading(file, signal, false);
  const resources = reading.read();
  while ((await resources.next()).done !== true);
  return reading.end();
}

/** Ends early where the wait for the bytes is interrupted. */
async function* readChunks(file: InventoryFile, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    if (signal.aborted) return;
    const read = file.read();
    if (!(Symbol.asyncIterator in read)) yield await read;
    else for await (const chunk of read) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (error) {
    if (signal.aborted) return;
    throw new UsageError(
      `Cannot read ${describe(file.name)}: ${describeFileError(error)}.`,
      'Check the path and its permissions.',
    );
  }
}

interface Reading {
  /** The resources, a few at a time, each once; none after a row that cannot be read. */
  read(): AsyncGenerator<readonly Resource[]>;
  /** True where two rows have one id, and it is not known whether they say the same. */
  isUnclear(): boolean;
  /** Throws `UsageError` for what was wrong. */
  end(): InventoryAccount;
}

/** `isHashed`: rows of one id are compared as they are written, which takes a tenth of the time. */
function beginReading(file: InventoryFile, signal: AbortSignal, isHashed: boolean): Reading {
  const { name, complete = false, isUndecided = () => true, mostHeld } = file;
  const chunks = asUtf8(readChunks(file, signal), describe(name));
  const documents = documentStream(chunks, describe(name), { mostHeld, isHashed });
  const ids = knownIds();
  const pages = pageSequence(ids, complete);
  const ledger = inventoryLedger(name);
  /** Throws for the first row that is refused: at the end, since what is wrong with the file as a whole is told first. */
  let refuse: (() => unknown) | undefined;
  let isUnclear = false;

  function placeOf({ line }: InventoryRow): string {
    return documents.documents() > 1 ? `${describe(name)}:${line}` : describe(name);
  }

  /** The resource of a row; `undefined` where there is none, or where it is there already. */
  function read(row: InventoryRow): Resource | undefined {
    const subscription = readSubscription(row.row);
    if (subscription !== undefined) {
      ledger.addSubscription(subscription);
      return undefined;
    }
    const resource = tryReadRow(row);
    if (resource === undefined) {
      refuse = () => readRow(row, placeOf(row));
      return undefined;
    }
    const known = ids.names(resource, row.written);
    isUnclear ||= known === 'unclear';
    if (known === 'different') refuse = () => refuseTwice(resource, row, placeOf(row));
    if (known !== 'new') return undefined;
    const isGapped = resource.gaps.length > 0 && hasRows(resource.type) && isUndecided(resource);
    ledger.addResource(resource, isGapped);
    return resource;
  }

  function* take(values: Iterable<StreamedValue>): Generator<readonly Resource[]> {
    let resources: Resource[] = [];
    for (const value of values) {
      if (refuse !== undefined) continue;
      for (const row of accountFor(value, pages)) {
        const resource = refuse === undefined ? read(row) : undefined;
        if (resource !== undefined) resources.push(resource);
      }
      if (resources.length < together) continue;
      yield resources;
      resources = [];
    }
    if (resources.length > 0) yield resources;
  }

  return {
    async *read() {
      for await (const values of documents.read()) {
        if (signal.aborted) break;
        yield* take(values);
      }
    },
    isUnclear: () => isUnclear && !signal.aborted,
    end() {
      documents.refuseRepeatedKeys();
      refuse?.();
      return ledger.close(pages.missing(), signal.aborted);
    },
  };
}

/** Resources are let go as soon as they are judged: what is young when memory is cleaned up costs nothing. */
const together = 32;

/** Accounts for the pages that a value is or ends, and returns their rows. */
function accountFor(streamed: StreamedValue, pages: PageSequence): readonly InventoryRow[] {
  const { kind, value, place, list, levels, written } = streamed;
  if (kind === 'row') {
    pages.row(value);
    return [{ row: value, path: place.path, line: place.line, levels, written }];
  }
  if (!mayHoldRows(value)) {
    pages.single(list);
    return [{ row: value, path: place.path, line: place.line, levels, written }];
  }
  const found = pagesOf(value, place, list);
  // The rows of a page that was not held whole came before it.
  for (const page of kind === 'page' ? found.toReversed() : found) pages.end(page);
  return found.flatMap(({ rows }) => rows);
}

function tryReadRow(row: InventoryRow): Resource | undefined {
  try {
    return readRow(row, '');
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function refuseTwice(resource: Resource, row: InventoryRow, where: string): never {
  throw new UsageError(
    `${where}  ${nameRow(row)} repeats ${resource.id} with different content`,
    'Keep only one of them: purgeproof cannot tell which one is current.',
  );
}

function describe(name: string): string {
  return name === '-' ? standardInput : name;
}
