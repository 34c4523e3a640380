import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import { whyUnreadable } from './read-failure.ts';

/**
 * Writes a report to `path`, which is taken from `cwd`. The file appears whole or not at all: it is written beside its
 * place, then moved there. Throws `UsageError`.
 */
export async function writeReportFile(
  chunks: Iterable<string>,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): Promise<void> {
  const target = resolve(cwd, path);
  const draft = `${target}.${process.pid}.part`;
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(draft, chunks);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw new UsageError(
      `Cannot write ${path}: ${whyUnreadable(error)}.`,
      'Check that the folder can be written and that the disk has room.',
    );
  }
}
