import { defineConfig } from 'vitest/config'

/** The pages in a real browser: `npm run test:web`. */
export default defineConfig({
  test: {
    include: ['test/web/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 300_000,
    env: { TZ: 'UTC', UV_THREADPOOL_SIZE: '16' },
  },
})
