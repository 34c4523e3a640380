import { accessSync, constants } from 'node:fs';

/** The user and group `nobody` of most systems. */
const nobody = 65_534;

/**
 * Runs `act` with the rights of a user who may not write `folder`. The superuser may write everywhere, and is nobody
 * meanwhile: `act` must load no module, since nobody may not enter every folder that the project can stand in.
 */
export async function withoutRightsOn<T>(folder: string, act: () => Promise<T>): Promise<T> {
  if (!isWritable(folder)) return act();
  process.seteuid?.(nobody);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
