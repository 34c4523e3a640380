import pMap from 'p-map';
import type { VaultReader } from '../../model/arm-ports.ts';
import { AzureError } from '../../model/errors.ts';
import {
  type KitPart,
  type KitPartName,
  type KitReader,
  type KitVault,
  type KitVaultAddress,
  isListedPart,
  kitPartWords,
  type ListedPart,
} from '../../model/kit.ts';
import { explainRefusal } from '../../remediation/explain-refusal.ts';
import { kitVault, partsOfType } from '../../remediation/kit/kit-file.ts';
import { inOrder, itemsInBody, toKitItem } from '../../remediation/kit/items.ts';

/** The places that a kit is read from. */
export interface KitPorts {
  readonly vaults: VaultReader;
  readonly reader: KitReader;
  readonly signal: AbortSignal;
}

/** Vaults that are read at a time. */
const concurrency = 4;

/** A vault with everything around it; `undefined` for one that ARM says is not there. */
export type VaultToday = KitVault | undefined;

/** Reads vaults and everything around them. What Azure refuses becomes a part that was not read. Throws without a sign-in. */
export async function readVaultsForKit(
  vaults: readonly KitVaultAddress[],
  ports: KitPorts,
): Promise<readonly VaultToday[]> {
  return pMap(vaults, async (vault) => readOne(vault, ports), { concurrency });
}

async function readOne(vault: KitVaultAddress, ports: KitPorts): Promise<VaultToday> {
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
  const reason = `The ${kitPartWords[name]} of the vault are in a form that Azure never writes.`;
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
