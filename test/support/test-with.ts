import { test } from 'vitest'
import { hasTool, type Tool, toInstall } from './tools.ts'

/**
 * `test` for what needs a tool. Where the tool is missing, the test is skipped and says what to install; in CI it runs,
 * and fails.
 */
export function testWith(tool: Tool): typeof test | typeof test.skip {
  if (process.env.CI !== undefined || hasTool(tool)) return test
  console.warn(`skipped: ${toInstall(tool)}`)
  return test.skip
}
