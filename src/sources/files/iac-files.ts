import { type Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isDataName, isNamed, namedFiles } from '../../iac/named-files.ts';
import { isSourceName, isSourceText } from '../../iac/source-kind.ts';
import type { SourceText } from '../../iac/source-text.ts';
import { UsageError } from '../../model/errors.ts';
import { decodeUnicode } from './encoding.ts';

/** A file or folder that was not read, by its path in the checkout, and why. */
interface SkippedSource {
  readonly path: string;
  readonly reason: string;
}

/** The infrastructure code below a folder, in order of paths, and what was left out. */
export interface IacFiles {
  readonly files: readonly SourceText[];
  readonly skipped: readonly SkippedSource[];
}

/** Limits; bytes of one file, of all files together, how many files, and the same for the data that they load. */
const most = { fileBytes: 1_000_000, bytes: 64_000_000, files: 5_000, data: 500, dataBytes: 8_000_000 };

const skippedFolders = new Set(['.git', 'node_modules', '.terraform', '.terragrunt-cache', 'dist']);

/**
 * Reads the infrastructure code below `sourceRoot`. Paths are relative to `checkout`, the root of the checkout, with
 * forward slashes. Symbolic links are not followed. Throws `UsageError` when `sourceRoot` is no folder.
 */
export async function readIacFiles({
  sourceRoot,
  checkout,
}: {
  sourceRoot: string;
  checkout: string;
}): Promise<IacFiles> {
  const [root, base] = await Promise.all([realpath(sourceRoot), realpath(checkout)]).catch(() =>
    refuse(sourceRoot),
  );
  if (!(await stat(root)).isDirectory()) refuse(sourceRoot);
  const files: SourceText[] = [];
  const skipped: SkippedSource[] = [];
  const data: Found[] = [];
  let bytes = 0;
  for await (const found of filesBelow(root)) {
    const path = relative(base, found.path).split(sep).join('/');
    if (isDataName(found.named)) data.push({ ...found, path });
    if (found.reason === undefined && !isSourceName(found.named)) continue;
    const text = found.reason === undefined ? await readText(found.path, path) : { reason: found.reason };
    if ('reason' in text) {
      if (found.named !== '.git') skipped.push({ path, reason: text.reason });
      continue;
    }
    if (!isSourceText({ path, text: text.text })) continue;
    bytes += text.text.length;
    if (files.length === most.files || bytes > most.bytes) {
      skipped.push({
        path,
        reason: `this file and all after it were left out: more than ${most.files} files or ${most.bytes / 1e6} MB`,
      });
      break;
    }
    files.push({ path, text: text.text });
  }
  files.push(...(await readData(base, { files, data })));
  return { files, skipped };
}

/** The files of data that the code loads, as far as they can be read: without one a value is not known. */
async function readData(
  base: string,
  { files, data }: { readonly files: readonly SourceText[]; readonly data: readonly Found[] },
): Promise<readonly SourceText[]> {
  const names = namedFiles(files);
  const held = new Set(files.map(({ path }) => path));
  const named = data.filter(
    ({ path, reason }) => reason === undefined && !held.has(path) && isNamed(path, names),
  );
  const read: SourceText[] = [];
  let bytes = 0;
  for (const { path } of named.slice(0, most.data)) {
    const text = await readText(join(base, path), path);
    if (!('text' in text)) continue;
    bytes += text.text.length;
    if (bytes > most.dataBytes) break;
    read.push({ path, text: text.text });
  }
  return read;
}

function refuse(sourceRoot: string): never {
  throw new UsageError(
    `The source root is not a folder: ${sourceRoot}.`,
    'It is the folder with the infrastructure code, such as the root of the checkout.',
  );
}

interface Found {
  readonly path: string;
  readonly named: string;
  /** Why it is not to be read. */
  readonly reason?: string;
}

async function* filesBelow(folder: string): AsyncGenerator<Found> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) yield { path: folder, named: '', reason: 'the folder cannot be read' };
  for (const entry of (entries ?? []).toSorted(byName)) {
    const path = join(folder, entry.name);
    const named = entry.name;
    if (entry.isDirectory() && skippedFolders.has(named))
      yield { path, named, reason: `every ${named} is left out` };
    else if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile() && (isSourceName(named) || isDataName(named))) yield { path, named };
    else if (entry.isFile() || (!isSourceName(named) && !mayBeFolder(entry))) continue;
    else
      yield {
        path,
        named,
        reason: entry.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a regular file',
      };
  }
}

/** A link without an ending may lead to a folder of infrastructure code: that it is left out is worth telling. */
function mayBeFolder(entry: Dirent): boolean {
  return entry.isSymbolicLink() && !entry.name.includes('.');
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

async function readText(path: string, shown: string): Promise<{ text: string } | { reason: string }> {
  try {
    const { size } = await stat(path);
    if (size > most.fileBytes) return { reason: `it is larger than ${most.fileBytes / 1e6} MB` };
    return { text: decodeUnicode(await readFile(path), shown) };
  } catch (error) {
    return { reason: error instanceof UsageError ? 'it is not UTF-8 or UTF-16 text' : 'it cannot be read' };
  }
}
