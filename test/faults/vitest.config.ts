import { defineConfig } from 'vitest/config'

// Builds that are killed at each of their statements: minutes of work, so not part of `npm test`.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/faults/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
  },
})
