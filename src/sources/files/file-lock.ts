import { randomUUID } from 'node:crypto';
import { link, open, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UsageError } from '../../model/errors.ts';
import { isJsonObject, parseJson } from '../../model/json.ts';

/** Makes a second name for a file, and fails with `EEXIST` where that name is taken. */
type Link = (existing: string, name: string) => Promise<void>;

/** A file that only this process may use until `release`. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Locks a file by another one beside it, which names the process that holds it. The lock of a process that has died on
 * this machine is taken over. Throws UsageError when another one holds it.
 */
export async function lockFile(file: string, linkTo: Link = link): Promise<FileLock> {
  const path = `${file}.lock`;
  // A draft that is linked into place is whole from the beginning, whenever this process dies.
  const draft = `${path}.${randomUUID()}.part`;
  await writeFile(draft, `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`, { mode: 0o600 });
  try {
    if (!(await isPlaced(draft, path, linkTo))) {
      await removeIfDead(path, draft, linkTo);
      if (!(await isPlaced(draft, path, linkTo))) throw held(path);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** False where the file is there already. */
async function isPlaced(draft: string, path: string, linkTo: Link): Promise<boolean> {
  try {
    await linkTo(draft, path).catch(async (error: unknown) => {
      if (!withoutLinks.has(codeOf(error))) throw error;
      await createOnly(path, await readFile(draft, 'utf8'));
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** What file systems without hard links answer, such as FAT and some network shares. */
const withoutLinks = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** As safe as a link against another process. A crash half-way leaves a lock that names nobody, which is nobody's to take. */
async function createOnly(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

/** Only who holds the guard removes a lock, so that nobody removes one that was taken a moment ago. */
async function removeIfDead(path: string, draft: string, linkTo: Link): Promise<void> {
  if (!isOfTheDead(await read(path))) throw held(path);
  const guard = `${path}.takeover`;
  if (!(await isPlaced(draft, guard, linkTo))) throw held(guard);
  try {
    if (isOfTheDead(await read(path))) await rm(path, { force: true });
  } finally {
    await rm(guard, { force: true });
  }
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function isOfTheDead(text: string): boolean {
  const holder = tryParse(text);
  if (!isJsonObject(holder) || holder['host'] !== hostname()) return false;
  const pid = holder['pid'];
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function held(path: string): UsageError {
  return new UsageError(
    'Another apply is using this journal.',
    `Wait for it to end. If none is running, on any machine, delete ${path} and apply again.`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
