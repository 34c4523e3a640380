import { sep, join, relative, resolve } from 'node:path';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import type { CommandInputs, Destination } from '../../model/destination.ts';
import { UsageError } from '../../model/errors.ts';
import { identityOf, resolvedPathOf, type FilePlace } from './file-identity.ts';
import { checkWritable } from './write-file.ts';
import { isDataName, isNamed, namedFiles } from '../../iac/checkout/named-files.ts';
import { isSourceName, isSourceText } from '../../iac/checkout/source-kind.ts';
import { isScanReport } from '../../reporters/scan/beginnings.ts';

interface InputsOnDisk extends CommandInputs {
  /** The folder that paths are taken from. */
  readonly cwd: string;
}

/**
 * Checks, before anything is sent, that every document can be written to its destination. Throws one `UsageError` for all that
 * are wrong: a file that the command reads by whatever name, two documents for one file, a folder, what cannot be
 * written. Writes nothing.
 */
export async function checkDestinations(
  destinations: readonly Destination[],
  inputs: InputsOnDisk,
): Promise<void> {
  const mistakes = [...(await clashes(destinations, inputs)), ...(await unwritable(destinations, inputs))];
  const [first, ...others] = mistakes;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const hints = new Set(mistakes.map(({ hint }) => hint));
  throw new UsageError(mistakes.map(({ message }) => message).join('\n'), [...hints].join('\n'));
}

async function clashes(
  destinations: readonly Destination[],
  { cwd, files, sourceRoot }: InputsOnDisk,
): Promise<readonly UsageError[]> {
  const read = new Set<string>();
  for (const path of files)
    if (path !== undefined)
      for (const name of await identityOf({ path: path === '-' ? '/dev/stdin' : path, cwd })) read.add(name);
  const written = new Set<string>();
  const mistakes: UsageError[] = [];
  for (const { path } of destinations) {
    const file = { path: path ?? '/dev/stdout', cwd };
    const names = await identityOf(file);
    const isInput =
      names.some((name) => read.has(name)) ||
      (path !== undefined && sourceRoot !== undefined && (await isInfrastructureCode(file, sourceRoot)));
    if (isInput) mistakes.push(overwrites(path));
    else if (names.some((name) => written.has(name))) mistakes.push(twice(path));
    else if (await isInsideAnother(file, written)) mistakes.push(inside(path));
    for (const name of names) written.add(name);
  }
  return mistakes;
}

async function unwritable(
  destinations: readonly Destination[],
  { cwd }: InputsOnDisk,
): Promise<readonly UsageError[]> {
  const mistakes: UsageError[] = [];
  for (const { path } of destinations) {
    if (path === undefined) continue;
    await checkWritable({ path, cwd }).catch((error: unknown) => {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(error);
    });
  }
  return mistakes;
}

/** True below a place where another document makes a file. */
async function isInsideAnother(
  file: { readonly path: string; readonly cwd: string },
  written: ReadonlySet<string>,
): Promise<boolean> {
  const place = await resolvedPathOf(file);
  return [...written].some((other) => place.startsWith(`${other}${sep}`));
}

function overwrites(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(
    `A report would overwrite ${path}, which is also an input.`,
    'Write the report to another file.',
  );
}

function twice(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(`Two reports would go to ${path}.`, 'Give each its own file.');
}

function inside(path = 'the file that standard output goes to'): UsageError {
  return new UsageError(
    `Another report would be written where ${path} needs a folder.`,
    'Give each its own file.',
  );
}

/**
 * True when a file is infrastructure code below `sourceRoot`, by any of its names. A report of an earlier scan is not,
 * whatever it is called, nor is an empty file.
 */
async function isInfrastructureCode(file: FilePlace, sourceRoot: string): Promise<boolean> {
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
