import { defineConfig } from 'vitest/config';

// Ends what hangs. The work of a test is bounded by counts: no machine is too slow for it.
const watchdogMs = 3_600_000;

export default defineConfig({
  test: {
    maxWorkers: '100%',
    // Loading the SDKs and the query engine takes longer than most files need for their tests: once a worker is enough.
    isolate: false,
    globalSetup: 'test/temporary-folder.ts',
    setupFiles: 'test/environment.ts',
    testTimeout: watchdogMs,
    hookTimeout: watchdogMs,
    projects: [
      {
        extends: true,
        test: {
          name: 'everyday',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.{deep,isolated}.test.ts'],
        },
      },
      {
        extends: true,
        // Replaces a module that other tests have loaded.
        test: { name: 'everyday-isolated', include: ['test/**/*.isolated.test.ts'], isolate: true },
      },
      {
        extends: true,
        test: {
          name: 'deep',
          include: ['test/**/*.{deep,laws}.test.ts'],
          env: { PURGEPROOF_TESTS: 'deep' },
        },
      },
    ],
  },
});
