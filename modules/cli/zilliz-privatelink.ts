#!/usr/bin/env node
import { exitStatus } from '../../probe/command/exit-status.ts'

// Every Node that loads ES modules must parse these two files, and must not meet the others before its version is known.
const { node } = process.versions
const [major = 0, minor = 0] = node.split('.').map(Number)
if (major > 22 || (major === 22 && minor >= 15)) void import('./commands.ts')
else {
  console.error(
    `zilliz-privatelink: Node must be version 22.15 or later, got ${node}. Install a later one: https://nodejs.org/en/download`
  )
  process.exitCode = exitStatus.noResult
}
