import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { tryParseJson } from '../../documents/json/parse.ts';
import { applyChanges } from '../../history/line-changes.ts';
import type { ArchivedName } from '../../model/archive.ts';
import { compareText } from '../../model/compare-text.ts';
import { UsageError } from '../../model/errors.ts';
import { isJsonObject } from '../../model/json.ts';
import { writeDocument } from '../destinations/write-file.ts';
import { describeFileError, errorCode } from '../file-error.ts';
import { DamagedFile, readScanFile, readScanHead, type ScanFile, scanOfName } from './scan-file.ts';

/** An archive as a user names it, and the folder that the name is taken from. */
export interface ArchivePlace {
  readonly folder: string;
  readonly cwd: string;
}

/** The file that makes a folder an archive. */
export const archiveFile = 'archive.json';
const formatKey = 'purgeproofArchive';
const format = '1.0';

/** True for an archive of a version that can be read here. */
export async function isArchive({ folder, cwd }: ArchivePlace): Promise<boolean> {
  const text = await readFile(resolve(cwd, folder, archiveFile), 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return undefined;
    throw unreadable(folder, describeFileError(error));
  });
  if (text === undefined) return false;
  const value = tryParseJson(text);
  const version = isJsonObject(value) ? value[formatKey] : undefined;
  if (typeof version !== 'string') throw withoutFormat(folder, `${archiveFile} does not say what it is`);
  if (/^1\.\d+$/.test(version)) return true;
  throw new UsageError(
    `${folder} is an archive of version ${version}, and this purgeproof knows version 1.`,
    'Update purgeproof: `npm install --global purgeproof@latest`',
  );
}

/** The error for a folder with archived scans, of which nothing says how to read them. */
export function withoutFormat(folder: string, why: string): UsageError {
  return new UsageError(
    `Cannot read the archive ${folder}: ${why}.`,
    `Restore ${archiveFile} from a backup, or write this line into it: ${formatText}`,
  );
}

const formatText = JSON.stringify({ [formatKey]: format });

function unreadable(folder: string, why: string): UsageError {
  return new UsageError(`Cannot read the archive ${folder}: ${why}.`, 'Check the path and its permissions.');
}

/** Makes a folder an archive, if it is none yet, and takes out what processes that were killed left in it the day before or earlier. */
export async function prepareArchive(place: ArchivePlace, startedAt: string): Promise<void> {
  const path = resolve(place.cwd, place.folder);
  await mkdir(path, { recursive: true });
  const drafts = (await entriesOf(place)).filter(isDraft).map((name) => join(path, name));
  for (const draft of drafts) {
    const { mtimeMs = Number.POSITIVE_INFINITY } = (await stat(draft).catch(() => undefined)) ?? {};
    if (mtimeMs < Date.parse(startedAt) - dayMs) await rm(draft, { force: true }).catch(() => undefined);
  }
  if (await isArchive(place)) return;
  await writeDocument(() => [`${formatText}\n`], { path: join(place.folder, archiveFile), cwd: place.cwd });
}

const dayMs = 86_400_000;

/** The names of the files in an archive, or where one is to be; none where there is no folder yet. */
export async function entriesOf({ folder, cwd }: ArchivePlace): Promise<readonly string[]> {
  return readdir(resolve(cwd, folder)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw unreadable(folder, describeFileError(error));
  });
}

/** A file that a process which was killed has left. */
export function isDraft(name: string): boolean {
  return name.startsWith('.purgeproof-') && name.endsWith('.part');
}

/** The scans in an archive by their names alone, the earliest first. */
export async function namedScansIn(place: ArchivePlace): Promise<readonly ArchivedName[]> {
  return (await entriesOf(place)).flatMap((name) => scanOfName(name) ?? []).toSorted(byStart);
}

/**
 * The scans in an archive, the earliest first. One that somebody has renamed stands where it belongs by what it holds: reading it
 * says so, and leaving it out would not.
 */
export async function scansIn(place: ArchivePlace): Promise<readonly ArchivedName[]> {
  const path = resolve(place.cwd, place.folder);
  const entries = await entriesOf(place);
  const scans: ArchivedName[] = [];
  for (const file of entries) {
    const [named, head] = [scanOfName(file), isDraft(file) ? undefined : await readScanHead(path, file)];
    if (head === undefined || head.startedAt === named?.startedAt) {
      if (named !== undefined) scans.push(named);
    } else if (!(await isCopy(path, file, entries))) scans.push({ file, startedAt: head.startedAt });
  }
  return scans.toSorted(byStart);
}

/** True for a file that stands there under its own name as well. */
async function isCopy(path: string, file: string, entries: readonly string[]): Promise<boolean> {
  const error = await readScanFile(path, file).catch((reason: unknown) => reason);
  return error instanceof DamagedFile && error.ownName !== undefined && entries.includes(error.ownName);
}

function byStart(one: ArchivedName, other: ArchivedName): number {
  return compareText(one.startedAt, other.startedAt) || compareText(one.file, other.file);
}

/** A scan with all its lines, and the size of the files that they are made from. */
export interface WholeScan {
  readonly lines: readonly string[];
  /** On the disk: of the whole scan that it began with, and of the changes since then. */
  readonly whole: number;
  readonly changes: number;
}

/** Makes scans from their files. */
export interface ChainReader {
  /** Throws DamagedFile for the first file that cannot be believed. */
  read(file: string): Promise<WholeScan>;
}

/** Scans are most often read in the order of their time, each a change to the one before it or to the last complete one. */
const mostKept = 3;

/** Prepares to read the files of a folder. */
export function chainReader(path: string): ChainReader {
  const kept = new Map<string, WholeScan>();
  return {
    async read(file) {
      const steps: (ScanFile & { readonly file: string })[] = [];
      let scan: WholeScan | undefined;
      for (let next: string | undefined = file; next !== undefined;) {
        scan = kept.get(next);
        if (scan !== undefined) break;
        const step: ScanFile = await readScanFile(path, next);
        steps.push({ ...step, file: next });
        next = step.head.parent;
      }
      for (const step of steps.toReversed()) scan = follow(scan, step);
      if (scan === undefined) throw new Error('a chain of files has at least one');
      kept.set(file, scan);
      for (const oldest of [...kept.keys()].slice(0, -mostKept)) kept.delete(oldest);
      return scan;
    },
  };
}

function follow(before: WholeScan | undefined, step: ScanFile & { readonly file: string }): WholeScan {
  const size = Math.ceil(step.bytes / blockBytes) * blockBytes;
  if (step.head.parent === undefined || before === undefined)
    return { lines: step.lines, whole: size, changes: 0 };
  try {
    const lines = applyChanges(before.lines, step.lines);
    return { lines, whole: before.whole, changes: before.changes + size };
  } catch (error) {
    if (error instanceof RangeError) throw new DamagedFile(step.file, error.message);
    throw error;
  }
}

/** The least that a file takes on most file systems. */
const blockBytes = 4096;
