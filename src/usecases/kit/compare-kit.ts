import type { Kit, KitDifference, KitChange, KitGap, KitItem, KitPart, KitVault } from '../../model/kit.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { exitCodes } from '../exit-code.ts';
import { type KitPorts, readVaultsForKit } from './read-vaults.ts';
import { digest } from '../../remediation/canonical-json.ts';

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
