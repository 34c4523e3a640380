/**
 * ARM's and Bicep's `uniqueString` of the joined arguments: a 64-bit Murmur hash of their UTF-8 bytes, in thirteen
 * letters and digits of base 32. Azure documents the length alone; the algorithm is that of Microsoft's MIT-licensed
 * package Azure.Deployments.Expression, and its values are held against public pairs in the tests.
 */
export function uniqueString(joined: string): string {
  let [high, low] = hash(new TextEncoder().encode(joined));
  let text = '';
  while (text.length < 13) {
    text += alphabet.charAt(high >>> 27);
    high = ((high << 5) | (low >>> 27)) >>> 0;
    low = (low << 5) >>> 0;
  }
  return text;
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The upper and the lower half of the hash. */
function hash(bytes: Uint8Array): [high: number, low: number] {
  const { length } = bytes;
  let [one, two] = [0, 0];
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    one ^= scrambleOne(wordAt(bytes, at));
    one = Math.imul(rotate(one, 19) + two, 5) + 0x561ccd1b;
    two ^= scrambleTwo(wordAt(bytes, at + 4));
    two = Math.imul(rotate(two, 13) + one, 5) + 0x0bcaa747;
  }
  if (at < length) one ^= scrambleOne(wordAt(bytes, at));
  if (at + 4 < length) two ^= scrambleTwo(wordAt(bytes, at + 4));
  one ^= length;
  two ^= length;
  one += two;
  two += one;
  one = finish(one);
  two = finish(two);
  one = (one + two) >>> 0;
  return [(two + one) >>> 0, one];
}

/** Four bytes, the lowest first; beyond the end they are zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  const byte = (offset: number): number => (bytes[at + offset] ?? 0) << (8 * offset);
  return byte(0) | byte(1) | byte(2) | byte(3);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function scrambleOne(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0x239b961b), 15), 0xab0e9789);
}

function scrambleTwo(word: number): number {
  return Math.imul(rotate(Math.imul(word, 0xab0e9789), 17), 0x239b961b);
}

function finish(word: number): number {
  const first = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
