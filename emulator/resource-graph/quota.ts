/** How many queries fit into a sliding window. */
export interface QuotaOptions {
  readonly limit: number;
  readonly windowMs: number;
}

/** What the quota says to one query: whether it may run, and the numbers for the headers. */
export interface QuotaAnswer {
  readonly admitted: boolean;
  readonly remaining: number;
  /** Until the oldest query leaves the window. */
  readonly resetsAfterMs: number;
}

/** Counts queries; a refused one does not count. */
export interface Quota {
  take(now: number): QuotaAnswer;
}

/** A sliding window: each query leaves it `windowMs` after it came. */
export function createQuota(options: QuotaOptions | 'unlimited'): Quota {
  if (options === 'unlimited')
    return { take: () => ({ admitted: true, remaining: 15, resetsAfterMs: 5000 }) };
  const { limit, windowMs } = options;
  const taken: number[] = [];
  return {
    take: (now) => {
      while (taken[0] !== undefined && taken[0] <= now - windowMs) taken.shift();
      const admitted = taken.length < limit;
      if (admitted) taken.push(now);
      const oldest = taken[0] ?? now;
      return {
        admitted,
        remaining: Math.max(0, limit - taken.length),
        resetsAfterMs: oldest + windowMs - now,
      };
    },
  };
}

/** The headers on every answer of Resource Graph; the time is in whole seconds, rounded up. */
export function quotaHeaders(answer: QuotaAnswer): Record<string, string> {
  const seconds = Math.max(0, Math.ceil(answer.resetsAfterMs / 1000));
  return {
    'x-ms-user-quota-remaining': String(answer.remaining),
    'x-ms-user-quota-resets-after': new Date(seconds * 1000).toISOString().slice(11, 19),
  };
}
