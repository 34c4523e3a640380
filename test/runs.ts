/**
 * How many random inputs a law is tried on: all of them among the deep tests, a twentieth in the everyday loop.
 * PURGEPROOF_RUNS multiplies them, for a search of hours.
 */
export function runs(all: number): number {
  const factor = Number(process.env['PURGEPROOF_RUNS'] ?? 1);
  return Math.ceil((process.env['PURGEPROOF_TESTS'] === 'deep' ? all : all / 20) * factor);
}
