import { randomUUID } from 'node:crypto';
import { access, chmod, constants, lstat, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { errorCode, describeFileError } from '../file-error.ts';
import { textBlocks } from './text-blocks.ts';
import { type FilePlace, resolvedPathOf } from './file-identity.ts';

/**
 * Writes a document. A file appears whole or not at all: it is written beside its place, then moved there. A symbolic
 * link is followed, and a pipe, a device or a file that cannot be replaced (as one that is mounted by itself into a
 * container) is written into. Throws `UsageError` for what the disk refuses.
 */
export async function writeDocument(chunks: () => Iterable<string>, place: FilePlace): Promise<void> {
  const target = await resolvedPathOf(place);
  await explained(place, async () => {
    await mkdir(dirname(target), { recursive: true });
    const there = await stat(target).catch(() => undefined);
    const isReplaceable = there === undefined || there.isFile();
    if (isReplaceable && (await isReplaced(target, chunks, there?.mode))) return;
    await writeFile(target, textBlocks(chunks()));
  });
}

/** Throws `UsageError` where a document could not be written now. Leaves nothing behind. */
export async function checkWritable(place: FilePlace): Promise<void> {
  const target = await resolvedPathOf(place);
  await explained(place, async () => {
    const there = await stat(target).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
    if (there?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR', syscall: 'open' });
    if (there !== undefined) await access(target, constants.W_OK);
    if (there !== undefined && !there.isFile()) return;
    await tryToWrite(await existingFolder(dirname(target))).catch((error: unknown) => {
      if (there === undefined || !isIrreplaceable(error)) throw error;
    });
  });
}

/** A full disk may still take an empty file. */
const trialBytes = 65_536;

async function tryToWrite(folder: string): Promise<void> {
  const trial = draftIn(folder);
  try {
    await writeFile(trial, Buffer.alloc(trialBytes), { flag: 'wx' });
  } finally {
    await rm(trial, { force: true }).catch(() => undefined);
  }
}

/** The nearest folder that is there already, in which the others will be made. */
async function existingFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw error;
  });
  if (found !== undefined || dirname(folder) === folder) return folder;
  return existingFolder(dirname(folder));
}

async function explained(place: FilePlace, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(
      `Cannot write ${place.path}: ${describeFileError(error)}.`,
      'Check that the folder can be written and that the disk has room.',
    );
  }
}

/** False where the file is there and cannot be replaced by another one. */
async function isReplaced(
  target: string,
  chunks: () => Iterable<string>,
  mode: number | undefined,
): Promise<boolean> {
  const draft = draftIn(dirname(target));
  try {
    await writeFile(draft, textBlocks(chunks()), { flag: 'wx' });
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, target);
    return true;
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    if (mode !== undefined && isIrreplaceable(error)) return false;
    throw error;
  }
}

/** Its folder cannot be written, or the file is a mount. */
function isIrreplaceable(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV'].includes(errorCode(error));
}

/** A name of its own length: that of the file may be as long as names can be. */
function draftIn(folder: string): string {
  return join(folder, `.purgeproof-${randomUUID()}.part`);
}

/** A file to begin with: its path, and its text. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** The folder that paths are taken from, and whether files that are there may be replaced; else what to do about one, if not to force it. */
export interface NewFilePlace {
  readonly cwd: string;
  readonly force: boolean;
  readonly hint?: string;
}

/** Throws UsageError with every path at which something is there already, unless `force` allows to replace it. */
export async function refuseExisting(
  paths: readonly string[],
  { cwd, force, hint }: NewFilePlace,
): Promise<void> {
  if (force) return;
  const there = await Promise.all(
    paths.map((path) =>
      lstat(resolve(cwd, path)).then(
        () => [path],
        () => [],
      ),
    ),
  );
  if (there.flat().length > 0) throw alreadyThere(there.flat(), hint);
}

/** Writes files. One that has come to be there meanwhile is not replaced without `force`. Throws UsageError. */
export async function writeNewFiles(
  files: readonly NewFile[],
  { cwd, force, hint }: NewFilePlace,
): Promise<void> {
  for (const { path, text } of files) {
    if (force) await writeDocument(() => [text], { path, cwd });
    else await createFile(path, text, { cwd, hint });
  }
}

async function createFile(
  path: string,
  text: string,
  { cwd, hint }: { readonly cwd: string; readonly hint: string | undefined },
): Promise<void> {
  const target = resolve(cwd, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text, { flag: 'wx' });
  } catch (error) {
    if (errorCode(error) === 'EEXIST') throw alreadyThere([path], hint);
    throw new UsageError(
      `Cannot write ${path}: ${describeFileError(error)}.`,
      'Check that the folder can be written and that the disk has room.',
    );
  }
}

const usualHint = 'Name another file with --out, or add --force to replace what is there.';

function alreadyThere(paths: readonly string[], hint = usualHint): UsageError {
  const are = paths.length === 1 ? 'is' : 'are';
  return new UsageError(`${paths.join(' and ')} ${are} there already, and nothing was written.`, hint);
}
