import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/compile-cache.ts', 'test/package/made-once.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // They wait more than they compute: for deadlines, intervals and deploys.
    maxWorkers: 3,
    // In CI the machine is shared: a test of real processes that came late is run once more, and the report names it.
    retry: process.env.CI === 'true' ? 1 : 0
  }
})
