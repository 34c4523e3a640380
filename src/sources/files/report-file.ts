import { randomUUID } from 'node:crypto';
import { access, chmod, constants, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { whyUnreadable } from './read-failure.ts';
import { textBlocks } from './text-blocks.ts';

/** A file as a user names it, and the folder that the name is taken from. */
export interface FilePlace {
  readonly path: string;
  readonly cwd: string;
}

/**
 * Writes a report. A file appears whole or not at all: it is written beside its place, then moved there. A symbolic
 * link is followed, and a pipe or device is written into: nothing takes its place. Throws `UsageError`
 * for what the disk refuses.
 */
export async function writeReportFile(chunks: Iterable<string>, place: FilePlace): Promise<void> {
  const target = await placeOf(place);
  await explained(place, async () => {
    await mkdir(dirname(target), { recursive: true });
    const there = await stat(target).catch(() => undefined);
    if (there === undefined || there.isFile()) await replaceFile(target, chunks, there?.mode);
    else await writeFile(target, textBlocks(chunks));
  });
}

/** Throws `UsageError` where a report could not be written now. Leaves nothing behind but the folder. */
export async function checkReportFile(place: FilePlace): Promise<void> {
  const target = await placeOf(place);
  await explained(place, async () => {
    await mkdir(dirname(target), { recursive: true });
    const there = await stat(target).catch(() => undefined);
    if (there !== undefined && !there.isFile()) {
      if (there.isDirectory()) throw Object.assign(new Error('it is a folder'), { syscall: 'open' });
      await access(target, constants.W_OK);
      return;
    }
    const trial = `${target}.${randomUUID()}.part`;
    await writeFile(trial, '');
    await rm(trial);
  });
}

async function explained(place: FilePlace, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UsageError(
      `Cannot write ${place.path}: ${whyUnreadable(error)}.`,
      'Check that the folder can be written and that the disk has room.',
    );
  }
}

/** Where a file is or would be, symbolic links resolved: two names of one file have one place. */
export async function placeOf({ path, cwd }: FilePlace): Promise<string> {
  const named = resolve(cwd, path);
  return realpath(named).catch(async () => {
    const folder = await realpath(dirname(named)).catch(() => dirname(named));
    return join(folder, basename(named));
  });
}

async function replaceFile(
  target: string,
  chunks: Iterable<string>,
  mode: number | undefined,
): Promise<void> {
  const draft = `${target}.${process.pid}.part`;
  try {
    await writeFile(draft, textBlocks(chunks));
    if (mode !== undefined) await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
