// Tests against the real PostgreSQL. `node` needs no browser; `web` drives Chromium, one file after the other.
import { env } from 'node:process';
import { defineConfig } from 'vitest/config';

/** Minutes of killed processes, of started services and of a log client in another language: another PostgreSQL tells nothing more. */
const slow =
  env['OWNERS_VOTE_SLOW'] === '0'
    ? ['test/crash/**', 'test/outside/**', 'test/cli/bench.test.ts', 'test/database/embedded*']
    : [];

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    // A second, the default, is little beside other tests: what is polled for comes at once where the machine is quiet.
    expect: { poll: { timeout: 15_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/web/**/main.tsx', 'src/**/*.page.ts'],
      reporter: ['text-summary', 'json-summary'],
      // The pure floors are to be covered wholly; these limits only rise, until a quiet run of the whole suite has shown 100.
      thresholds: {
        'src/base/**': { lines: 99, branches: 99 },
        'src/record/**': { lines: 99, branches: 99 },
        'src/*/domain/**': { lines: 97, branches: 94 },
      },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/web/**', ...slow],
          globalSetup: ['test/support/database-server.ts'],
          // Two, also on a machine where one is the default: a file waits for the database half of its time.
          maxWorkers: 2,
          // A whole meeting takes five seconds where nothing else runs, and twenty beside other work.
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'web',
          include: ['test/web/**/*.test.{ts,tsx}'],
          globalSetup: ['test/support/database-server.ts'],
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
