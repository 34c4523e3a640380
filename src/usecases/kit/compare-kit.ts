import type { Kit, KitDifference } from '../../model/kit.ts';
import { compareVaults } from '../../remediation/kit/compare.ts';
import { exitCodes } from '../exit-code.ts';
import { type KitPorts, readVaultsForKit } from './read-vaults.ts';

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
