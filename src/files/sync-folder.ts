import { type FileHandle, open } from 'node:fs/promises';
import { errorCode } from './file-error.ts';

/** Makes the names of the files in a folder as durable as their content. Not every system lets a folder be opened. */
export async function syncFolder(folder: string): Promise<void> {
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
