import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Resource } from '../../model/resource.ts';

/**
 * Ids, and hashes of what they name, in some thirty bytes for each: of an inventory of millions of rows, the
 * texts would be most of the memory. Two ids are taken for one where all 64 bits of their hashes are the same.
 */
export interface KnownIds {
  /** Notes that an id stands on a page, and returns the number of the page on which it stood last; 0 for none. */
  standsOn(id: string, page: number): number;
  /**
   * Notes a resource, and says whether its id named one before: this one, or another. Ids are compared in any letter case,
   * and with them what is taken from the id; everything else must be the same. `unclear` where the two are written
   * differently, `written` being the bytes of the row: to compare what they say, all rows have to be read without.
   */
  names(resource: Resource, written?: Hash): 'new' | 'same' | 'different' | 'unclear';
}

/** Begins without ids. */
export function knownIds(): KnownIds {
  let table = newTable(1024);
  let known = 0;
  const slotOf = (id: string): number => {
    hashText(id.toLowerCase());
    const slot = findSlot(table, hash);
    if (table.states[slot] !== free) return slot;
    known += 1;
    if (known * 3 > table.size * 2) table = enlarged(table);
    return take(table, hash);
  };
  return {
    standsOn(id, page) {
      const slot = slotOf(id);
      const last = table.pages[slot] ?? 0;
      table.pages[slot] = page;
      return last;
    },
    names(resource, written) {
      const slot = slotOf(resource.id);
      const known = table.states[slot];
      const content = written ?? contentOf(resource);
      const state = written === undefined ? named : namedAsWritten;
      if (known === named || known === namedAsWritten) {
        const isSame =
          known === state &&
          table.contents[2 * slot] === content.first &&
          table.contents[2 * slot + 1] === content.second;
        if (isSame) return 'same';
        return known === named && state === named ? 'different' : 'unclear';
      }
      table.states[slot] = state;
      table.contents[2 * slot] = content.first;
      table.contents[2 * slot + 1] = content.second;
      return 'new';
    },
  };
}

/** The states of a slot: an id may stand on a page and name nothing yet. Of what it names, the bytes may be noted. */
const [free, taken, named, namedAsWritten] = [0, 1, 2, 3];

/** A hash table with open addresses: two numbers for each id, and two for the content that it names. */
interface Table {
  readonly size: number;
  readonly states: Uint8Array;
  readonly ids: Int32Array;
  readonly contents: Int32Array;
  readonly pages: Uint32Array;
}

function newTable(size: number): Table {
  return {
    size,
    states: new Uint8Array(size),
    ids: new Int32Array(2 * size),
    contents: new Int32Array(2 * size),
    pages: new Uint32Array(size),
  };
}

function enlarged(old: Table): Table {
  const table = newTable(2 * old.size);
  for (let from = 0; from < old.size; from += 1) {
    if (old.states[from] === free) continue;
    const to = take(table, { first: old.ids[2 * from] ?? 0, second: old.ids[2 * from + 1] ?? 0 });
    table.states[to] = old.states[from] ?? taken;
    table.contents[2 * to] = old.contents[2 * from] ?? 0;
    table.contents[2 * to + 1] = old.contents[2 * from + 1] ?? 0;
    table.pages[to] = old.pages[from] ?? 0;
  }
  return table;
}

/** The slot of an id, or the free one that it would take. */
function findSlot({ size, states, ids }: Table, { first, second }: Hash): number {
  let slot = first & (size - 1);
  while (states[slot] !== free && (ids[2 * slot] !== first || ids[2 * slot + 1] !== second))
    slot = (slot + 1) & (size - 1);
  return slot;
}

function take(table: Table, id: Hash): number {
  const slot = findSlot(table, id);
  table.states[slot] = taken;
  table.ids[2 * slot] = id.first;
  table.ids[2 * slot + 1] = id.second;
  return slot;
}

/** 64 bits in two halves. */
export interface Hash {
  readonly first: number;
  readonly second: number;
}

/** The one hash: to make an object for each text would take longer than to hash it. */
const hash = { first: 0, second: 0 };

/** The hash of some bytes. */
export function hashBytes(bytes: DataView, from: number, to: number): Hash {
  let [first, second] = [to - from, ~(to - from)];
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const four = bytes.getInt32(at, true);
    first = Math.imul(first ^ four, 0x9e3779b1);
    first = (first << 13) | (first >>> 19);
    second = Math.imul(second ^ four, 0x5f356495);
    second = (second << 17) | (second >>> 15);
  }
  hash.first = first;
  hash.second = second;
  for (; at < to; at += 1) add(bytes.getUint8(at));
  add(kinds.text);
  return { first: hash.first, second: hash.second };
}

function hashText(text: string): void {
  hash.first = hash.second = 0;
  addText(text);
}

function contentOf({ body, gaps }: Resource): Hash {
  hash.first = hash.second = 0;
  addValue(gaps);
  addObject(body, fromId);
  return hash;
}

const fromId = new Set(['id', 'name', 'resourceGroup']);

/** Adds a value and its kind. The order of the keys of an object makes no difference. */
function addValue(value: Json | undefined): void {
  if (typeof value === 'string') addText(value);
  else if (typeof value === 'number') addNumber(value);
  else if (Array.isArray(value)) {
    add(kinds.list + value.length);
    for (const part of value) addValue(part);
  } else if (isJsonObject(value)) addObject(value);
  else add(value === null ? kinds.null : value === true ? kinds.true : kinds.false);
}

/** Lists have this and their length; the others are numbers that no length of a list comes near. */
const kinds = { null: -1, true: -2, false: -3, number: -4, text: -5, object: -6, list: 0 };

function addObject(object: JsonObject, leftOut?: ReadonlySet<string>): void {
  const { first, second } = hash;
  let [sumOfFirst, sumOfSecond] = [0, 0];
  for (const key in object) {
    if (leftOut?.has(key) === true) continue;
    hashText(key);
    addValue(object[key]);
    sumOfFirst = (sumOfFirst + hash.first) | 0;
    sumOfSecond = (sumOfSecond + hash.second) | 0;
  }
  hash.first = first;
  hash.second = second;
  add(kinds.object);
  add(sumOfFirst ^ sumOfSecond);
  add(sumOfSecond);
}

function addText(text: string): void {
  let { first, second } = hash;
  // Two UTF-16 units at a time; the last one may stand alone.
  for (let at = 0; at < text.length; at += 2) {
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
    const units = text.charCodeAt(at) | (next << 16);
    first = Math.imul(first ^ units, 0x9e3779b1);
    first = (first << 13) | (first >>> 19);
    second = Math.imul(second ^ units, 0x5f356495);
    second = (second << 17) | (second >>> 15);
  }
  hash.first = first;
  hash.second = second;
  add(kinds.text - text.length * 8);
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

function addNumber(value: number): void {
  double[0] = value;
  add(kinds.number);
  add(halves[0] ?? 0);
  add(halves[1] ?? 0);
}

/** Adds 32 bits, and spreads them over all 64. */
function add(bits: number): void {
  const first = Math.imul(hash.first ^ bits, 0x85ebca6b);
  const second = Math.imul(hash.second ^ bits, 0xc2b2ae35);
  hash.first = first ^ (first >>> 16) ^ Math.imul(second ^ (second >>> 13), 0x27d4eb2f);
  hash.second = second ^ (second >>> 15) ^ Math.imul(first ^ (first >>> 14), 0x165667b1);
}
