import type { Json } from '../../model/json.ts';
import { integerOf, type FunctionTable, taking, scalarText, notKnown } from './value.ts';

/** Functions over texts alone. Source: learn.microsoft.com, "String functions for ARM templates". */
export const stringFunctions: FunctionTable = {
  toLower: ofText((text) => text.toLowerCase()),
  toUpper: ofText((text) => text.toUpperCase()),
  trim: ofText((text) => text.trim()),
  string: taking(1, ([value = null]) => scalarText(value) ?? JSON.stringify(value)),
  startsWith: ofTwoTexts((text, part) => text.toLowerCase().startsWith(part.toLowerCase())),
  endsWith: ofTwoTexts((text, part) => text.toLowerCase().endsWith(part.toLowerCase())),
  indexOf: ofTwoTexts((text, part) => text.toLowerCase().indexOf(part.toLowerCase())),
  lastIndexOf: ofTwoTexts((text, part) => text.toLowerCase().lastIndexOf(part.toLowerCase())),
  split: taking(2, ([text, by]) => split(text, by)),
  replace: taking(3, ([text, old, other]) =>
    typeof text === 'string' && typeof old === 'string' && typeof other === 'string'
      ? text.replaceAll(old, () => other)
      : notKnown,
  ),
  ipRangeContains: taking(2, ([range, target]) =>
    typeof range === 'string' && typeof target === 'string'
      ? (ipRangeContains(range, target) ?? notKnown)
      : notKnown,
  ),
  substring: { least: 2, most: 3, call: ([text, from, length]) => substring(text, from, length) },
  padLeft: { least: 2, most: 3, call: ([text, width, pad]) => padLeft(text, width, pad) },
};

function ofText(work: (text: string) => string) {
  return taking(1, ([text]) => (typeof text === 'string' ? work(text) : notKnown));
}

function ofTwoTexts(work: (text: string, part: string) => Json) {
  return taking(2, ([text, part]) =>
    typeof text === 'string' && typeof part === 'string' ? work(text, part) : notKnown,
  );
}

function split(text: Json | undefined, by: Json | undefined) {
  const signs = [by].flat().filter((sign) => typeof sign === 'string');
  if (typeof text !== 'string' || signs.length === 0) return notKnown;
  return signs.reduce<readonly string[]>(
    (parts, sign) => parts.flatMap((part) => (sign === '' ? [part] : part.split(sign))),
    [text],
  );
}

function substring(text: Json | undefined, from: Json | undefined, length: Json | undefined) {
  const start = integerOf(from);
  if (typeof text !== 'string' || start === undefined || start < 0) return notKnown;
  const count = length === undefined ? text.length - start : integerOf(length);
  return count === undefined || count < 0 || start + count > text.length
    ? notKnown
    : text.slice(start, start + count);
}

function padLeft(text: Json | undefined, width: Json | undefined, pad: Json = ' ') {
  const [whole, total] = [scalarText(text), integerOf(width)];
  if (whole === undefined || total === undefined || total > 1000 || typeof pad !== 'string') return notKnown;
  return whole.padStart(total, pad);
}

/** Addresses of one family, both ends included. */
interface AddressRange {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Azure Policy's `ipRangeContains`: addresses, CIDR blocks and `first-last`, of IPv4 and IPv6. `undefined` for text that is
 * none of these, and for ranges of two families, on which Azure's evaluation fails.
 */
export function ipRangeContains(range: string, target: string): boolean | undefined {
  const [outer, inner] = [readRange(range), readRange(target)];
  if (outer === undefined || inner === undefined || outer.bits !== inner.bits) return undefined;
  return outer.first <= inner.first && inner.last <= outer.last;
}

function readRange(text: string): AddressRange | undefined {
  const [from = '', to] = text.trim().split('-');
  if (to !== undefined) {
    const [first, last] = [readAddress(from), readAddress(to)];
    if (first === undefined || last === undefined || first.bits !== last.bits) return undefined;
    return first.value <= last.value ? { bits: first.bits, first: first.value, last: last.value } : undefined;
  }
  const [address = '', prefix] = from.split('/');
  const found = readAddress(address);
  if (found === undefined) return undefined;
  const { bits, value } = found;
  if (prefix !== undefined && (!/^\d{1,3}$/u.test(prefix) || Number(prefix) > bits)) return undefined;
  const free = BigInt(bits - Number(prefix ?? bits));
  const first = (value >> free) << free;
  return { bits, first, last: first + (1n << free) - 1n };
}

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function readAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  const value = trimmed.includes(':') ? readVersion6(trimmed) : readVersion4(trimmed);
  return value === undefined ? undefined : { bits: trimmed.includes(':') ? 128 : 32, value };
}

function readVersion4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/u.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function readVersion6(text: string): bigint | undefined {
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return undefined;
  const [left, right] = [groupsOf(head), groupsOf(tail ?? '')];
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0n), ...right];
  return groups.reduce((sum, group) => sum * 65_536n + group, 0n);
}

/** Sixteen bits each; the last 32 may be written as an address of version 4. */
function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return [];
  const groups = text.split(':').map((part): readonly bigint[] | undefined => {
    if (part.includes('.')) {
      const value = readVersion4(part);
      return value === undefined ? undefined : [value >> 16n, value & 0xffffn];
    }
    return /^[0-9a-f]{1,4}$/iu.test(part) ? [BigInt(`0x${part}`)] : undefined;
  });
  return groups.every((group) => group !== undefined) ? groups.flat() : undefined;
}
