import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** The root of the checkout that holds `folder`: the nearest ancestor with `.git`, else the folder itself. */
export function checkoutOf(folder: string): string {
  const start = resolve(folder);
  for (let at = start; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return start;
  }
}

/**
 * The path of an existing file relative to the root of the checkout, with forward slashes. `undefined` when it does not
 * exist, lies outside (also through a link), or begins like a URI scheme, which code scanning would refuse.
 */
export function relativeInCheckout(root: string, path: string): string | undefined {
  const absolute = resolve(root, path);
  if (!existsSync(absolute) || !statSync(absolute).isFile()) return undefined;
  const inside = relative(realpathSync(root), realpathSync(absolute)).split(sep);
  const [first = ''] = inside;
  return first === '..' || first === '' || first.includes(':') ? undefined : inside.join('/');
}
