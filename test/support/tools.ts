import { spawnSync } from 'node:child_process'

const tools = {
  terraform: {
    version: ['version'],
    install: 'Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install'
  }
}

/** A system tool that tests and the demo need. */
export type Tool = keyof typeof tools

/** Whether a tool is on the PATH. */
export function hasTool(tool: Tool): boolean {
  return spawnSync(tool, tools[tool].version, { stdio: 'ignore', timeout: 30_000 }).status === 0
}

/** What to tell a person who lacks a tool. */
export function toInstall(tool: Tool): string {
  return `${tool} is not on the PATH; install ${tools[tool].install}`
}
