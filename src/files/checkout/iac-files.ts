import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { isDataName, isNamed, namedFiles } from '../../iac/checkout/named-files.ts';
import {
  compiledBeginning,
  isCompiledText,
  isSourceName,
  isSourceText,
} from '../../iac/checkout/source-kind.ts';
import type { SourceText } from '../../iac/checkout/source-text.ts';
import type { Piecewise } from '../../iac/piecewise.ts';
import { UsageError } from '../../model/errors.ts';
import { decodeUnicode } from '../decode-unicode.ts';

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
 * Reads the infrastructure code below `sourceRoot`, piece by piece. Paths are relative to `checkout`, the root of the
 * checkout, with forward slashes. Symbolic links are not followed. Throws `UsageError` when `sourceRoot` is no folder.
 */
export function* readIacFiles({
  sourceRoot,
  checkout,
}: {
  sourceRoot: string;
  checkout: string;
}): Piecewise<IacFiles> {
  const [root, base] = realFolders(sourceRoot, checkout);
  const files: SourceText[] = [];
  const skipped: SkippedSource[] = [];
  const data: Found[] = [];
  let bytes = 0;
  const above = relative(base, root).split(sep).join('/');
  const prefix = above === '' ? '' : `${above}/`;
  for (const found of filesBelow({ path: root, below: '' })) {
    yield;
    const path = prefix + found.below;
    if (isDataName(found.named)) data.push(found);
    if (found.reason === undefined && !isSourceName(found.named)) continue;
    const text = found.reason === undefined ? readText(found, path) : { reason: found.reason };
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
  files.push(...readData({ files, data, prefix }));
  return { files, skipped };
}

function realFolders(sourceRoot: string, checkout: string): readonly [string, string] {
  try {
    const root = realpathSync(sourceRoot);
    if (statSync(root).isDirectory()) return [root, realpathSync(checkout)];
  } catch {
    // A missing or unreadable path is not a folder.
  }
  throw new UsageError(
    `The source root is not a folder: ${sourceRoot}.`,
    'It is the folder with the infrastructure code, such as the root of the checkout.',
  );
}

/** The files of data that the code loads, as far as they can be read: without one a value is not known. */
function readData({ files, data, prefix }: LoadedData): readonly SourceText[] {
  const names = namedFiles(files);
  if (names.size === 0) return [];
  const held = new Set(files.map(({ path }) => path));
  const read: SourceText[] = [];
  let bytes = 0;
  const named = data.filter(({ below, reason }) => {
    const path = prefix + below;
    return reason === undefined && !held.has(path) && isNamed(path, names);
  });
  for (const found of named.slice(0, most.data)) {
    const path = prefix + found.below;
    const text = readText(found, path);
    if (!('text' in text)) continue;
    bytes += text.text.length;
    if (bytes > most.dataBytes) break;
    read.push({ path, text: text.text });
  }
  return read;
}

interface LoadedData {
  readonly files: readonly SourceText[];
  readonly data: readonly Found[];
  /** The path of the source root in the checkout, with a slash at its end. */
  readonly prefix: string;
}

interface Found {
  readonly path: string;
  /** The path below the source root, with forward slashes. */
  readonly below: string;
  readonly named: string;
  /** The reason why it is not read. */
  readonly reason?: string;
  /** True where a Bicep file of its name is beside it. */
  readonly isBesideSource?: boolean;
}

function* filesBelow(folder: Pick<Found, 'path' | 'below'>): Generator<Found> {
  const entries = entriesOf(folder.path);
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
    else if (entry.isDirectory()) yield* filesBelow(place);
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

function entriesOf(folder: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return undefined;
  }
}

/** A link without an ending may lead to a folder of infrastructure code: that it is left out is worth a note. */
function mayBeFolder(entry: Dirent): boolean {
  return entry.isSymbolicLink() && !entry.name.includes('.');
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}

/** Reads a file, or only the beginning of a template that Bicep compiled from the file beside it. */
function readText(
  { path, isBesideSource = false }: Found,
  shown: string,
): { text: string } | { reason: string } {
  try {
    return withFile(path, (file) => {
      const beginning = isBesideSource ? readBytes(file, compiledBeginning).toString('utf8') : '';
      if (isCompiledText(beginning)) return { text: beginning };
      const bytes = readBytes(file, most.fileBytes + 1);
      if (bytes.length > most.fileBytes) return { reason: `it is larger than ${most.fileBytes / 1e6} MB` };
      return { text: decodeUnicode(bytes, shown) };
    });
  } catch (error) {
    return { reason: error instanceof UsageError ? 'it is not UTF-8 or UTF-16 text' : 'it cannot be read' };
  }
}

function withFile<T>(path: string, read: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return read(file);
  } finally {
    closeSync(file);
  }
}

/** Reused for every file: the text is decoded before the next file is read. */
const buffer = Buffer.allocUnsafe(most.fileBytes + 1);

/** The beginning of a file, up to so many bytes. */
function readBytes(file: number, longest: number): Buffer {
  let length = 0;
  for (;;) {
    const read = readSync(file, buffer, length, longest - length, length);
    length += read;
    if (read === 0 || length === longest) return buffer.subarray(0, length);
  }
}
