import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { Kit } from '../model/kit.ts';
import { parseKit, tryParseKit } from '../remediation/kit/kit-file.ts';
import { bicepMark } from '../reporters/kit/bicep.ts';
import { runbookMark } from '../reporters/kit/restore.ts';
import { checkWritable, writeDocument } from './destinations/write-file.ts';
import { describeFileError, errorCode } from './file-error.ts';

/** The files of a kit in its folder. `kit.json` is the kit; the others are made from it. */
export const kitFiles = { json: 'kit.json', runbook: 'README.md' } as const;

/** A file of a kit. */
export interface KitFile {
  readonly name: string;
  readonly chunks: () => Iterable<string>;
}

/** A folder as a user names it, and the folder that the name is taken from. */
interface KitFolder {
  readonly path: string;
  readonly cwd: string;
}

/** Reads the kit in a folder. Throws UsageError where there is none, PolicyError for one that is damaged. */
export async function readKit({ path, cwd }: KitFolder): Promise<Kit> {
  const file = join(path, kitFiles.json);
  const bytes = await readFile(resolve(cwd, file)).catch((error: unknown) => {
    throw new UsageError(
      `Cannot read ${file}: ${describeFileError(error)}.`,
      'Name the folder of a kit, as this wrote it: `purgeproof kit <vault> --out <folder>`',
    );
  });
  return parseKit(bytes, file);
}

/**
 * Refuses to write a kit over anything else. The folder may be new, empty or hold a kit; files beside that are left alone.
 * `bicep` names the Bicep files to write, where they are known already. Throws UsageError.
 */
export async function checkKitFolder(folder: KitFolder, bicep: readonly string[] | undefined): Promise<void> {
  const { path, cwd } = folder;
  const present = await entriesOf(folder);
  const old = present.includes(kitFiles.json) ? await readOld(folder) : undefined;
  const written = [...Object.values(kitFiles), ...(bicep ?? [])];
  // Without kit.json, all that may be there is what an interrupted run has left.
  for (const name of old === undefined ? present : written)
    if (present.includes(name) && !(await isOurs(resolve(cwd, path, name), name)))
      throw notKit(join(path, name));
  for (const name of written) await checkWritable({ path: join(path, name), cwd });
  const forgotten = bicep === undefined ? undefined : old?.vaults.find((one) => !bicep.includes(one.bicep));
  if (forgotten === undefined) return;
  throw new UsageError(
    `The kit in ${path} also holds ${forgotten.id}, which this one would not.`,
    'Name all its vaults, or write this kit to a folder of its own.',
  );
}

/** The kit that would be replaced. */
async function readOld({ path, cwd }: KitFolder): Promise<Kit> {
  const old = tryParseKit(await readFile(resolve(cwd, path, kitFiles.json)).catch(() => Buffer.of()));
  if (old === undefined) throw notKit(join(path, kitFiles.json));
  return old;
}

/** Writes the files of a kit, each whole or not at all, `kit.json` last: a folder without it is no kit. */
export async function writeKit({ path, cwd }: KitFolder, files: readonly KitFile[]): Promise<void> {
  for (const { name, chunks } of files) await writeDocument(chunks, { path: join(path, name), cwd });
}

/** True where a Bicep file of a kit is as `text` says it should be. */
export async function isUnchanged(
  { path, cwd }: KitFolder,
  file: { name: string; text: string },
): Promise<boolean> {
  const found = await readFile(resolve(cwd, path, file.name), 'utf8').catch(() => undefined);
  return found === file.text;
}

async function entriesOf({ path, cwd }: KitFolder): Promise<readonly string[]> {
  return readdir(resolve(cwd, path)).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw new UsageError(
      `Cannot write a kit to ${path}: ${describeFileError(error)}.`,
      'Name a folder that is new, or holds a kit.',
    );
  });
}

async function isOurs(path: string, name: string): Promise<boolean> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes === undefined) return false;
  if (name === kitFiles.json) return tryParseKit(bytes) !== undefined;
  if (name !== kitFiles.runbook && !name.endsWith('.bicep')) return false;
  const mark = name === kitFiles.runbook ? runbookMark : bicepMark;
  return bytes.toString('utf8').startsWith(`${mark}\n`);
}

function notKit(file: string): UsageError {
  return new UsageError(
    `${file} is not a file of a kit, and would be overwritten.`,
    'Write the kit to a folder of its own: `purgeproof kit <vault> --out <folder>`',
  );
}
