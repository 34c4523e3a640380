import { literalLength, literalOf, type NamePattern } from './name-pattern.ts';

/** Words of naming conventions: every estate has many vaults with them. */
const common = new Set(
  'akv key keyvault kv kvt hsm mhsm vault vlt azure az app dev development test tst qa uat stg stage staging prod prd production'.split(
    ' ',
  ),
);

/** So many letters beside those words make a name that is known by them. */
const fewestLetters = 3;

/**
 * True when a pattern tells a vault from others. `kv-*` or `*-kv-prod` could be anybody's vault; `kv-*-payments` is
 * known by its name, and so is `kv` before a unique string, whose length and letters are known.
 */
export function tellsEnough(pattern: NamePattern): boolean {
  if (literalOf(pattern) !== undefined) return literalLength(pattern) > 0;
  const exact = pattern.every((part) => typeof part === 'string' || (part.plain && part.min === part.max));
  if (exact) return literalLength(pattern) >= 2;
  return pattern.some((part) => typeof part === 'string') && distinctive(pattern) >= fewestLetters;
}

function distinctive(pattern: NamePattern): number {
  const words = pattern.flatMap((part) => (typeof part === 'string' ? part.split(/[^\p{L}]+/u) : []));
  return words.reduce((sum, word) => sum + (common.has(word.toLowerCase()) ? 0 : word.length), 0);
}
