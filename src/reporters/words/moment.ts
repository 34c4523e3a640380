/** A moment of ISO 8601 in UTC to the minute: `2026-11-25 12:00 UTC`. */
export function momentWords(moment: string): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}
