import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { isDataName, isNamed, namedFiles } from '../../iac/checkout/named-files.ts';
import { isSourceName, isSourceText } from '../../iac/checkout/source-kind.ts';
import { isScanReport } from '../../reporters/scan/formats.ts';
import { type FilePlace, resolvedPathOf } from './file-identity.ts';

/**
 * True when a file is infrastructure code below `sourceRoot`, by any of its names. A report of an earlier scan is not,
 * whatever it is called, nor is an empty file.
 */
export async function isInfrastructureCode(file: FilePlace, sourceRoot: string): Promise<boolean> {
  const found = await stat(resolve(file.cwd, file.path)).catch(() => undefined);
  if (found?.isFile() !== true || found.size === 0) return false;
  const root = await resolvedPathOf({ path: sourceRoot, cwd: file.cwd });
  const place = await resolvedPathOf(file);
  const name =
    isBelow(root, place) && (isSourceName(place) || isDataName(place))
      ? place
      : await hardLinkBelow(root, found);
  if (name === undefined || isScanReport(await beginningOf(place))) return false;
  const text = /\.jsonc?$/.test(name) ? await readFile(place, 'utf8') : '';
  if (isSourceName(name) && isSourceText({ path: name, text })) return true;
  return isDataName(name) && isNamed(relative(root, name).split(sep).join('/'), await namesIn(root));
}

/** The names of the files that the infrastructure code below a folder loads. */
async function namesIn(root: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const names = new Set<string>();
  for (const entry of entries) {
    const isCode = entry.isFile() && isSourceName(entry.name) && !entry.name.endsWith('.json');
    if (!isCode || /[\\/](?:node_modules|\.git)(?:[\\/]|$)/.test(entry.parentPath)) continue;
    const text = await readFile(join(entry.parentPath, entry.name), 'utf8').catch(() => '');
    for (const name of namedFiles([{ path: entry.name, text }])) names.add(name);
  }
  return names;
}

function isBelow(root: string, place: string): boolean {
  const way = relative(root, place);
  return way !== '' && way.split(sep)[0] !== '..' && resolve(root, way) === place;
}

interface FoundFile {
  readonly dev: number;
  readonly ino: number;
  readonly nlink: number;
}

/** Another name of a file among the infrastructure code. Only a file with several names is worth the search. */
async function hardLinkBelow(root: string, file: FoundFile): Promise<string | undefined> {
  if (file.nlink < 2) return undefined;
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !isSourceName(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const other = await stat(path).catch(() => undefined);
    if (other?.ino === file.ino && other.dev === file.dev) return path;
  }
  return undefined;
}

/** The bytes that distinguish a report from any other file. */
const beginningBytes = 16_384;

async function beginningOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(beginningBytes) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
