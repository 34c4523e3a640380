/** A duration as people write it: `90s`, `10m`, `1h30m`. */
export const durationPattern = String.raw`^(?=.*[1-9])(\d{1,6}h)?(\d{1,6}m)?(\d{1,6}s)?$`;

const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;

/** Milliseconds of a duration that the pattern admits. */
export function parseDuration(text: string): number {
  const [, hours = 0, minutes = 0, seconds = 0] = parts.exec(text) ?? [];
  return (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** Milliseconds in words: whole seconds, or minutes where that is exact. */
export function durationInWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [count, unit] = seconds % 60 === 0 ? [seconds / 60, 'minute'] : [seconds, 'second'];
  return count === 1 ? `1 ${unit}` : `${count} ${unit}s`;
}
