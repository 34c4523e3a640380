import { groupsBy } from '../../model/groups-by.ts';
import { resourceTypes } from '../../resource-types/index.ts';
import type { ResourceType, TerraformArgument, TerraformMember } from '../../resource-types/resource-type.ts';
import { type Entry, type Expression, opaque, valueOf } from '../languages/expression.ts';
import { attributeOf, type HclBlock, type HclBody } from './block.ts';

/** The resource that the arguments of a Terraform block make, as ARM takes it; what none of them sets is left out. */
export function armBody(block: HclBody, args: readonly TerraformArgument[]): Expression {
  const properties = new Map<string, Expression>();
  for (const argument of args) {
    const value = sentFor(block, argument);
    if (value === undefined) continue;
    const held = properties.get(argument.property);
    // A new name for an argument, and the old one.
    properties.set(argument.property, held === undefined ? value : call('eitherOf()', [value, held]));
  }
  const outer = ['name', 'location', 'tags'].flatMap((name): readonly Entry[] => {
    const value = attributeOf(block, name);
    return value === undefined ? [] : [entry(name, value)];
  });
  return objectOf([...outer, entry('properties', nested(properties))]);
}

/**
 * The planned arguments of a resource that is there already. Of two names for one thing the provider keeps what it had under the one that is
 * not written, and sends the one that changes.
 */
export function withChangedNames(planned: readonly Entry[], before: Expression): readonly Entry[] {
  const changed = planned.filter(({ key = '', value }) => !isSame(valueOf(before, key), value));
  return planned.map((entry) => {
    const names = otherNames.get(entry.key ?? '') ?? [];
    const [only, ...others] = changed.filter(({ key = '' }) => names.includes(key));
    return only === undefined || others.length > 0 ? entry : { ...entry, value: only.value };
  });
}

function isSame(one: Expression | undefined, other: Expression): boolean {
  return one?.kind === 'literal' && other.kind === 'literal' && one.value === other.value;
}

/** The names of arguments that set one property, by each of them. */
const otherNames: ReadonlyMap<string, readonly string[]> = new Map(
  resourceTypes
    .flatMap(({ terraform }) => groupsBy(terraform?.arguments ?? [], ({ property }) => property))
    .filter((group) => group.length > 1)
    .flatMap((group) => group.map(({ name }) => [name, group.map((other) => other.name)] as const)),
);

/** Paths of fields that no argument sets: the provider decides them, or they are not known here. */
export function unsetByArguments(
  { fields }: Pick<ResourceType, 'fields'>,
  args: readonly TerraformArgument[],
): readonly string[] {
  const set = new Set(args.map(({ property }) => `properties.${property.split('.')[0] ?? ''}`));
  const others = ['sku', 'identity'].filter((name) => name in fields);
  const own = Object.keys(fields).filter((path) => /^properties\.[^.[]+$/.test(path) && !set.has(path));
  return [...others, ...own];
}

/** The body of an azapi resource, an object or the text of one, with what the block itself sets. */
export function azapiBody(block: HclBlock, written: Expression | undefined): Expression {
  const shown: Expression = { kind: 'call', name: 'jsondecode', arguments: [written ?? emptyObject] };
  const hidden = attributeOf(block, 'sensitive_body');
  const isWhole = hidden === undefined || (hidden.kind === 'literal' && hidden.value === null);
  const body: Expression = isWhole ? shown : { kind: 'call', name: 'union', arguments: [shown, opaque] };
  const own = block.attributes.filter(({ key = '' }) => ['name', 'location', 'tags'].includes(key));
  return { kind: 'object', entries: [{ at: 0, value: body }, ...own] };
}

const emptyObject: Expression = { kind: 'object', entries: [] };

/** The value that the provider sends for an argument: the one that is written, or its own. */
function sentFor(block: HclBody, argument: TerraformArgument): Expression | undefined {
  const written = writtenOf(block, argument);
  const value = written && converted(written, argument);
  if (argument.otherwise === undefined) return value;
  const own: Expression = { kind: 'literal', value: argument.otherwise };
  return value === undefined ? own : call('coalesce', [value, own]);
}

/** The value of an argument: an attribute, or the list of the blocks of its name. */
function writtenOf(block: HclBody, { name, as }: TerraformArgument): Expression | undefined {
  const attribute = attributeOf(block, name);
  if (attribute !== undefined || (as !== 'object' && as !== 'list')) return attribute;
  const items = block.blocks.flatMap((inner): readonly Expression[] => {
    if (inner.type === name) return [objectOf(inner.attributes)];
    return inner.type === 'dynamic' && inner.labels[0] === name ? [dynamicItems(inner)] : [];
  });
  return items.length === 0 ? undefined : { kind: 'array', items };
}

/** The blocks of a `dynamic` block: as many as its `for_each` has elements. */
function dynamicItems(block: HclBlock): Expression {
  const content = block.blocks.find(({ type }) => type === 'content');
  const over = attributeOf(block, 'for_each');
  const iterator = attributeOf(block, 'iterator');
  const name = iterator?.kind === 'reference' ? iterator.name : (block.labels[0] ?? '');
  if (content === undefined || over === undefined) return { kind: 'expansion', of: opaque };
  return {
    kind: 'expansion',
    of: {
      kind: 'for',
      keyName: `${name}.key`,
      valueName: `${name}.value`,
      over,
      value: objectOf(content.attributes),
    },
  };
}

function converted(written: Expression, { as, members = [] }: TerraformArgument): Expression {
  if (as === 'state') return call('enabledState()', [written]);
  if (as === 'negated') return call('not', [written]);
  if (as === 'object') {
    const item = call('onlyItem()', [written]);
    return call('ifPresent()', [item, withMembers(item, members)]);
  }
  if (as !== 'list') return written;
  return {
    kind: 'for',
    valueName: 'item()',
    over: written,
    value: withMembers({ kind: 'reference', name: 'item()' }, members),
  };
}

function withMembers(of: Expression, members: readonly TerraformMember[]): Expression {
  return nested(
    new Map(
      members.map(({ name, property, each }) => {
        const value = call('tryGet', [of, { kind: 'literal', value: name }]);
        return [property, each === undefined ? value : eachAs(value, each)];
      }),
    ),
  );
}

/** A list of objects with one member each, from a list of what that is. */
function eachAs(over: Expression, member: string): Expression {
  const value = objectOf([entry(member, { kind: 'reference', name: 'text()' })]);
  return { kind: 'for', valueName: 'text()', over, value };
}

/** An object with these members; a path is an object inside of it. */
function nested(values: ReadonlyMap<string, Expression>): Expression {
  const inner = new Map<string, Map<string, Expression>>();
  const entries: Entry[] = [];
  for (const [path, value] of values) {
    const [first = '', ...rest] = path.split('.');
    if (rest.length === 0) entries.push(entry(first, value));
    else inner.set(first, (inner.get(first) ?? new Map<string, Expression>()).set(rest.join('.'), value));
  }
  for (const [name, members] of inner) entries.push(entry(name, nested(members)));
  return objectOf(entries);
}

function entry(key: string, value: Expression): Entry {
  return { key, at: 0, value };
}

function objectOf(entries: readonly Entry[]): Expression {
  return { kind: 'object', entries };
}

function call(name: string, args: readonly Expression[]): Expression {
  return { kind: 'call', name, arguments: args };
}
