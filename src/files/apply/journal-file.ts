import { constants } from 'node:fs';
import { type FileHandle, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import type { JournalStore } from '../../model/journal.ts';
import { errorCode } from '../file-error.ts';
import { type FileLock, lockFile } from './file-lock.ts';

/** A journal in a file, which is locked while it is open: read once when it is opened, then only appended to, each entry flushed to the disk. */
export function journalFile(path: string): JournalStore {
  let handle: FileHandle | undefined;
  let lock: FileLock | undefined;
  let size = 0;
  let isOurs = false;
  return {
    name: path,
    async open() {
      return withUsageError(`open the journal ${path}`, async () => {
        const { handle: opened, isNew } = await openForAppending(path);
        try {
          await makeDurable(opened, path);
          // By its real name: two links to one journal must not be two journals.
          lock = await lockFile(await realpath(path));
          const bytes = await readFile(path);
          size = bytes.length;
          handle = opened;
          isOurs = isNew;
          return bytes;
        } catch (error) {
          await opened.close();
          await lock?.release();
          lock = undefined;
          throw error;
        }
      });
    },
    async read() {
      return withUsageError(`read the journal ${path}`, async () => {
        const there = await stat(path).catch(() => undefined);
        if (there === undefined) return new Uint8Array();
        if (!there.isFile()) throw new Error('it is not a regular file');
        return readFile(path);
      });
    },
    async append(text) {
      await withUsageError(`write to the journal ${path}`, async () => {
        if (handle === undefined) throw new Error('it is not open');
        // Text that was written in spite of the lock is not among what was read.
        if ((await handle.stat()).size !== size) throw new Error('another process is writing to it');
        await handle.appendFile(text, 'utf8');
        await handle.sync();
        size += Buffer.byteLength(text, 'utf8');
      });
    },
    async close() {
      await handle?.close();
      // Of a run that was refused before its first entry, nothing stays behind. Its lock is still held.
      if (handle !== undefined && isOurs && size === 0) await rm(path, { force: true });
      handle = undefined;
      await lock?.release();
      lock = undefined;
    },
  };
}

/** `O_NONBLOCK`: a pipe without a reader must not hang us. */
async function openForAppending(
  path: string,
): Promise<{ readonly handle: FileHandle; readonly isNew: boolean }> {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NONBLOCK } = constants;
  const flags = O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK;
  try {
    return { handle: await open(path, flags | O_EXCL, 0o600), isNew: true };
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return { handle: await open(path, flags, 0o600), isNew: false };
  }
}

async function makeDurable(handle: FileHandle, path: string): Promise<void> {
  if (!(await handle.stat()).isFile()) throw new Error('it is not a regular file');
  await handle.sync();
  await syncFolder(dirname(path));
}

/** Makes the file's name as durable as its content. Not every system lets a folder be opened. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!isRefusedForFolders(error)) throw error;
  } finally {
    await handle?.close();
  }
}

function isRefusedForFolders(error: unknown): boolean {
  return ['EISDIR', 'EPERM', 'EINVAL', 'EACCES'].includes(errorCode(error));
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
