import type { Cloud } from '../../model/cloud.ts';
import { UsageError } from '../../model/errors.ts';
import type { Kit, KitVaultAddress } from '../../model/kit.ts';
import type { Tool } from '../../model/tool.ts';
import { isWhole } from '../../remediation/kit/kit-file.ts';
import { exitCodes } from '../exit-code.ts';
import { type KitPorts, readVaultsForKit } from './read-vaults.ts';
import { didYouMean } from '../../documents/suggestions.ts';
import { knownType } from '../../resource-types/known-type.ts';

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
    const id = chosen[index]?.id ?? '';
    if (vault === undefined)
      throw new UsageError(
        `There is no ${wordsOf([chosen[index]?.type ?? ''])} ${id}.`,
        'A kit is written while a vault is there. If it was deleted: purgeproof deleted list.',
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

const idForm = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i;

/** True where a word is an ARM id and no name: no list is needed to find that vault. */
export function isVaultId(word: string): boolean {
  return word.startsWith('/');
}

/** The vaults to choose from, and the resource types that may be chosen. */
interface VaultChoice {
  readonly visible: readonly KitVaultAddress[];
  readonly types: readonly string[];
}

/** `vault`, or `vault or managed HSM`. */
function wordsOf(types: readonly string[]): string {
  return types.map((type) => knownType(type)?.words.one ?? type).join(' or ');
}

/**
 * Finds what names and ids stand for. An id need not be among the visible vaults, for Resource Graph lags. Throws UsageError for a
 * name that stands for nothing, or for two, and for an id of something else.
 */
export function chooseVaults(
  words: readonly string[],
  { visible, types }: VaultChoice,
): readonly KitVaultAddress[] {
  const among = { types, visible: visible.filter(({ type }) => types.includes(type)) };
  const chosen = words.map((word) => (isVaultId(word) ? fromId(word, types) : fromName(word, among)));
  return [...new Map(chosen.map((one) => [one.id.toLowerCase(), one])).values()];
}

function fromId(word: string, types: readonly string[]): KitVaultAddress {
  const [, subscriptionId, resourceGroup, type, name] = idForm.exec(word) ?? [];
  if (subscriptionId === undefined || resourceGroup === undefined || type === undefined || name === undefined)
    throw notVault(word, types);
  const known = types.find((one) => one.toLowerCase() === type.toLowerCase());
  if (known === undefined) throw notVault(word, types);
  return { id: word, name, type: known, subscriptionId, resourceGroup };
}

function notVault(word: string, types: readonly string[]): UsageError {
  return new UsageError(
    `${JSON.stringify(word)} is not the id of a ${wordsOf(types)}.`,
    `It looks like /subscriptions/…/resourceGroups/…/providers/${types[0] ?? ''}/NAME.`,
  );
}

function fromName(word: string, { visible, types }: VaultChoice): KitVaultAddress {
  const found = visible.filter(({ name }) => name.toLowerCase() === word.toLowerCase());
  const [first, ...others] = found;
  if (first === undefined)
    throw new UsageError(
      `No visible ${wordsOf(types)} is called ${JSON.stringify(word)}.${didYouMean(
        word,
        visible.map(({ name }) => name),
      )}`,
      'Check the name, or give its id. If it was deleted: purgeproof deleted list.',
    );
  if (others.length === 0) return first;
  throw new UsageError(
    `${found.length} vaults are called ${JSON.stringify(word)}.`,
    `Name the one that is meant by its id: ${found.map(({ id }) => id).join(', ')}.`,
  );
}
