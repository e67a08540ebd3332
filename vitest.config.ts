import { defineConfig } from 'vitest/config'

const long = 'test/**/*.long.test.ts'

export default defineConfig({
  test: {
    globalSetup: ['test/support/compile-cache.ts', 'test/package/made-once.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // They wait more than they compute: for deadlines, intervals and deploys.
    maxWorkers: 3,
    // In CI the machine is shared: a test of real processes that came late is run once more, and the report names it.
    retry: process.env.CI === 'true' ? 1 : 0,
    // `npm test` runs the suite, which takes less than twelve minutes; `npm run test:long` the rest, which CI runs as well.
    projects: [
      { extends: true, test: { name: 'suite', include: ['test/**/*.test.ts'], exclude: [long] } },
      { extends: true, test: { name: 'long', include: [long] } }
    ]
  }
})
