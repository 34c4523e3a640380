import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, writeFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { tryParseJson } from '../../documents/json/parse.ts';
import { UsageError } from '../../model/errors.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import type { PlanLock } from '../../model/plan-lock.ts';
import { errorCode } from '../file-error.ts';

/** A plan file, and the hash that names the plan wherever a copy of it is. */
interface PlanPlace {
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
          const lock = await lockUnlessUnwritable(place, held);
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

/** Locks a file, as `lockFile` does; `undefined` where nothing can be written beside it. */
export async function lockUnlessUnwritable(
  place: () => Promise<string>,
  held: string,
): Promise<FileLock | undefined> {
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

/** Makes a second name for a file, and fails with `EEXIST` where that name is taken. */
type Link = (existing: string, name: string) => Promise<void>;

/** A file that only this process may use until `release`. */
export interface FileLock {
  release(): Promise<void>;
}

/** Options of a lock. */
export interface LockOptions {
  /** The message where another process holds the lock. */
  readonly held?: string;
  readonly linkTo?: Link;
}

/**
 * Locks a file by another one beside it, which names the process that holds it. The lock of a process that has exited
 * on this machine is taken over. Throws UsageError when another one holds it.
 */
export async function lockFile(
  file: string,
  { held = 'Another run is using this journal.', linkTo = link }: LockOptions = {},
): Promise<FileLock> {
  const path = `${file}.lock`;
  // A draft that is linked into place is complete from the beginning, whenever this process exits.
  const draft = `${path}.${randomUUID()}.part`;
  await writeFile(draft, `${JSON.stringify(await identityOf(process.pid))}\n`, { mode: 0o600 });
  try {
    if (!(await isPlaced(draft, path, linkTo))) {
      const holder = await removeIfAbandoned(path, draft, linkTo);
      if (holder !== undefined) throw refusal(held, holder);
      if (!(await isPlaced(draft, path, linkTo))) throw refusal(held, path);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** False where the file is there already. */
async function isPlaced(draft: string, path: string, linkTo: Link): Promise<boolean> {
  try {
    await linkTo(draft, path).catch(async (error: unknown) => {
      if (!linkRefusals.has(errorCode(error))) throw error;
      await createOnly(path, await readFile(draft, 'utf8'));
    });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The errors of file systems without hard links, such as FAT and some network shares. */
const linkRefusals = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** As safe as a link against another process. A crash half-way leaves a lock without a holder, which no process may take over. */
async function createOnly(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Removes the lock of a process that has exited, or returns the file of the lock or guard that another process holds.
 * Only the holder of the guard removes a lock, so that no process removes one that was taken a moment ago.
 */
async function removeIfAbandoned(path: string, draft: string, linkTo: Link): Promise<string | undefined> {
  if (!(await holderHasExited(await read(path)))) return path;
  const guard = `${path}.takeover`;
  if (!(await isPlaced(draft, guard, linkTo))) return guard;
  try {
    if (await holderHasExited(await read(path))) await rm(path, { force: true });
    return undefined;
  } finally {
    await rm(guard, { force: true });
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** A process by its number and, where the system reports it, the time of its start: numbers are reused. */
async function identityOf(pid: number): Promise<JsonObject> {
  const startedAt = await startOf(pid);
  return { pid, host: hostname(), ...(startedAt === undefined ? {} : { startedAt }) };
}

/** In clock ticks since the machine started; only Linux reports it. The name before it may hold spaces and brackets. */
async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

async function holderHasExited(text: string): Promise<boolean> {
  const holder = tryParseJson(text);
  if (!isJsonObject(holder) || holder['host'] !== hostname()) return false;
  const pid = holder['pid'];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    const [known, now] = [holder['startedAt'], await startOf(pid)];
    return typeof known === 'string' && now !== undefined && known !== now;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

function refusal(held: string, path: string): UsageError {
  return new UsageError(
    held,
    `Wait for it to end. If none is running, on any machine, delete ${path} and try again.`,
  );
}
