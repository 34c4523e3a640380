import type { SourceText } from '../checkout/source-text.ts';
import type { Entry } from '../languages/expression.ts';
import type { HclBlock } from './block.ts';
import type { LocatedBlock } from './read-blocks.ts';

/** True for a file of a Terraform or OpenTofu module, by its name. */
export function isModuleFile({ path }: SourceText): boolean {
  return /\.(?:tf|tofu)(?:\.json)?$/.test(path);
}

/**
 * The files of a module that are loaded: OpenTofu ignores `main.tf` next to `main.tofu`, and `main.tf.json`
 * next to `main.tofu.json` (https://opentofu.org/docs/language/files/). A module that has both is deployed with OpenTofu.
 */
export function loadedFiles(files: readonly SourceText[]): readonly SourceText[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.filter(({ path }) => {
    const preferred = path.replace(/\.tf(\.json)?$/, '.tofu$1');
    return preferred === path || !paths.has(preferred);
  });
}

/** The key of the module in a folder. A folder and a file may have the same path in the end. */
export function moduleKey(folder: string): string {
  return `terraform:${folder}`;
}

/** True for a file that Terraform and OpenTofu merge into the others: `override.tf`, `main_override.tf.json`. */
export function isOverrideFile(path: string): boolean {
  return /(?:^|[/_])override\.(?:tf|tofu)(?:\.json)?$/.test(path);
}

/**
 * Merges the blocks of override files into those of the same type and labels, as Terraform does
 * (https://developer.hashicorp.com/terraform/language/files/override): an attribute replaces that of its name, nested
 * blocks all of their type. What is merged in is located at the block that it changes.
 */
export function withOverrides(
  blocks: readonly LocatedBlock[],
  overrides: readonly LocatedBlock[],
): readonly LocatedBlock[] {
  const changes = new Map<string, HclBlock[]>();
  for (const { block } of overrides)
    changes.set(addressOf(block), [...(changes.get(addressOf(block)) ?? []), block]);
  if (changes.size === 0) return blocks;
  return blocks.map(({ block, locate }) => ({
    block: (changes.get(addressOf(block)) ?? []).reduce(merged, block),
    locate,
  }));
}

function addressOf({ type, labels }: HclBlock): string {
  return [type, ...labels].join('.');
}

function merged(base: HclBlock, { attributes, blocks }: HclBlock): HclBlock {
  const names = new Set(attributes.map(({ key }) => key));
  const types = new Set(blocks.map(({ type }) => type));
  return {
    ...base,
    attributes: [
      ...base.attributes.filter(({ key }) => !names.has(key)),
      ...attributes.map((entry) => placedAt(entry, base.at)),
    ],
    blocks: [
      ...base.blocks.filter(({ type }) => !types.has(type)),
      ...blocks.map((block) => blockAt(block, base.at)),
    ],
  };
}

function blockAt(block: HclBlock, at: number): HclBlock {
  return {
    ...block,
    at,
    attributes: block.attributes.map((entry) => placedAt(entry, at)),
    blocks: block.blocks.map((inner) => blockAt(inner, at)),
  };
}

function placedAt({ key, value }: Entry, at: number): Entry {
  if (value.kind !== 'object') return { ...(key === undefined ? {} : { key }), at, value };
  const entries = value.entries.map((entry) => placedAt(entry, at));
  return { ...(key === undefined ? {} : { key }), at, value: { ...value, entries } };
}
