import { realpathSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { isDataName } from '../../iac/checkout/named-files.ts';
import { isSourceName } from '../../iac/checkout/source-kind.ts';
import { UsageError } from '../../model/errors.ts';
import { checkoutOf, type CodeTree, mostBytes, type TreeEntry } from './checkout.ts';
import { git } from './git.ts';

/** No folder nests deeper than the paths of a disk allow. */
const longestPath = 4_096;

/** More than this is not infrastructure code of one checkout. */
const mostOfAll = 128_000_000;

/** A file as git lists it. */
interface StoredFile {
  readonly path: string;
  readonly mode: string;
  readonly object: string;
  readonly size: number;
}

/** The files below a folder as they are in a commit, with none of them on the disk. Throws `UsageError`. */
export async function commitTree(folder: string, commit: string): Promise<CodeTree> {
  const [root, top] = [await checkoutOf(folder), realpathSync(folder)];
  const below = relative(root, top).split(sep).join('/');
  const files = await listFiles(root, `${commit}:${below}`);
  const texts = new Map<string, Buffer>();
  const wanted = files.filter(({ mode, path, size }) => {
    return mode.startsWith('100') && size <= mostBytes && (isSourceName(path) || isDataName(path));
  });
  const contents = await readObjects(root, withinLimit(wanted));
  const folders = new Map<string, Map<string, TreeEntry>>([[top, new Map()]]);
  for (const file of files) {
    const path = place(file, { folders, top });
    const bytes = contents.get(file.object);
    if (bytes !== undefined) texts.set(path, bytes);
  }
  return {
    entriesOf: (path) => [...(folders.get(path)?.values() ?? [])],
    beginningOf(path, longest) {
      const bytes = texts.get(path);
      if (bytes === undefined) throw new Error('it was not read');
      return bytes.subarray(0, longest);
    },
  };
}

/** Lists the files of a folder in a commit; none where the commit does not have it. Throws `UsageError`. */
async function listFiles(root: string, tree: string): Promise<readonly StoredFile[]> {
  const found = await git(root, ['rev-parse', '--verify', '--quiet', tree]);
  if (found.code !== 0) return [];
  const { code, out } = await git(root, ['ls-tree', '-r', '-z', '-l', tree]);
  if (code !== 0) throw lacksFiles();
  return filesIn(out.toString('utf8'));
}

/** The error for a partial clone. */
function lacksFiles(): UsageError {
  return new UsageError(
    'The checkout does not have all files of the commit that it is compared with.',
    'Clone it without --filter: with actions/checkout, leave out filter and sparse-checkout.',
  );
}

function filesIn(listed: string): readonly StoredFile[] {
  return listed.split('\0').flatMap((line) => {
    const [, mode = '', object = '', size = '', path = ''] =
      /^(\d+) \w+ ([\da-f]+) +(\d+|-)\t(.*)$/su.exec(line) ?? [];
    return path === '' || path.length > longestPath ? [] : [{ path, mode, object, size: Number(size) || 0 }];
  });
}

/** The infrastructure code before its data, as far as there is room. */
function withinLimit(files: readonly StoredFile[]): readonly StoredFile[] {
  let bytes = 0;
  return files
    .toSorted((one, other) => Number(isSourceName(other.path)) - Number(isSourceName(one.path)))
    .filter(({ size }) => (bytes += size) <= mostOfAll);
}

/** Notes a file in its folder, and each folder in the one above. Returns its path. */
function place(
  { path, mode }: StoredFile,
  { folders, top }: { readonly folders: Map<string, Map<string, TreeEntry>>; readonly top: string },
): string {
  let at = top;
  const names = path.split('/');
  for (const [index, name] of names.entries()) {
    const isFolder = index < names.length - 1;
    folders.get(at)?.set(name, entryOf(name, isFolder ? 'folder' : mode));
    at = `${at}${sep}${name}`;
    if (isFolder && !folders.has(at)) folders.set(at, new Map());
  }
  return at;
}

function entryOf(name: string, kind: string): TreeEntry {
  return {
    name,
    isDirectory: () => kind === 'folder',
    isFile: () => kind.startsWith('100'),
    isSymbolicLink: () => kind === '120000',
  };
}

/** The contents of objects, by their names. Throws `UsageError` where one of them is not here. */
async function readObjects(root: string, files: readonly StoredFile[]): Promise<ReadonlyMap<string, Buffer>> {
  const names = [...new Set(files.map(({ object }) => object))];
  const contents = new Map<string, Buffer>();
  if (names.length === 0) return contents;
  const { out } = await git(root, ['cat-file', '--batch'], `${names.join('\n')}\n`);
  let from = 0;
  for (const name of names) {
    const end = out.indexOf(10, from);
    const size = /^[\da-f]+ blob (\d+)$/.exec(out.toString('latin1', from, end))?.[1];
    if (end === -1 || size === undefined) throw lacksFiles();
    const begin = end + 1;
    contents.set(name, out.subarray(begin, begin + Number(size)));
    from = begin + Number(size) + 1;
  }
  return contents;
}
