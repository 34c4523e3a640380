import type { Gap, NamePattern } from '../evaluation/name-pattern.ts';

/** True when the whole of `name` fits; both are in lower case. Linear in the name for each part of the pattern. */
export function matchesName(pattern: NamePattern, name: string): boolean {
  const [first, last] = [pattern[0], pattern.at(-1)];
  if (typeof first === 'string' && !name.startsWith(first)) return false;
  if (typeof last === 'string' && !name.endsWith(last)) return false;
  let reached = new Set([0]);
  for (const part of pattern) {
    reached = typeof part === 'string' ? afterLiteral(part, name, reached) : afterGap(part, name, reached);
  }
  return reached.has(name.length);
}

/** The number of letters and digits outside the gaps of a pattern. */
export function literalLength(pattern: NamePattern): number {
  return pattern.reduce(
    (sum, part) => sum + (typeof part === 'string' ? part.replace(/[^\p{L}\p{N}]/gu, '').length : 0),
    0,
  );
}

function afterLiteral(literal: string, text: string, from: ReadonlySet<number>): Set<number> {
  const reached = new Set<number>();
  for (const at of from) if (text.startsWith(literal, at)) reached.add(at + literal.length);
  return reached;
}

function afterGap({ min, max, plain, base32 }: Gap, text: string, from: ReadonlySet<number>): Set<number> {
  const reached = new Set<number>();
  const admitted = base32 === true ? /[a-z2-7]/ : /[a-z0-9]/;
  for (const at of from) {
    const end = Math.min(text.length, at + max);
    for (let next = at; next <= end; next += 1) {
      if (plain && next > at && !admitted.test(text[next - 1] ?? '')) break;
      if (next >= at + min) reached.add(next);
    }
    if (max === Infinity && !plain) break;
  }
  return reached;
}
