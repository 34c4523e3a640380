import { isDeepStrictEqual } from 'node:util';

import { UsageError } from '../../model/errors.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource, SourceEvent, Subscription } from '../../model/source.ts';
import { decodeUnicode } from '../../files/decode-unicode.ts';
import { accountForInventory, type Inventory } from './account.ts';
import { parseDocuments } from './documents.ts';
import { nameRow, readRow } from './read-row.ts';
import type { InventoryRow } from './pages.ts';
import { collectRows } from './rows.ts';
import { describeFileError } from '../../files/file-error.ts';
import { typesReadBy } from '../../resource-types/known-type.ts';
import { hasRows } from '../../resource-types/known-type.ts';
import { readSubscription } from '../rows/subscription-row.ts';

/** An inventory file. `name` is as the user gave it, `-` for standard input; `read` gives its bytes. */
export interface InventoryFile {
  readonly name: string;
  readonly read: () => Promise<Uint8Array> | AsyncIterable<Uint8Array | string>;
  /** True if the user states that a bare list is complete, though it has exactly as many rows as a page of Resource Graph. */
  readonly complete?: boolean;
  /** True where what could not be read of a resource leaves some rule undecided; every gap does when left out. */
  readonly isUndecided?: (resource: Resource) => boolean;
}

/**
 * Resources from a file that someone exported: see `collectRows` for the shapes. What the file says is missing, and
 * vaults that cannot be judged because parts of them are missing or malformed, are gaps; a file that cannot be understood, or that holds one id twice with different
 * content, is a `UsageError`.
 */
export function inventorySource(file: InventoryFile): ResourceSource {
  return {
    name: 'inventory',
    types: typesReadBy('inventory'),
    async *read(signal) {
      const bytes = await readBytes(file, signal);
      if (bytes === undefined) return yield* emitEvents({ name: file.name, ...emptyInventory }, signal);
      const inventory = parseInventory(decodeUnicode(bytes, describe(file.name)), file);
      yield* emitEvents(inventory, signal);
    },
  };
}

const emptyInventory = { resources: [], gapped: [], subscriptions: [], missing: [] };

/** `undefined` when the wait for the bytes was interrupted. */
async function readBytes(file: InventoryFile, signal: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    const read = file.read();
    if (!(Symbol.asyncIterator in read)) return await read;
    const chunks: Uint8Array[] = [];
    for await (const chunk of read) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw new UsageError(
      `Cannot read ${describe(file.name)}: ${describeFileError(error)}.`,
      'Check the path and its permissions.',
    );
  }
}

function parseInventory(text: string, { name, complete, isUndecided }: InventoryFile): Inventory {
  const documents = parseDocuments(text, describe(name));
  const { rows, missing } = collectRows(documents, complete === true);
  const resources = new Map<string, Resource>();
  const subscriptions: Subscription[] = [];
  for (const row of rows) {
    const subscription = readSubscription(row.row);
    if (subscription !== undefined) {
      subscriptions.push(subscription);
      continue;
    }
    const where = `${describe(name)}${documents.length > 1 ? `:${row.line}` : ''}`;
    const resource = readRow(row, where);
    const known = resources.get(resource.id.toLowerCase());
    if (known !== undefined && !isSame(known, resource)) throw twice(resource, row, where);
    if (known === undefined) resources.set(resource.id.toLowerCase(), resource);
  }
  const read = [...resources.values()];
  const gapped = read.filter(
    (resource) => resource.gaps.length > 0 && hasRows(resource.type) && (isUndecided?.(resource) ?? true),
  );
  return { name, resources: read, gapped, subscriptions, missing };
}

function twice(resource: Resource, row: InventoryRow, where: string): UsageError {
  return new UsageError(
    `${where}  ${nameRow(row)} repeats ${resource.id} with different content`,
    'Keep only one of them: purgeproof cannot tell which one is current.',
  );
}

/** Ids are compared in any letter case; everything else must be the same. */
function isSame(one: Resource, other: Resource): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other));
}

function contentOf({ body, gaps }: Resource): unknown {
  return [{ ...body, id: '', name: '', resourceGroup: '' }, gaps];
}

function* emitEvents(inventory: Inventory, signal: AbortSignal): Generator<SourceEvent> {
  const { scope, subscriptions } = accountForInventory(inventory, false);
  yield { kind: 'scope', scope, subscriptions };
  const interrupted = signal.aborted;
  const { unreadable, coverage } = accountForInventory(inventory, interrupted);
  for (const entry of unreadable) yield { kind: 'unreadable', entry };
  if (!interrupted) yield { kind: 'resources', resources: inventory.resources };
  yield { kind: 'coverage', coverage };
}

function describe(name: string): string {
  return name === '-' ? 'standard input' : name;
}
