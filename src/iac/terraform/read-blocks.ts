import type { Problem } from '../../model/errors.ts';
import { type Locate, locator, type SourceText } from '../checkout/source-text.ts';
import { hcl } from '../languages/dialect.ts';
import { type Entry, type Expression, opaque } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { parseString } from '../languages/parse-literal.ts';
import { readJson } from '../languages/read-json.ts';
import { attempt, statements, templateCursor } from '../languages/statements.ts';
import { type HclBlock, terraformKeywords, parseFile } from './block.ts';

/** A block, and how to find the places of its offsets. */
export interface LocatedBlock {
  readonly block: HclBlock;
  readonly locate: Locate;
}

/** Every block of a file, in HCL or in Terraform's JSON syntax. What is not understood is reported in `problems`. */
export function readBlocks(source: SourceText, problems: Problem[]): readonly LocatedBlock[] {
  const locate = locator(source);
  const blocks = source.path.endsWith('.json')
    ? readJsonBlocks(source, problems)
    : statements(source.text, { dialect: hcl, keywords: terraformKeywords }).cursors.flatMap((cursor) => {
        const body = attempt(
          () => parseFile(cursor),
          (message, at) => problems.push({ ...locate(at), message }),
        );
        return body?.blocks ?? [];
      });
  return blocks.map((block) => ({ block, locate }));
}

/** The number of labels of the blocks of each type: each is a level of objects in JSON. */
const labelsOf: ReadonlyMap<string, number> = new Map([
  ...['resource', 'data', 'ephemeral'].map((type) => [type, 2] as const),
  ...['module', 'variable', 'output', 'provider', 'check'].map((type) => [type, 1] as const),
  ...['locals', 'terraform', 'import', 'moved', 'removed'].map((type) => [type, 0] as const),
]);

/**
 * Reads the blocks in Terraform's JSON syntax. Every property of a body is an attribute, since the
 * text does not distinguish nested blocks from objects; source: https://developer.hashicorp.com/terraform/language/syntax/json.
 */
function readJsonBlocks(source: SourceText, problems: Problem[]): readonly HclBlock[] {
  const document = readJson(source, problems, readTemplateText);
  const bodies = document?.kind === 'array' ? document.items : [document];
  return bodies.flatMap(entriesOf).flatMap(({ key = '', at, value }) => {
    const labels = labelsOf.get(key);
    return labels === undefined ? [] : blocksIn(value, { type: key, labels: [], at, open: labels });
  });
}

/** A string of the JSON syntax is a template: of one interpolation alone it is the value itself. */
function readTemplateText(text: string): Expression {
  if (!/[$%]\{/.test(text)) return { kind: 'literal', value: text };
  const cursor = templateCursor(text, hcl);
  const parsed = attempt(
    () => parseString(cursor, parseExpression),
    () => undefined,
  );
  return parsed ?? opaque;
}

interface Level {
  readonly type: string;
  readonly labels: readonly string[];
  readonly at: number;
  /** Labels that are still to come. */
  readonly open: number;
}

/** At each level an array of objects is as many blocks. */
function blocksIn(value: Expression, level: Level): readonly HclBlock[] {
  if (value.kind === 'array') {
    return value.items.flatMap((item) => {
      const at = item.kind === 'object' && item.at !== undefined ? item.at : level.at;
      return item.kind === 'array' ? [] : blocksIn(item, { ...level, at });
    });
  }
  const { type, labels, at, open } = level;
  if (open === 0) return value.kind === 'object' ? [{ type, labels, at, ...bodyOf(value) }] : [];
  return entriesOf(value).flatMap((entry) =>
    blocksIn(entry.value, {
      type,
      labels: [...labels, entry.key ?? ''],
      at: entry.at,
      open: open - 1,
    }),
  );
}

function bodyOf(object: Expression): Pick<HclBlock, 'attributes' | 'blocks'> {
  const entries = entriesOf(object);
  const blocks = entries.flatMap(({ key, at, value }) => {
    if (key === 'dynamic') return blocksIn(value, { type: 'dynamic', labels: [], at, open: 1 });
    return key === 'content' ? blocksIn(value, { type: 'content', labels: [], at, open: 0 }) : [];
  });
  return { attributes: entries.filter(({ key }) => key !== 'dynamic'), blocks };
}

/** A property `//` is a comment. */
function entriesOf(object: Expression | undefined): readonly Entry[] {
  return object?.kind === 'object' ? object.entries.filter(({ key }) => key !== '//') : [];
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
