import { type Json, type JsonObject, sameJson } from '../../model/json.ts';
import { literalOf } from '../evaluation/name-pattern.ts';
import { isClosed, type Value, type Values } from '../evaluation/value.ts';

/** A value as far as every way to deploy it has the same; where the ways differ, it is a gap. */
export type KnownValue =
  | { readonly kind: 'gap' }
  /** `undefined` where nothing is set: Azure takes null for that as well. */
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'list'; readonly items: readonly KnownValue[] }
  | {
      readonly kind: 'object';
      readonly members: ReadonlyMap<string, KnownValue>;
      /** True where there may be members besides these. */
      readonly isOpen: boolean;
    };

/** Nothing is known. */
const gap: KnownValue = { kind: 'gap' };

const unset: KnownValue = { kind: 'scalar', value: undefined };

/** Bounds for text that was written to be endless: what is beyond them is a gap. */
const most = { depth: 40, values: 20_000 };

/** Works out what is certain of the values that an expression may have, with all that is inside of them. */
export function knownValue(values: Values): KnownValue {
  return knownIn(values, { depth: 0, left: { values: most.values } });
}

interface Walk {
  readonly depth: number;
  readonly left: { values: number };
}

function knownIn(values: Values, walk: Walk): KnownValue {
  const [first, ...others] = values.map((value) => knownOf(value, walk));
  return first === undefined ? gap : others.reduce(shared, first);
}

function knownOf(value: Value, { depth, left }: Walk): KnownValue {
  left.values -= 1;
  if (left.values < 0 || depth > most.depth) return gap;
  const inside = { depth: depth + 1, left };
  switch (value.kind) {
    case 'scalar':
      return { kind: 'scalar', value: value.value ?? undefined };
    case 'text': {
      const literal = literalOf(value.pattern);
      return literal === undefined ? gap : { kind: 'scalar', value: literal };
    }
    case 'list':
      return isClosed(value)
        ? { kind: 'list', items: value.items.map((item) => knownIn(item(), inside)) }
        : gap;
    case 'map': {
      const members = [...value.entries].map(([key, element]) => [key, knownIn(element(), inside)] as const);
      return { kind: 'object', members: new Map(members), isOpen: !isClosed(value) };
    }
    default:
      return gap;
  }
}

/** The part that two ways to deploy have in common. */
function shared(one: KnownValue, other: KnownValue): KnownValue {
  if (one.kind === 'object' && other.kind === 'object') {
    const names = new Set([...one.members.keys(), ...other.members.keys()]);
    const isOpen = one.isOpen || other.isOpen;
    const memberOf = ({ members }: typeof one, name: string): KnownValue =>
      members.get(name) ?? (isOpen ? gap : unset);
    const members = [...names].map(
      (name) => [name, shared(memberOf(one, name), memberOf(other, name))] as const,
    );
    return { kind: 'object', members: new Map(members), isOpen };
  }
  return isSame(one, other) ? one : gap;
}

function isSame(one: KnownValue, other: KnownValue): boolean {
  const [left, right] = [wholeJson(one), wholeJson(other)];
  return left !== undefined && right !== undefined && sameJson(left, right);
}

/** The JSON of a value without gaps, null where nothing is set; `undefined` where there is a gap. */
function wholeJson(known: KnownValue): Json | undefined {
  switch (known.kind) {
    case 'gap':
      return undefined;
    case 'scalar':
      return known.value ?? null;
    case 'list': {
      const items = known.items.map(wholeJson);
      return items.some((item) => item === undefined) ? undefined : items.map((item) => item ?? null);
    }
    case 'object': {
      if (known.isOpen) return undefined;
      const members = [...known.members].map(([name, member]) => [name, wholeJson(member)] as const);
      const isWhole = members.every(([, member]) => member !== undefined);
      return isWhole ? (Object.fromEntries(members) satisfies JsonObject) : undefined;
    }
  }
}

/** The certain part of a resource that a module which is not here makes of this. */
export function givenToModule(known: KnownValue): KnownValue {
  if (known.kind !== 'object') return known;
  const properties = [...known.members].map(([name, member]) =>
    name === 'properties' ? ([name, keptByModule(member)] as const) : ([name, member] as const),
  );
  return { kind: 'object', members: new Map(properties), isOpen: true };
}

/** A module has values of its own for what is left out, null or empty. */
function keptByModule(known: KnownValue): KnownValue {
  if (known.kind === 'scalar') return known.value === undefined || known.value === '' ? gap : known;
  if (known.kind !== 'object') return known;
  const members = [...known.members].map(([name, member]) => [name, keptByModule(member)] as const);
  return { kind: 'object', members: new Map(members), isOpen: true };
}
