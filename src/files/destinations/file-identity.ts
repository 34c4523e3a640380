import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** A file as a user names it, and the folder that the name is taken from. */
export interface FilePlace {
  readonly path: string;
  readonly cwd: string;
}

/** The path of a file that exists or will, symbolic links resolved: two names of one file have one place. */
export async function resolvedPathOf({ path, cwd }: FilePlace): Promise<string> {
  const named = resolve(cwd, path);
  return realpath(named).catch(async () => {
    const folder = dirname(named);
    const parent = folder === named ? folder : await resolvedPathOf({ path: folder, cwd });
    return join(parent, basename(named));
  });
}

/**
 * Keys that all names of a file share: its place, and where the file exists, its device and inode,
 * which hard links share. Nothing for a terminal, `/dev/null` and the like, which hold nothing that could be overwritten.
 */
export async function identityOf(file: FilePlace): Promise<readonly string[]> {
  const place = await resolvedPathOf(file);
  const found = await stat(resolve(file.cwd, file.path), { bigint: true }).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return [place];
  return found.isFile() || found.isFIFO() ? [place, `${found.dev}:${found.ino}`] : [];
}
