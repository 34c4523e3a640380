/** The quota as an answer of Resource Graph states it. */
export interface QuotaReading {
  readonly throttled: boolean;
  /** `x-ms-user-quota-remaining`. */
  readonly remaining: number | undefined;
  /** `x-ms-user-quota-resets-after`: whole seconds, rounded up. */
  readonly resetsAfterMs: number | undefined;
  /** `Retry-After`, which Resource Graph does not always send with a 429. */
  readonly retryAfterMs: number | undefined;
}

/** Reads the quota from the headers of an answer; headers that are missing or malformed are unknown. */
export function readQuota(status: number, header: (name: string) => string | undefined): QuotaReading {
  return {
    throttled: status === 429,
    remaining: count(header('x-ms-user-quota-remaining')),
    resetsAfterMs: duration(header('x-ms-user-quota-resets-after')),
    retryAfterMs: seconds(header('retry-after')) ?? until(header('retry-after'), header('date')),
  };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** `hh:mm:ss` in milliseconds. */
function duration(text: string | undefined): number | undefined {
  const [, hours, minutes, secs] = /^(\d+):(\d\d):(\d\d)/.exec(text ?? '') ?? [];
  return secs === undefined ? undefined : (Number(hours) * 3600 + Number(minutes) * 60 + Number(secs)) * 1000;
}

function seconds(text: string | undefined): number | undefined {
  const whole = count(text);
  return whole === undefined ? undefined : whole * 1000;
}

/** From the answer's own date, or now, to an HTTP date. */
function until(text: string | undefined, sentAt: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, .* GMT$/.test(text)) return undefined;
  const then = Date.parse(text);
  const now = Date.parse(sentAt ?? '');
  return Number.isNaN(then) ? undefined : Math.max(0, then - (Number.isNaN(now) ? Date.now() : now));
}
