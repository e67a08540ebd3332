import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // They wait more than they compute: for deadlines, intervals and deploys.
    maxWorkers: 3
  }
})
