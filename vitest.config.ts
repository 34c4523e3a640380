import { defineConfig } from 'vitest/config';

// Ends what hangs. The work of a test is bounded by counts: no machine is too slow for it.
const watchdogMs = 3_600_000;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    maxWorkers: '100%',
    testTimeout: watchdogMs,
    hookTimeout: watchdogMs,
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/vitest.json' },
  },
});
