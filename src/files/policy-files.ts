import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { PathKind, PolicyFile, PolicyFiles } from '../model/settings.ts';
import { describeFileError } from './file-error.ts';

/** The folders of policy files on disk. */
export interface PolicyFolders {
  /** Holds `policies/`. */
  readonly packageRoot: string;
  /** Other paths are relative to it. */
  readonly cwd: string;
}

/**
 * Policy files on disk. `onRead` gets the absolute path of each file before it is read, those of the shipped rules
 * included, which the package holds though it does not read them.
 */
export function policyFiles(
  { packageRoot, cwd }: PolicyFolders,
  onRead: (path: string) => void = () => undefined,
): PolicyFiles {
  const readOrRefuse = async (path: string, shown: string): Promise<Uint8Array> => {
    onRead(path);
    return readFile(path).catch((error: unknown) => refuse(shown, error));
  };
  const readOne = async (path: string, file: string): Promise<PolicyFile> => ({
    file,
    bytes: await readOrRefuse(path, file),
    builtIn: false,
  });
  return {
    async shippedRules() {
      const { shippedRules } = await import('./shipped-rules.ts');
      for (const { location } of shippedRules) onRead(join(packageRoot, location.file));
      return shippedRules;
    },
    async read(path) {
      const absolute = resolve(cwd, path);
      const isFolder = (await statOrRefuse(absolute, path)).isDirectory();
      const name = (found: string): string =>
        isFolder ? slashes(join(path, relative(absolute, found))) : slashes(path);
      const paths = isFolder ? await policiesBelow(absolute, name) : [absolute];
      if (paths.length === 0) {
        throw new UsageError(
          `${path} holds no rule files.`,
          'Rule files end in .yaml, .yml or .json; name the folder that holds them.',
        );
      }
      return Promise.all(paths.map((found) => readOne(found, name(found))));
    },
    async readFile(path) {
      return readOne(resolve(cwd, path), slashes(path));
    },
    describeMismatch: (path, kind) => describeMismatch(resolve(cwd, path), kind),
    relativeTo: (file, path) => (isAbsolute(path) ? path : slashes(join(dirname(file), path))),
  };
}

const configName = 'purgeproof.yaml';

/**
 * The path of the configuration file in a folder, or in the nearest one above it; `undefined` where there is none. One
 * that cannot be read is returned like any other: whoever reads it is to say so.
 */
export async function findConfig(cwd: string): Promise<string | undefined> {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const path = join(folder, configName);
    const isThere = await stat(path).then(
      (found) => !found.isDirectory(),
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
    );
    if (isThere) return slashes(relative(cwd, path));
    if (folder === dirname(folder)) return undefined;
  }
}

/** Anything but a folder counts as a file: an inventory may come through a pipe. */
async function describeMismatch(path: string, kind: PathKind): Promise<string | undefined> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    (error: unknown) => describeFileError(error),
  );
  if (typeof isFolder === 'string') return isFolder;
  if (kind === 'file' && isFolder) return 'it is a folder';
  return kind === 'folder' && !isFolder ? 'it is not a folder' : undefined;
}

/** Shortens an absolute path to the one that the user is shown. */
type Naming = (path: string) => string;

async function policiesBelow(folder: string, name: Naming): Promise<readonly string[]> {
  return (await walk(folder, name, new Set())).toSorted();
}

/** Links are followed, and a target of several links is read once: a skipped rule would be a silent gap. */
async function walk(folder: string, shown: Naming, visited: Set<string>): Promise<readonly string[]> {
  const found: string[] = [];
  const names = await readdir(folder).catch((error: unknown) => refuse(shown(folder), error));
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    const [target, isRuleFile] = [await realpath(path).catch(() => path), /\.(ya?ml|json)$/i.test(name)];
    if (visited.has(target)) continue;
    const isFolder = await stat(target).then(
      (there) => there.isDirectory(),
      () => false,
    );
    if (!isFolder && !isRuleFile) continue;
    visited.add(target);
    if (isFolder) found.push(...(await walk(path, shown, visited)));
    else found.push(path);
  }
  return found;
}

async function statOrRefuse(path: string, shown: string) {
  return stat(path).catch((error: unknown) => refuse(shown, error));
}

function refuse(shown: string, error: unknown): never {
  throw new UsageError(
    `Cannot read ${shown}: ${describeFileError(error)}.`,
    'Check the path: relative paths start at the current folder.',
  );
}

function slashes(path: string): string {
  return path.split(sep).join('/');
}
