import type { NamePattern } from '../evaluation/name-pattern.ts';
import { uncommonLetters } from './common-words.ts';

/** So many letters beside the words of naming conventions make a name that is known by them. */
const fewestLetters = 3;

/** Names in Azure are shorter: what comes after is no part of one. */
const longestName = 100;

/**
 * True when the words of a pattern tell a vault from others. `kv-*`, `*-kv-prod` and `kv-*-westeurope` could be anybody's
 * vault; `kv-*-payments` is known by its name.
 */
export function isDistinctive(pattern: NamePattern): boolean {
  const words = pattern.flatMap((part) =>
    typeof part === 'string'
      ? part
          .slice(0, longestName)
          .toLowerCase()
          .split(/[^\p{L}]+/u)
      : [],
  );
  // Single letters are what conventions leave over: `s-kv-*`, `kvx`.
  const letters = words.map(uncommonLetters).filter((count) => count > 1);
  return letters.reduce((sum, count) => sum + count, 0) >= fewestLetters;
}

/**
 * True when all that a pattern leaves open are stretches of a known length of invented letters and digits, as
 * `uniqueString` and `random_string` make them. Such a pattern is no name, but a name that fits it is no coincidence
 * if something else speaks for it.
 */
export function isInvented(pattern: NamePattern): boolean {
  let invented = 0;
  for (const part of pattern) {
    if (typeof part === 'string') continue;
    if (!part.plain || part.min !== part.max) return false;
    invented += part.min;
  }
  return (
    invented >= fewestInvented && pattern.some((part) => typeof part === 'string' && /[a-z]{2}/i.test(part))
  );
}

/** Fewer invented characters than this may be a word of somebody else's. */
const fewestInvented = 8;
