/** A duration as people write it: `90s`, `10m`, `1h30m`. */
export const durationPattern = durationAbove0();

/** One of the parts is not 0; without looking ahead, which validators in Go and Rust cannot. */
function durationAbove0(): string {
  const [some, none] = [String.raw`0*[1-9]\d{0,5}`, '0+'];
  const any = String.raw`\d{1,6}`;
  const hours = `${some}h(${any}m)?(${any}s)?`;
  const minutes = `(${none}h)?${some}m(${any}s)?`;
  return `^(${hours}|${minutes}|(${none}h)?(${none}m)?${some}s)$`;
}

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
