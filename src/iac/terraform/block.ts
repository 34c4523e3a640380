import {
  accept,
  type Cursor,
  expect,
  expectEnd,
  failure,
  nested,
  peek,
  skipNewlines,
  take,
} from '../languages/cursor.ts';
import { type Entry, type Expression, type Loop, textOf } from '../languages/expression.ts';
import { parseExpression } from '../languages/parse-expression.ts';
import { parseString } from '../languages/parse-literal.ts';
import type { TerraformArgument } from '../../resource-types/resource-type.ts';
import type { Locate } from '../checkout/source-text.ts';
import { objectProperties } from '../programs/object-properties.ts';
import type { LocatedValue } from '../programs/template.ts';

/** A block of HCL: `type "label" "label" { attributes and blocks }`. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Offset of the type. */
  readonly at: number;
  readonly attributes: readonly Entry[];
  readonly blocks: readonly HclBlock[];
}

/** The content of a file, or between the braces of a block. */
export type HclBody = Pick<HclBlock, 'attributes' | 'blocks'>;

/** Words that begin a block of Terraform at the margin; a file is cut at them. */
export const terraformKeywords: ReadonlySet<string> = new Set([
  'resource',
  'module',
  'variable',
  'locals',
  'data',
  'output',
  'provider',
  'terraform',
  'import',
  'moved',
  'removed',
  'check',
  'ephemeral',
]);

/** Parses attributes and blocks to the limit of the cursor. Throws `SyntaxFailure`. */
export function parseFile(cursor: Cursor): HclBody {
  const body = parseBody(cursor);
  expectEnd(cursor);
  return body;
}

/** The value of an attribute. */
export function attributeOf(body: HclBody | undefined, name: string): Expression | undefined {
  return body?.attributes.find(({ key }) => key === name)?.value;
}

function parseBody(cursor: Cursor): HclBody {
  const attributes: Entry[] = [];
  const blocks: HclBlock[] = [];
  for (;;) {
    skipNewlines(cursor);
    const { kind, text, at } = peek(cursor);
    if (kind === 'end' || text === '}') return { attributes, blocks };
    if (kind !== 'word' && kind !== 'open') throw failure(cursor, 'expected an attribute or a block');
    const key = kind === 'open' ? (textOf(parseString(cursor, parseExpression)) ?? '') : take(cursor).text;
    if (accept(cursor, '=')) {
      skipNewlines(cursor);
      attributes.push({ key, at, value: parseExpression(cursor) });
    } else blocks.push(nested(cursor, () => parseBlock(cursor, key, at)));
    accept(cursor, ',');
  }
}

function parseBlock(cursor: Cursor, type: string, at: number): HclBlock {
  const labels: string[] = [];
  for (let next = peek(cursor); next.kind === 'open' || next.kind === 'word'; next = peek(cursor)) {
    if (next.kind === 'word') labels.push(take(cursor).text);
    else labels.push(textOf(parseString(cursor, parseExpression)) ?? '');
  }
  expect(cursor, '{');
  const body = parseBody(cursor);
  expect(cursor, '}');
  return { type, labels, at, ...body };
}

/** The loop of a block: `for_each`, which gives `each.key` and `each.value`, or `count` with its index. */
export function loopOf(body: HclBody): Loop | undefined {
  const over = attributeOf(body, 'for_each');
  if (over !== undefined) return { over, keyName: 'each.key', valueName: 'each.value', keyedByItem: true };
  const count = attributeOf(body, 'count');
  return count === undefined ? undefined : { over: count, valueName: 'count.index', keyedByItem: false };
}

/** The properties, and the members of blocks, that the arguments of a resource or module set. */
export interface Attributes {
  /** Canonical paths in lower case, by the names of arguments. */
  readonly paths: ReadonlyMap<string, string>;
  /** Members, in lower case, by the names of arguments in blocks where the two differ. */
  readonly members: ReadonlyMap<string, string>;
}

/** Arranges the arguments of a record to be found by their names. */
export function attributesOf(args: readonly TerraformArgument[]): Attributes {
  const inner = args.flatMap(({ block = [] }) => block);
  return {
    paths: new Map(args.map(({ name, property }) => [name, `properties.${property.toLowerCase()}`])),
    members: new Map(inner.map(({ name, property }) => [name, property.toLowerCase()])),
  };
}

/** The properties that the attributes of a body set, and those in its blocks and objects. */
export function attributeProperties(
  body: HclBody,
  attributes: Attributes,
  locate: Locate,
): ReadonlyMap<string, LocatedValue> {
  const properties = new Map<string, LocatedValue>();
  for (const { key = '', at, value } of body.attributes) {
    const path = attributes.paths.get(key);
    if (path === undefined) continue;
    properties.set(path, { at: locate(at), value });
    for (const [inner, written] of objectProperties(onlyItem(value), locate, path))
      properties.set(renamed(inner, attributes), written);
  }
  for (const block of body.blocks.map(contentOf)) {
    const path = attributes.paths.get(block.type);
    if (path === undefined || properties.has(path)) continue;
    properties.set(path, { at: locate(block.at), value: { kind: 'opaque', parts: [] } });
    for (const { key = '', at, value } of block.attributes) {
      properties.set(renamed(`${path}.${key}`, attributes), { at: locate(at), value });
    }
  }
  return properties;
}

/** The one object of a list: JSON writes a block so. */
function onlyItem(value: Expression): Expression {
  const [only, ...others] = value.kind === 'array' ? value.items : [value];
  return only === undefined || others.length > 0 ? value : only;
}

/** The block that a `dynamic "network_acls"` block makes; any other block itself. */
function contentOf(block: HclBlock): HclBlock {
  const content = block.blocks.find(({ type }) => type === 'content');
  const [type] = block.labels;
  if (block.type !== 'dynamic' || content === undefined || type === undefined) return block;
  return { ...content, type, at: block.at };
}

function renamed(path: string, { members }: Attributes): string {
  const dot = path.lastIndexOf('.');
  return `${path.slice(0, dot)}.${members.get(path.slice(dot + 1)) ?? path.slice(dot + 1)}`;
}

/** True for a type such as `list(object({ purge = optional(bool, true) }))`. */
export function holdsOptional(type: Expression | undefined): boolean {
  if (type?.kind === 'object') return type.entries.some(({ value }) => holdsOptional(value));
  if (type?.kind !== 'call') return false;
  return type.name === 'optional' || type.arguments.some(holdsOptional);
}
