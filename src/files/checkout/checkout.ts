import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { closeSync, type Dirent, openSync, readdirSync, readSync } from 'node:fs';
import { isDataName } from '../../iac/checkout/named-files.ts';
import { compiledBeginning, isCompiledText, isSourceName } from '../../iac/checkout/source-kind.ts';
import { UsageError } from '../../model/errors.ts';
import { decodeUnicode } from '../decode-unicode.ts';

/**
 * The root of the checkout that holds a folder: the nearest folder, from there upwards, with a `.git` (a folder, or
 * the file of a worktree or submodule); without one the folder itself. Absolute, symbolic links resolved.
 */
export async function checkoutOf(folder: string): Promise<string> {
  const start = await realpath(folder).catch(() => resolve(folder));
  for (let at = start; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return at;
    if (dirname(at) === at) return start;
  }
}

/**
 * The path of a file as code scanning wants it: relative to the root of the checkout, with forward slashes. `path` is
 * absolute or relative to `root`. `undefined` where no such file is inside the checkout, symbolic links resolved, and
 * where the path would read as one with a scheme or does not survive as a uri.
 */
export async function relativeInCheckout(root: string, path: string): Promise<string | undefined> {
  const [realRoot, real] = await Promise.all([root, resolve(root, path)].map(resolveLinks));
  if (realRoot === undefined || real === undefined) return undefined;
  const isFile = await stat(real).then(
    (found) => found.isFile(),
    () => false,
  );
  const segments = relative(realRoot, real).split(sep);
  const [first = ''] = segments;
  const outside = first === '' || first === '..' || isAbsolute(relative(realRoot, real));
  const inside = segments.join('/');
  return !isFile || outside || !isFitForCodeScanning(inside) ? undefined : inside;
}

/** False for a relative path that would read as one with a scheme, or that does not survive as a uri. */
export function isFitForCodeScanning(path: string): boolean {
  return !/^[^/]*:|\\/.test(path);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function resolveLinks(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

/** The longest file that is read, in bytes. */
export const mostBytes = 1_000_000;

const skippedFolders = new Set(['.git', 'node_modules', '.terraform', '.terragrunt-cache', 'dist']);

/** A file that may hold infrastructure code or its data, or a file or folder that cannot be read. */
export interface FoundFile {
  readonly path: string;
  /** The path below the source root, with forward slashes. */
  readonly below: string;
  readonly named: string;
  /** The reason why it is not read. */
  readonly reason?: string;
  /** True where a Bicep file of its name is next to it. */
  readonly isBesideSource?: boolean;
}

/** Folders and files: those of the disk, or those of a commit. Paths are absolute. */
export interface CodeTree {
  /** The contents of a folder; `undefined` where it cannot be read. */
  readonly entriesOf: (folder: string) => readonly TreeEntry[] | undefined;
  /** The beginning of a file, up to a number of bytes, until the next one is read. Throws where it cannot be read. */
  readonly beginningOf: (path: string, longest: number) => Buffer;
}

/** Something in a folder. */
export type TreeEntry = Pick<Dirent, 'name' | 'isDirectory' | 'isFile' | 'isSymbolicLink'>;

/** The files as they are now. */
export const disk: CodeTree = { entriesOf: entriesOnDisk, beginningOf: beginningOnDisk };

/** Finds the files below a folder, in order of paths. Folders that hold no code of the checkout's own are left out. */
export function* filesBelow(folder: Pick<FoundFile, 'path' | 'below'>, tree = disk): Generator<FoundFile> {
  const entries = tree.entriesOf(folder.path);
  if (entries === undefined) yield { ...folder, named: '', reason: 'the folder cannot be read' };
  const names = new Set(entries?.map(({ name }) => name));
  for (const entry of (entries ?? []).toSorted(byName)) {
    const named = entry.name;
    const place = {
      path: `${folder.path}${sep}${named}`,
      below: folder.below === '' ? named : `${folder.below}/${named}`,
    };
    if (entry.isDirectory() && skippedFolders.has(named))
      yield { ...place, named, reason: `every ${named} is left out` };
    else if (entry.isDirectory()) yield* filesBelow(place, tree);
    else if (entry.isFile() && !isSourceName(named) && /\.(?:bicep(?:param)?|jsonc?)$/i.test(named))
      yield { ...place, named, reason: 'its ending is not in lower case' };
    else if (entry.isFile() && (isSourceName(named) || isDataName(named)))
      yield { ...place, named, isBesideSource: isBesideSource(named, names) };
    else if (entry.isFile() || (!isSourceName(named) && !mayBeFolder(entry))) continue;
    else
      yield {
        ...place,
        named,
        reason: entry.isSymbolicLink() ? 'it is a symbolic link' : 'it is not a regular file',
      };
  }
}

function isBesideSource(named: string, beside: ReadonlySet<string>): boolean {
  return /\.jsonc?$/.test(named) && beside.has(named.replace(/\.jsonc?$/, '.bicep'));
}

function entriesOnDisk(folder: string): readonly TreeEntry[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

/** A link without an ending may lead to a folder of infrastructure code: that it is left out is worth a note. */
function mayBeFolder(entry: TreeEntry): boolean {
  return entry.isSymbolicLink() && !entry.name.includes('.');
}

function byName(one: TreeEntry, other: TreeEntry): number {
  return one.name < other.name ? -1 : 1;
}

/** Reads a file of at most 1 MB, or only the beginning of a template that Bicep compiled from the file next to it. */
export function readText(
  { path, isBesideSource = false }: FoundFile,
  shown: string,
  { beginningOf } = disk,
): { text: string } | { reason: string } {
  try {
    const beginning = isBesideSource ? beginningOf(path, compiledBeginning).toString('utf8') : '';
    if (isCompiledText(beginning)) return { text: beginning };
    const bytes = beginningOf(path, mostBytes + 1);
    if (bytes.length > mostBytes) return { reason: `it is larger than ${mostBytes / 1e6} MB` };
    return { text: decodeUnicode(bytes, shown) };
  } catch (error) {
    return { reason: error instanceof UsageError ? 'it is not UTF-8 or UTF-16 text' : 'it cannot be read' };
  }
}

/** Reused for every file: the text is decoded before the next file is read. */
const buffer = Buffer.allocUnsafe(mostBytes + 1);

function beginningOnDisk(path: string, longest: number): Buffer {
  const file = openSync(path, 'r');
  try {
    for (let length = 0; ;) {
      const read = readSync(file, buffer, length, longest - length, length);
      length += read;
      if (read === 0 || length === longest) return buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
