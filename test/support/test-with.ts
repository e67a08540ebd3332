import { test } from 'vitest'
import { hasTool, type Tool, toInstall } from './tools.ts'

/**
 * `test` for what needs tools. Where one is missing, the test is skipped and says what to install; in CI it runs, and
 * fails.
 */
export function testWith(...needed: readonly Tool[]): typeof test | typeof test.skip {
  const missing = process.env.CI === undefined ? needed.filter(tool => !hasTool(tool)) : []
  for (const tool of missing) console.warn(`skipped: ${toInstall(tool)}`)
  return missing.length === 0 ? test : test.skip
}
