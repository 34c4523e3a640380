import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..');

/** A page of the documentation by its path from the root. */
export function page(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** Every YAML block of a page, also one that is indented below an item of a list. */
export function yamlBlocks(path: string): readonly string[] {
  const blocks = page(path).matchAll(/^( *)```yaml\n(.*?)^\1```/gmsu);
  return Array.from(blocks, ([, indent = '', yaml = '']) =>
    yaml.replaceAll(new RegExp(`^${indent}`, 'gmu'), ''),
  );
}
