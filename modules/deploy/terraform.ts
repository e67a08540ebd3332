#!/usr/bin/env node
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { endingSignals, exitCodeAfter } from './interruption.ts'
import type { TerraformOrder, TerraformReport } from './overseen.ts'
import { terraformRuns } from './terraform-runs.ts'

// Is Terraform to cdktn, and runs Terraform as the command that started cdktn orders by a socket.
const { DEPLOY_SOCKET: socketPath = '', DEPLOY_TERRAFORM: program = 'terraform' } = process.env
const words = process.argv.slice(2)
const runs = terraformRuns(program)
for (const signal of endingSignals) process.on(signal, runs.stop)
process.exitCode = exitCodeAfter('SIGINT')

const socket = connect(socketPath)
// If the command is gone, nobody goes on with what Terraform makes.
socket.on('error', () => {})
socket.on('close', runs.stop)
const report = (line: TerraformReport) => void socket.write(`${JSON.stringify(line)}\n`)
report({ report: 'begins', words, directory: process.cwd() })
createInterface(socket).on('line', line => {
  const order: TerraformOrder = JSON.parse(line)
  if (order.do === 'stop') runs.stop()
  else void obey(order)
})

async function obey(order: Exclude<TerraformOrder, { do: 'stop' }>): Promise<void> {
  if (order.do === 'run') {
    const exitCode = await runs.run(words)
    report({ report: 'ended', exitCode, errors: [] })
    process.exitCode = exitCode
  } else {
    // Loaded only here: the other commands of Terraform need no schemas.
    const { planThenApply } = await import('./plan-then-apply.ts')
    const { exitCode, errors } = await planThenApply(words, order, {
      runs,
      onApproved: changes => report({ report: 'approved', changes })
    })
    report({ report: 'ended', exitCode, errors })
    process.exitCode = exitCode
  }
  socket.end()
}
