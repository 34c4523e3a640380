import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/**
 * The root of the checkout that holds a folder: the nearest folder, from there upwards, with a `.git` (a folder, or
 * the file of a worktree or submodule); without one the folder itself. Absolute, symbolic links resolved.
 */
export async function checkoutOf(folder: string): Promise<string> {
  const start = await realpath(folder).catch(() => resolve(folder));
  for (let at = start; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) return at;
    if (dirname(at) === at) return start;
  }
}

/**
 * The path of a file as code scanning wants it: relative to the root of the checkout, with forward slashes. `path` is
 * absolute or relative to `root`. `undefined` where no such file is inside the checkout, symbolic links resolved, and
 * where the path would read as one with a scheme or does not survive as a uri.
 */
export async function relativeInCheckout(root: string, path: string): Promise<string | undefined> {
  const [realRoot, real] = await Promise.all([root, resolve(root, path)].map(resolveLinks));
  if (realRoot === undefined || real === undefined) return undefined;
  const isFile = await stat(real).then(
    (found) => found.isFile(),
    () => false,
  );
  const segments = relative(realRoot, real).split(sep);
  const [first = ''] = segments;
  const outside = first === '' || first === '..' || isAbsolute(relative(realRoot, real));
  const inside = segments.join('/');
  return !isFile || outside || !isFitForCodeScanning(inside) ? undefined : inside;
}

/** False for a relative path that would read as one with a scheme, or that does not survive as a uri. */
export function isFitForCodeScanning(path: string): boolean {
  return !/^[^/]*:|\\/.test(path);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function resolveLinks(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}
