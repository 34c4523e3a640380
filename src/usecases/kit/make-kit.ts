import type { Cloud } from '../../model/cloud.ts';
import { UsageError } from '../../model/errors.ts';
import type { Kit, KitVaultAddress } from '../../model/kit.ts';
import type { Tool } from '../../model/tool.ts';
import { isWhole } from '../../remediation/kit/assemble.ts';
import { exitCodes } from '../exit-code.ts';
import { type KitPorts, readVaultsForKit } from './read-vaults.ts';

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
        `There is no vault ${id}.`,
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
