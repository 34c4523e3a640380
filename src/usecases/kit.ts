import pMap from 'p-map';
import type { VaultReader } from '../model/arm-ports.ts';
import type { Cloud } from '../model/cloud.ts';
import { AzureError, UsageError } from '../model/errors.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import {
  type Kit,
  type KitChange,
  type KitDifference,
  type KitGap,
  type KitItem,
  type KitPart,
  type KitPartName,
  type KitReader,
  type KitVault,
  type KitVaultAddress,
  isListedPart,
  kitPartWords,
  type ListedPart,
} from '../model/kit.ts';
import type { Tool } from '../model/tool.ts';
import { digest } from '../remediation/canonical-json.ts';
import { explainRefusal } from '../remediation/explain-refusal.ts';
import { inOrder, itemsInBody, toKitItem } from '../remediation/kit/items.ts';
import { isWhole, kitVault, partsOfType } from '../remediation/kit/kit-file.ts';
import { knownType } from '../resource-types/known-type.ts';
import { exitCodes } from './exit-code.ts';

/** Inputs and ports of making a kit. */
export interface KitRequest extends KitPorts {
  readonly tool: Tool;
  readonly cloud: Cloud;
  readonly chosen: readonly KitVaultAddress[];
  readonly now: Date;
}

/**
 * Reads a kit from live vaults. Throws UsageError for a vault that is not there, or of which nothing at all could be read;
 * anything less is a part of the kit that says so.
 */
export async function makeKit({ tool, cloud, chosen, now, ...ports }: KitRequest): Promise<Kit> {
  const read = await readVaultsForKit(chosen, ports);
  const vaults = read.map((vault, index) => {
    const { id = '', type = '' } = chosen[index] ?? {};
    if (vault === undefined)
      throw new UsageError(
        `There is no ${knownType(type)?.words.one ?? type} ${id}.`,
        'A kit is written of what is still there. If it was deleted: `purgeproof deleted list`',
      );
    const [first, ...others] = vault.parts;
    if (first?.state === 'notRead' && others.every(({ state }) => state === 'notRead'))
      throw new UsageError(`Nothing of ${id} could be read. ${first.reason}`, first.hint);
    return vault;
  });
  const complete = isWhole({ vaults });
  return { schemaVersion: '1.0', tool, createdAt: now.toISOString(), cloud, complete, vaults };
}

/** 0 the kit holds everything, 3 something could not be read, and is named in it. */
export function kitExitCode({ complete }: Kit): number {
  return complete ? exitCodes.clean : exitCodes.incomplete;
}

/** Compares a kit with its vaults as ARM has them now. What cannot be read on either side is in `unreadable`. */
export async function compareKit(
  kit: Kit,
  { now, ...ports }: KitPorts & { readonly now: Date },
): Promise<KitDifference> {
  const today = await readVaultsForKit(kit.vaults, ports);
  const gone = kit.vaults.filter((_, index) => today[index] === undefined).map(({ id }) => id);
  const compared = kit.vaults.flatMap((vault, index) => {
    const found = today[index];
    return found === undefined ? [] : [compareVaults(vault, found)];
  });
  const unreadable = compared.flatMap((one) => one.unreadable);
  return {
    schemaVersion: '1.0',
    createdAt: kit.createdAt,
    comparedAt: now.toISOString(),
    complete: unreadable.length === 0,
    gone,
    changes: compared.flatMap((one) => one.changes),
    unreadable,
  };
}

/** 0 the same, 1 something differs, 3 something could not be read. */
export function kitDifferenceExitCode({ complete, gone, changes }: KitDifference): number {
  if (!complete) return exitCodes.incomplete;
  return gone.length + changes.length > 0 ? exitCodes.findings : exitCodes.clean;
}

/** The differences between two readings of one vault, and the parts that one of them does not know. */
interface VaultDifference {
  readonly changes: readonly KitChange[];
  readonly unreadable: readonly KitGap[];
}

/** Compares a vault of a kit with the vault today. What one side did not read is a gap: never gone, never new. */
function compareVaults(before: KitVault, now: KitVault): VaultDifference {
  const changes: KitChange[] = [];
  const unreadable: KitGap[] = [];
  for (const part of before.parts) {
    const today = now.parts.find(({ name }) => name === part.name);
    if (today === undefined) continue;
    const gaps = [...gapIn(part, 'kit', before.id), ...gapIn(today, 'now', before.id)];
    unreadable.push(...gaps);
    if (part.state !== 'read' || today.state !== 'read') continue;
    for (const change of changesBetween(part.items, today.items))
      changes.push({ vaultId: before.id, part: part.name, ...change });
  }
  return { changes, unreadable };
}

function gapIn(part: KitPart, side: KitGap['side'], vaultId: string): readonly KitGap[] {
  if (part.state === 'read') return [];
  const { name, reason, hint } = part;
  return [{ vaultId, part: name, side, reason, hint }];
}

type ItemChange = Pick<KitChange, 'change' | 'item'>;

function* changesBetween(before: readonly KitItem[], now: readonly KitItem[]): Iterable<ItemChange> {
  const today = new Map(now.map((item) => [item.id.toLowerCase(), item]));
  for (const item of before) {
    const found = today.get(item.id.toLowerCase());
    if (found === undefined) yield { change: 'removed', item: named(item) };
    else if (fingerprint(found) !== fingerprint(item)) yield { change: 'changed', item: named(item) };
  }
  const known = new Set(before.map(({ id }) => id.toLowerCase()));
  for (const item of now) if (!known.has(item.id.toLowerCase())) yield { change: 'added', item: named(item) };
}

function named({ id, name }: KitItem): KitChange['item'] {
  return { id, name };
}

function fingerprint({ properties }: KitItem): string {
  return digest(normal(properties));
}

/** Azure gives lists in any order, ids in any letter case, and now and then null for what is not set. */
function normal(value: Json): Json {
  if (typeof value === 'string') return value.startsWith('/') ? value.toLowerCase() : value;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => normal(item));
    return items.toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1));
  }
  if (!isJsonObject(value)) return value;
  const set = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(set.map(([name, member]) => [name, normal(member ?? null)]));
}

/** The places that a kit is read from. */
export interface KitPorts {
  readonly vaults: VaultReader;
  readonly reader: KitReader;
  readonly signal: AbortSignal;
}

/** Vaults that are read at a time. */
const concurrency = 4;

/** A vault with everything around it; `undefined` for one that ARM says is not there. */
type CurrentVault = KitVault | undefined;

/** Reads vaults and everything around them. What Azure refuses becomes a part that was not read. Throws without a sign-in. */
async function readVaultsForKit(
  vaults: readonly KitVaultAddress[],
  ports: KitPorts,
): Promise<readonly CurrentVault[]> {
  return pMap(vaults, async (vault) => readOne(vault, ports), { concurrency });
}

async function readOne(vault: KitVaultAddress, ports: KitPorts): Promise<CurrentVault> {
  const inBody = await partsInBody(vault, ports);
  if (inBody === undefined) return undefined;
  const listed = await Promise.all(
    partsOfType(vault.type)
      .filter(isListedPart)
      .map(async (part) => listPart(vault, part, ports)),
  );
  return kitVault(vault, [...inBody, ...listed]);
}

async function partsInBody(
  vault: KitVaultAddress,
  { vaults, signal }: KitPorts,
): Promise<readonly KitPart[] | undefined> {
  const read = await vaults.readVault(vault, signal);
  signal.throwIfAborted();
  if (read.kind === 'notFound') return undefined;
  const names = partsOfType(vault.type).filter((name) => !isListedPart(name));
  if (read.kind === 'failed') {
    const { cause, hint } = explainRefusal(read.refusal, vault, 'read');
    return names.map((name) => ({ name, state: 'notRead', reason: sentence(cause), hint }));
  }
  const items = itemsInBody(read.resource);
  return names.map((name) => {
    const found = items.get(name);
    return found === undefined ? malformed(name) : { name, state: 'read', items: found };
  });
}

function malformed(name: KitPartName): KitPart {
  const reason = `Its ${kitPartWords[name]} are in a form that Azure never writes.`;
  return { name, state: 'notRead', reason, hint: 'Something between here and Azure may rewrite answers.' };
}

async function listPart(
  vault: KitVaultAddress,
  name: ListedPart,
  { reader, signal }: KitPorts,
): Promise<KitPart> {
  try {
    const rows = await reader.list(vault, name, signal);
    const items = rows.flatMap((row) => toKitItem(row, name, vault.id) ?? []);
    return { name, state: 'read', items: inOrder(items) };
  } catch (error) {
    if (!(error instanceof AzureError) || error.operation === 'sign in') throw error;
    return { name, state: 'notRead', reason: sentence(error.message), hint: error.hint };
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
