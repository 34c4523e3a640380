const limit = 15;
const windowMs = 5000;

/**
 * Milliseconds that Resource Graph's quota alone imposes on so many requests, sent as early as it allows: the first
 * fifteen at once, and each later one five seconds after the fifteenth before it.
 */
export function quotaTime(requests: number): number {
  return requests === 0 ? 0 : Math.floor((requests - 1) / limit) * windowMs;
}
