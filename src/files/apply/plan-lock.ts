import { lstat, mkdir, realpath } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

import { UsageError } from '../../model/errors.ts';
import type { PlanLock } from '../../model/plan-lock.ts';
import { type FileLock, lockFile } from './file-lock.ts';

/** A plan file, and the hash that names the plan wherever a copy of it is. */
export interface PlanPlace {
  readonly file: string;
  readonly hash: string;
  /** The system's folder for temporary files. */
  readonly temporary: string;
}

/**
 * Locks a plan in two places: beside its file, for every user of the folder, also from another machine or container;
 * and by its hash in the user's own temporary folder, for copies of the file. A place that cannot be written is left
 * out; without any, nothing is applied.
 */
export function planLock({ file, hash, temporary }: PlanPlace): PlanLock {
  return {
    async acquire() {
      const taken: FileLock[] = [];
      const release = async (): Promise<void> => {
        for (const lock of taken.splice(0)) await lock.release();
      };
      try {
        for (const place of [() => realpath(file), () => userLockPath(temporary, hash)]) {
          const lock = await lockUnlessUnwritable(place);
          if (lock !== undefined) taken.push(lock);
        }
      } catch (error) {
        await release();
        throw error;
      }
      if (taken.length === 0) throw unlockable(file, temporary);
      return release;
    },
  };
}

const held = 'Another apply of this plan is running.';

async function lockUnlessUnwritable(place: () => Promise<string>): Promise<FileLock | undefined> {
  try {
    return await lockFile(await place(), { held });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return undefined;
  }
}

/** A path in a folder that only this user can write: in a shared one, anyone could block a plan. */
async function userLockPath(temporary: string, hash: string): Promise<string> {
  const { uid } = userInfo();
  const folder = join(temporary, `purgeproof-${uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error('the folder is not our own');
  return join(folder, hash);
}

function unlockable(file: string, temporary: string): UsageError {
  return new UsageError(
    `The plan cannot be locked: neither the folder of ${file} nor ${temporary} can be written.`,
    'Nothing is sent without a lock, because two processes could apply the same plan. Name another temporary folder with TMPDIR, or copy the plan to a folder that can be written.',
  );
}
