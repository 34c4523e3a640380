import { constants } from 'node:fs';
import { access, type FileHandle, open, readFile, readlink, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { JournalStore } from '../../model/journal.ts';
import { errorCode } from '../file-error.ts';
import { syncFolder } from '../sync-folder.ts';
import { type FileLock, lockFile } from './file-lock.ts';

/**
 * A journal in a file, which is locked while it is open: read once when it is opened, then only appended to, each entry flushed
 * to the disk. A new one is made with its first entry: a run that ends before that leaves no file.
 */
export function journalFile(path: string): JournalStore {
  let handle: FileHandle | undefined;
  let lock: FileLock | undefined;
  let size = 0;
  let place = path;
  return {
    name: path,
    async open() {
      return withUsageError(`open the journal ${path}`, async () => {
        try {
          if (await isThere(path)) handle = await openToAppend(path);
          // By its real name: two links to one journal must not be two journals. The lock shows that the folder can be written.
          place = await realName(path);
          lock = await lockFile(place);
          if (handle === undefined && (await isThere(path))) handle = await openToAppend(path);
          const bytes = handle === undefined ? new Uint8Array() : await readFile(path);
          size = bytes.length;
          return bytes;
        } catch (error) {
          await handle?.close();
          await lock?.release();
          [handle, lock] = [undefined, undefined];
          throw error;
        }
      });
    },
    async read() {
      return withUsageError(`open the journal ${path}`, async () => {
        if (await isThere(path)) {
          await (await openToAppend(path)).close();
          return readFile(path);
        }
        await access(dirname(path), constants.W_OK);
        return new Uint8Array();
      });
    },
    async append(text) {
      await withUsageError(`write to the journal ${path}`, async () => {
        if (lock === undefined) throw new Error('it is not open');
        handle ??= await openToAppend(place, constants.O_CREAT | constants.O_EXCL);
        // Text that was written in spite of the lock is not among what was read.
        if ((await handle.stat()).size !== size) throw new Error('another process is writing to it');
        await handle.appendFile(text, 'utf8');
        await handle.sync();
        size += Buffer.byteLength(text, 'utf8');
      });
    },
    async close() {
      await handle?.close();
      handle = undefined;
      await lock?.release();
      lock = undefined;
    },
  };
}

/** Opens a journal, a new one where `creation` says so. `O_NONBLOCK`: a pipe without a reader must not hang us. */
async function openToAppend(path: string, creation = 0): Promise<FileHandle> {
  const { O_RDWR, O_APPEND, O_NONBLOCK } = constants;
  const handle = await open(path, O_RDWR | O_APPEND | O_NONBLOCK | creation, 0o600);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
    await handle.sync();
    await syncFolder(dirname(path));
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** The name of a file without links; of one that is still to be made, of where it will be. */
async function realName(path: string): Promise<string> {
  const target = await readlink(path).then(
    (to) => resolve(dirname(path), to),
    () => path,
  );
  return realpath(target).catch(async () => join(await realpath(dirname(target)), basename(target)));
}

async function withUsageError<T>(doing: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const reason = reasons[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
    throw new UsageError(
      `Cannot ${doing}: ${reason}.`,
      'Nothing is sent without a journal. Name a file on a disk that can be written, with --journal.',
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'part of its path is not a folder',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
};
