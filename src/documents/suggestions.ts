/** ` Did you mean X?` for the nearest right spelling, or nothing where no spelling is near. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const near = nearest(written, known);
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** A question to end a message with: `. Did you mean severity?`, or nothing. */
export function suggestion(written: string, known: readonly string[]): string {
  const hint = didYouMean(written, known);
  return hint === '' ? '' : `.${hint}`;
}

/**
 * The known word that takes the fewest edits from what was written; of several the one with the nearest numbers, or the greatest, where
 * none is written: the latest version. One that only goes on behind a hyphen is near as well. `undefined` when none is.
 */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  const word = written.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.ceil(word.length / 3));
  for (const candidate of known) {
    const edits = editsTo(candidate.toLowerCase(), word, least);
    const isNearer = best === undefined || edits < least || hasNearerNumbers(word, candidate, best);
    if (edits <= least && isNearer) [best, least] = [candidate, edits];
  }
  return best;
}

/** The number of edits, or anything above `most`. */
function editsTo(candidate: string, word: string, most: number): number {
  if (word.length > 2 && candidate.startsWith(`${word}-`)) return most;
  return Math.abs(candidate.length - word.length) > most ? most + 1 : editDistance(word, candidate);
}

function hasNearerNumbers(word: string, one: string, other: string): boolean {
  const [written, left, right] = [word, one, other].map((text) => text.match(/\d+/g) ?? []);
  const away = (numbers: readonly string[] | undefined, index: number): number =>
    Math.abs(Number(numbers?.[index]) - Number(written?.[index] ?? Number.MAX_SAFE_INTEGER));
  for (const index of (left ?? []).keys()) {
    const difference = away(left, index) - away(right, index);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
