const dayMs = 24 * 60 * 60 * 1000;

/** Whole days from `now` to a date in ISO 8601, rounded down, 0 for one that has passed; null for what is no date. */
export function daysUntil(date: string, now: Date): number | null {
  const leftMs = Date.parse(date) - now.getTime();
  return Number.isNaN(leftMs) ? null : Math.max(0, Math.floor(leftMs / dayMs));
}
