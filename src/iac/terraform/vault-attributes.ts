import type { TerraformArgument } from '../../resource-types/resource-type.ts';
import type { Locate } from '../checkout/source-text.ts';
import type { Expression } from '../languages/expression.ts';
import { objectProperties } from '../programs/object-properties.ts';
import type { LocatedValue } from '../programs/template.ts';
import type { HclBlock, HclBody } from './block.ts';

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
