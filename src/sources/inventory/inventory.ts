import { isDeepStrictEqual } from 'node:util';

import { UsageError } from '../../model/errors.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';
import type { ResourceSource, SourceEvent, Subscription } from '../../model/source.ts';
import { decodeUnicode } from '../files/encoding.ts';
import { accountForInventory, type Inventory } from './account.ts';
import { collectRows, type InventoryRow } from './rows.ts';
import { parseJsonText } from './json-text.ts';
import { whyUnreadable } from '../../files/read-failure.ts';
import { isRowProblem, toResource } from '../rows/resource.ts';
import { readSubscription } from '../rows/subscription-row.ts';

/** An inventory file. `name` is as the user gave it, `-` for standard input; `read` gives its bytes. */
export interface InventoryFile {
  readonly name: string;
  readonly read: () => Promise<Uint8Array> | AsyncIterable<Uint8Array | string>;
}

/**
 * Resources from a file that someone exported: see `collectRows` for the shapes. What the file says is missing, and
 * vaults without properties, are gaps; a file that cannot be understood, or that holds one id twice with different
 * content, is a `UsageError`.
 */
export function inventorySource(file: InventoryFile): ResourceSource {
  return {
    async *read(signal) {
      const bytes = await readBytes(file, signal);
      if (bytes === undefined) return yield* tell({ name: file.name, ...nothing }, signal);
      const inventory = parseInventory(decodeUnicode(bytes, describe(file.name)), file.name);
      yield* tell(inventory, signal);
    },
  };
}

const nothing = { resources: [], subscriptions: [], missing: [] };

/** `undefined` when the wait for the bytes was broken off. */
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
      `Cannot read ${describe(file.name)}: ${whyUnreadable(error)}.`,
      'Check the path and its permissions.',
    );
  }
}

function parseInventory(text: string, name: string): Inventory {
  const { form, documents } = parseJsonText(text, describe(name));
  const { rows, missing } = collectRows(documents);
  const resources = new Map<string, Resource>();
  const subscriptions: Subscription[] = [];
  for (const row of rows) {
    const subscription = readSubscription(row.row);
    if (subscription !== undefined) {
      subscriptions.push(subscription);
      continue;
    }
    const where = `${describe(name)}${form === 'ndjson' ? `:${row.line}` : ''}`;
    const resource = readRow(row, where);
    const known = resources.get(resource.id.toLowerCase());
    if (known !== undefined && !isSame(known, resource)) throw twice(resource, row, where);
    if (known === undefined) resources.set(resource.id.toLowerCase(), resource);
  }
  return { name, resources: [...resources.values()], subscriptions, missing };
}

function readRow(row: InventoryRow, where: string): Resource {
  if (isJsonObject(row.row) && isDeeperThan(row.row, mostLevels)) {
    throw new UsageError(
      `${where}  ${nameRow(row)} is nested more than ${mostLevels} levels deep`,
      shapeHint,
    );
  }
  const read = toResource(row.row);
  if (!isRowProblem(read)) return read;
  const id = read.id === '' ? '' : ` (${read.id})`;
  throw new UsageError(`${where}  ${nameRow(row)} ${read.problem}${id}`, shapeHint);
}

/** No resource of Azure comes near; deeper values would exhaust the stack of whatever walks them. */
const mostLevels = 100;

function isDeeperThan(value: Json | undefined, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}

const shapeHint =
  'An inventory holds Azure resources with at least id, name, type and properties: az graph query, az keyvault show, or ARM.';

function twice(resource: Resource, row: InventoryRow, where: string): UsageError {
  return new UsageError(
    `${where}  ${nameRow(row)} repeats ${resource.id} with different content`,
    'Keep only one of them: purgeproof cannot tell which one is current.',
  );
}

function nameRow({ path }: InventoryRow): string {
  return path === '' ? 'the document' : path;
}

/** Ids are equal whatever their letter case; everything else must be the same. */
function isSame(one: Resource, other: Resource): boolean {
  return isDeepStrictEqual(contentOf(one), contentOf(other));
}

function contentOf({ body, gaps }: Resource): unknown {
  return [{ ...body, id: '', name: '', resourceGroup: '' }, gaps];
}

function* tell(inventory: Inventory, signal: AbortSignal): Generator<SourceEvent> {
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
