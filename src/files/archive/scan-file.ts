import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import { tryParseJson } from '../../documents/json/parse.ts';
import type { ArchivedHead, ArchivedName } from '../../model/archive.ts';
import { isJsonObject } from '../../model/json.ts';
import { textBlocks } from '../destinations/text-blocks.ts';
import { syncFolder } from '../sync-folder.ts';
import { describeFileError } from '../file-error.ts';

/** The first line of the file of a scan. */
export interface ScanFileHead extends ArchivedHead {
  /** The file whose lines these lines are changes to; absent where they are whole. */
  readonly parent?: string;
}

/** The file of a scan, as it was written. */
export interface ScanFile {
  readonly head: ScanFileHead;
  readonly lines: readonly string[];
  readonly bytes: number;
}

/** A file that cannot be read, or is not what its name says. The message is a part of a sentence. */
export class DamagedFile extends Error {
  readonly file: string;
  /** The name that is right, where nothing else is wrong. */
  readonly ownName: string | undefined;

  constructor(file: string, reason: string, ownName?: string) {
    super(reason);
    this.file = file;
    this.ownName = ownName;
  }
}

const namePattern = /^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z)\.([0-9a-f]{64})\.ndjson\.gz$/;

/** Reads the name of a file; `undefined` for any other file. */
export function scanOfName(file: string): ArchivedName | undefined {
  const [, start] = namePattern.exec(file) ?? [];
  return start === undefined ? undefined : { file, startedAt: start.replaceAll(/(?<=T.*)-/g, ':') };
}

function nameOf({ startedAt }: ArchivedHead, hash: string): string {
  return `${startedAt.replaceAll(':', '-')}.${hash}.ndjson.gz`;
}

/** Reads a file, whose name has to be that of its bytes. Throws DamagedFile. */
export async function readScanFile(folder: string, file: string): Promise<ScanFile> {
  const [, , named] = namePattern.exec(file) ?? [];
  // A name that another file tells of may be a path out of the folder.
  if (basename(file) !== file) throw new DamagedFile(file, 'its name is not that of a scan');
  const bytes = await readFile(join(folder, file)).catch((error: unknown) => {
    throw new DamagedFile(file, describeFileError(error));
  });
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (named !== undefined && hash !== named)
    throw new DamagedFile(file, 'its name was made from other bytes than it holds');
  const [first = '', ...lines] = linesIn(bytes, file);
  const head = readHead(first);
  if (head === undefined) throw new DamagedFile(file, 'it does not hold a scan');
  const own = nameOf(head, hash);
  if (own !== file)
    throw new DamagedFile(file, `it holds the scan of ${head.startedAt}, and its name says otherwise`, own);
  return { head, lines, bytes: bytes.length };
}

function linesIn(bytes: Uint8Array, file: string): readonly string[] {
  const lines: string[] = [];
  const text = inflate(bytes, file);
  for (let from = 0; from < text.length;) {
    const end = text.indexOf(lineEnd, from);
    const to = end === -1 ? text.length : end;
    lines.push(text.toString('utf8', from, to));
    from = to + 1;
  }
  return lines;
}

const lineEnd = 0x0a;

function inflate(bytes: Uint8Array, file: string): Buffer {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    throw new DamagedFile(file, error instanceof Error ? error.message : String(error));
  }
}

const headBytes = 4096;

/** Reads the head of a file alone, without a check of the rest; `undefined` where it cannot be read. */
export async function readScanHead(folder: string, file: string): Promise<ScanFileHead | undefined> {
  const handle = await open(join(folder, file)).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes) });
    const beginning = gunzipSync(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH });
    return readHead(beginning.toString('utf8').split('\n')[0] ?? '');
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

function readHead(line: string): ScanFileHead | undefined {
  const value = tryParseJson(line);
  const found = isJsonObject(value) ? value['archivedScan'] : undefined;
  if (!isJsonObject(found)) return undefined;
  const { startedAt, complete, series, parent } = found;
  if (typeof startedAt !== 'string' || typeof complete !== 'boolean' || typeof series !== 'string')
    return undefined;
  return { startedAt, complete, series, ...(typeof parent === 'string' ? { parent } : {}) };
}

/** Writes a file beside its place, to the disk, then moves it there: it is there whole or not at all. Returns its name. */
export async function writeScanFile(
  folder: string,
  head: ScanFileHead,
  lines: Iterable<string>,
): Promise<string> {
  const draft = join(folder, `.purgeproof-${randomUUID()}.part`);
  const handle = await open(draft, 'wx');
  try {
    const hash = createHash('sha256');
    // A pipeline says of a disk that is full only that it was aborted.
    for await (const chunk of compressed(textBlocks(textOf(head, lines)))) {
      hash.update(chunk);
      await handle.writeFile(chunk);
    }
    await handle.sync();
    await handle.close();
    const file = nameOf(head, hash.digest('hex'));
    await rename(draft, join(folder, file));
    await syncFolder(folder);
    return file;
  } catch (error) {
    await handle.close();
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

function compressed(blocks: Iterable<string>): AsyncIterable<Uint8Array> {
  const [text, gzip] = [Readable.from(blocks), createGzip({ level: constants.Z_BEST_COMPRESSION })];
  text.on('error', (error) => gzip.destroy(error));
  return text.pipe(gzip);
}

function* textOf(head: ScanFileHead, lines: Iterable<string>): Iterable<string> {
  yield `${JSON.stringify({ archivedScan: head })}\n`;
  for (const line of lines) yield `${line}\n`;
}
