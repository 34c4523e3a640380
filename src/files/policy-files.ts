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
  const readOnce = async (found: readonly [FoundFile, ...FoundFile[]]): Promise<PolicyFile> => {
    const [{ path, name }] = found;
    const givenAs = [...new Set(found.map(({ given }) => given))];
    return { ...(await readOne(path, name)), ...(givenAs.length > 1 ? { givenAs } : {}) };
  };
  return {
    async shippedRules() {
      const { shippedRules } = await import('./shipped-rules.ts');
      for (const { location } of shippedRules) onRead(join(packageRoot, location.file));
      return shippedRules;
    },
    async read(paths) {
      const found = await Promise.all(paths.map((path) => filesAt(path, cwd)));
      const byTarget = new Map<string, [FoundFile, ...FoundFile[]]>();
      for (const file of found.flat()) {
        const earlier = byTarget.get(file.target);
        if (earlier === undefined) byTarget.set(file.target, [file]);
        else earlier.push(file);
      }
      return Promise.all(Array.from(byTarget.values(), readOnce));
    },
    async readFile(path) {
      return readOne(resolve(cwd, path), slashes(path));
    },
    describeMismatch: (path, kind) => describeMismatch(resolve(cwd, path), kind),
    identityOf: (path) => targetOf(resolve(cwd, path)),
    relativeTo: (file, path) => (isAbsolute(path) ? path : slashes(join(dirname(file), path))),
  };
}

/** A rule file, as one of the paths that were given leads to it. */
interface FoundFile {
  readonly path: string;
  /** The path to show. */
  readonly name: string;
  readonly target: string;
  readonly given: string;
}

async function filesAt(given: string, cwd: string): Promise<readonly FoundFile[]> {
  const absolute = resolve(cwd, given);
  const isFolder = (await statOrRefuse(absolute, given)).isDirectory();
  const name = (found: string): string =>
    isFolder ? slashes(join(given, relative(absolute, found))) : slashes(given);
  const paths = isFolder ? await policiesBelow(absolute, name) : [absolute];
  if (paths.length === 0) {
    throw new UsageError(
      `${given} holds no rule files.`,
      'Rule files end in .yaml, .yml or .json; name the folder that holds them.',
    );
  }
  return Promise.all(
    paths.map(async (path) => ({ path, name: name(path), target: await targetOf(path), given })),
  );
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
    const [target, isRuleFile] = [await targetOf(path), /\.(ya?ml|json)$/i.test(name)];
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

/** The file that links lead to. */
async function targetOf(path: string): Promise<string> {
  return realpath(path).catch(() => path);
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
