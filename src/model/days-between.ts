const dayMs = 24 * 60 * 60 * 1000;

/** Days from the day of one date in ISO 8601 to that of another, in UTC; `undefined` for what is no date. */
export function daysBetween(from: string, to: string): number | undefined {
  const [first, last] = [from, to].map((text) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`));
  const days = Math.round(((last ?? Number.NaN) - (first ?? Number.NaN)) / dayMs);
  return Number.isNaN(days) ? undefined : days;
}

/** Days before the end of an exemption on which it is announced. */
const noticeDays = 14;

/** True where an exemption ends within the days on which that is announced. */
export function endsSoon(lastDay: string, now: Date): boolean {
  return (daysBetween(now.toISOString(), lastDay) ?? Number.POSITIVE_INFINITY) <= noticeDays;
}
