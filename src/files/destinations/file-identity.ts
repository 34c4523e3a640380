import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A file as a user names it, and the folder that the name is taken from. */
export interface FilePlace {
  readonly path: string;
  readonly cwd: string;
}

/** Where a file is or would be, symbolic links resolved: two names of one file have one place. */
export async function placeOf({ path, cwd }: FilePlace): Promise<string> {
  const named = resolve(cwd, path);
  return realpath(named).catch(async () => {
    const folder = dirname(named);
    const parent = folder === named ? folder : await placeOf({ path: folder, cwd });
    return join(parent, basename(named));
  });
}

/**
 * What a file has in common with every other name of it: its place, and where the file is there, its device and inode,
 * which hard links share. Nothing for a terminal, `/dev/null` and the like, which hold nothing that could be overwritten.
 */
export async function identityOf(file: FilePlace): Promise<readonly string[]> {
  const place = await placeOf(file);
  const found = await stat(resolve(file.cwd, file.path), { bigint: true }).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return [place];
  return found.isFile() || found.isFIFO() ? [place, `${found.dev}:${found.ino}`] : [];
}
