import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { UsageError } from '../model/errors.ts';
import { isJsonObject, parseJson } from '../model/json.ts';

/** A file that only this process may use until `release`. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * Locks a file by another one beside it, which names the process that holds it. The lock of a process that has died on
 * this machine is taken over. Throws UsageError when another one holds it.
 */
export async function lockFile(file: string): Promise<FileLock> {
  const path = `${file}.lock`;
  // A draft that is linked into place is whole from the beginning, whenever this process dies.
  const draft = `${path}.${randomUUID()}.part`;
  await writeFile(draft, `${JSON.stringify({ pid: process.pid, host: hostname() })}\n`, { mode: 0o600 });
  try {
    if (!(await isPlaced(draft, path))) {
      await removeIfDead(path);
      if (!(await isPlaced(draft, path))) throw held(path);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

/** Fails where the file is there already, as `O_EXCL` does. */
async function isPlaced(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfDead(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!isOfTheDead(text)) throw held(path);
  const aside = `${path}.${randomUUID()}.dead`;
  // Gone already: another process was faster, and the next attempt tells.
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => text);
  if (moved !== text) await isPlaced(aside, path);
  await rm(aside, { force: true });
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
