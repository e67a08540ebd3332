import { spawnSync } from 'node:child_process'
import { test } from 'vitest'

const tools = {
  terraform: {
    version: ['version'],
    install: 'Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install'
  }
}

/** A system tool that some tests need. */
export type Tool = keyof typeof tools

/** Whether a tool is on the PATH. */
export function hasTool(tool: Tool): boolean {
  return spawnSync(tool, tools[tool].version, { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/** What to tell a person who lacks a tool. */
export function toInstall(tool: Tool): string {
  return `${tool} is not on the PATH; install ${tools[tool].install}`
}

/**
 * `test` for what needs a tool. Where the tool is missing, the test is skipped and says what to install; in CI it runs,
 * and fails.
 */
export function testWith(tool: Tool): typeof test | typeof test.skip {
  if (process.env.CI !== undefined || hasTool(tool)) return test
  console.warn(`skipped: ${toInstall(tool)}`)
  return test.skip
}
