import { resolvePath } from './source-path.ts';

/**
 * Stands for the path of the checkout, which the text does not show, before the paths that `path.module` and
 * `get_terragrunt_dir()` give. No name in Azure holds this character.
 */
const root = '\uE000';

/** The absolute path of a file or folder of the checkout, as expressions see it. */
export function absolutePath(path: string): string {
  return path === '' ? root : `${root}/${path}`;
}

/** The path in the checkout of such a text; `undefined` for any other, and where it leads out of the checkout. */
export function checkoutPath(text: string): string | undefined {
  return text === root || text.startsWith(`${root}/`) ? resolvePath('', text.slice(root.length)) : undefined;
}

/** True for text with such a path in it: its length and the parts before it are not known. */
export function holdsPath(text: string): boolean {
  return text.includes(root);
}
