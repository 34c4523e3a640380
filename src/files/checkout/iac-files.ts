import { realpathSync, statSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { isDataName, isNamed, namedFiles } from '../../iac/checkout/named-files.ts';
import { isSourceName, isSourceText } from '../../iac/checkout/source-kind.ts';
import type { SourceText } from '../../iac/checkout/source-text.ts';
import type { Piecewise } from '../../iac/piecewise.ts';
import type { Unreadable } from '../../model/coverage.ts';
import { UsageError } from '../../model/errors.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import { type CodeTree, disk, filesBelow, type FoundFile, readText } from './checkout.ts';

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

/** The limits: bytes of all files together, how many files, and the same for the data that they load. */
const most = { bytes: 64_000_000, files: 5_000, data: 500, dataBytes: 8_000_000 };

/**
 * Reads the infrastructure code below `sourceRoot`, piece by piece. Paths are relative to `checkout`, the root of the
 * checkout, with forward slashes. Symbolic links are not followed. Throws `UsageError` when `sourceRoot` is not a folder.
 */
export function* readIacFiles(
  { sourceRoot, checkout }: { sourceRoot: string; checkout: string },
  tree: CodeTree = disk,
): Piecewise<IacFiles> {
  const [root, base] = realFolders(sourceRoot, checkout);
  const files: SourceText[] = [];
  const skipped: SkippedSource[] = [];
  const data: FoundFile[] = [];
  let bytes = 0;
  const above = relative(base, root).split(sep).join('/');
  const prefix = above === '' ? '' : `${above}/`;
  for (const found of filesBelow({ path: root, below: '' }, tree)) {
    yield;
    const path = prefix + found.below;
    if (isDataName(found.named)) data.push(found);
    if (found.reason === undefined && !isSourceName(found.named)) continue;
    const text = found.reason === undefined ? readText(found, path, tree) : { reason: found.reason };
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
  files.push(...readData({ files, data, prefix, tree }));
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
function readData({ files, data, prefix, tree }: LoadedData): readonly SourceText[] {
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
    const text = readText(found, path, tree);
    if (!('text' in text)) continue;
    bytes += text.text.length;
    if (bytes > most.dataBytes) break;
    read.push({ path, text: text.text });
  }
  return read;
}

/** `prefix` is the path of the source root in the checkout, with a slash at its end. */
interface LoadedData extends Pick<IacFiles, 'files'> {
  readonly data: readonly FoundFile[];
  readonly prefix: string;
  readonly tree: CodeTree;
}

type Place = Readonly<Record<'folder' | 'checkout', string>>;

/** The gaps that files and folders leave which were not read, as far as they may declare a vault. */
export async function unreadCode(
  skipped: readonly SkippedSource[],
  place: Place,
): Promise<readonly Unreadable[]> {
  const gaps: Unreadable[] = [];
  for (const { path, reason } of skipped) {
    if (!(await mayDeclare({ path, reason }, place))) continue;
    gaps.push({
      scope: path,
      kind: 'code',
      reason: `It was not read: ${reason}.`,
      hint: 'Leave it out of the folder, or scan it by itself with --template, --bicep or --terraform.',
    });
  }
  return gaps;
}

async function mayDeclare({ path, reason }: SkippedSource, place: Place): Promise<boolean> {
  // Folders that hold no code of the checkout's own.
  if (reason.startsWith('every ')) return false;
  const absolute = resolve(place.checkout, path);
  if (reason === 'it is a symbolic link') return leadsOut(absolute, place.folder);
  return /^it(?:s ending| is (?:larger|not UTF-8))/.test(reason) ? namesVault(absolute) : true;
}

/** False for a link to what is read anyway, since it is inside the folder. */
async function leadsOut(link: string, folder: string): Promise<boolean> {
  const [to, inside] = await Promise.all([realpath(link).catch(() => undefined), realpath(folder)]);
  return to !== undefined && to !== inside && !to.startsWith(`${inside}${sep}`);
}

const names = resourceTypes.flatMap(({ type, terraform, modules }) =>
  [type.toLowerCase(), terraform?.resource, modules?.bicep, modules?.terraform.toLowerCase()].filter(
    (name) => name !== undefined,
  ),
);

/** Text in UTF-16 has a zero byte in each letter. */
const utf16 = names.map((name) => name.split('').join('\0'));

/** True where the bytes of a file name a vault, in any letter case; and where they cannot be read. */
async function namesVault(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return true;
  try {
    let before = '';
    for await (const chunk of file.createReadStream({ encoding: 'latin1', autoClose: false })) {
      const text = before + String(chunk).toLowerCase();
      if ([...names, ...utf16].some((name) => text.includes(name))) return true;
      before = text.slice(-256);
    }
    return false;
  } finally {
    await file.close();
  }
}
