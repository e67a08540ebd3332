import { createInterface } from 'node:readline'
import { exitStatus } from '../../probe/command/exit-status.ts'
import { type Changes, notShown, readPlan } from './changes.ts'
import { type Diagnostic, printedDiagnostic, readMessage } from './terraform-messages.ts'
import type { TerraformRuns } from './terraform-runs.ts'

interface PlanToApply {
  readonly planFile: string
  readonly approved?: Changes | undefined
}

interface Applying {
  readonly runs: TerraformRuns
  /** Receives what is applied next. */
  readonly onApproved: (changes: Changes) => void
}

interface Ended {
  readonly exitCode: number
  readonly errors: readonly Diagnostic[]
}

const autoApprove = '-auto-approve'

/**
 * Does what `terraform apply` does, in two commands: so that the plan that is applied can be compared, and errors are data.
 *
 * @param words those of `terraform apply`
 */
export async function planThenApply(
  words: readonly string[],
  { planFile, approved }: PlanToApply,
  { runs, onApproved }: Applying
): Promise<Ended> {
  const options = words.slice(1).filter(word => word !== autoApprove)
  const planned = await runInJson(runs, ['plan', '-json', '-input=false', `-out=${planFile}`, ...options])
  if (planned.exitCode !== 0) return planned

  const colours = options.filter(word => word === '-no-color')
  await runs.run(['show', ...colours, planFile])
  let json = ''
  await runs.run(['show', '-json', planFile], text => {
    json += text
  })
  if (runs.stopped.aborted) return { exitCode: exitStatus.failure, errors: [] }
  const { changes, isApplyable } = readPlan(json)
  if (
    isApplyable &&
    !(await mayApply(changes, { approved, isApproved: words.includes(autoApprove), stopped: runs.stopped }))
  ) {
    return { exitCode: exitStatus.failure, errors: [] }
  }
  onApproved(changes)
  const applying = options.filter(word => /^-(?:no-color$|parallelism=)/.test(word))
  return runInJson(runs, ['apply', '-json', '-input=false', ...applying, planFile])
}

interface Asking {
  readonly approved: Changes | undefined
  /** A person has approved whatever the plan is. */
  readonly isApproved: boolean
  readonly stopped: AbortSignal
}

async function mayApply(changes: Changes, { approved, isApproved, stopped }: Asking): Promise<boolean> {
  if (approved === undefined) return isApproved || asked(stopped)
  const more = notShown(changes, approved)
  if (more.length === 0) return true
  console.log('\nThis plan has changes that the first one did not show:')
  for (const { address, change } of more) console.log(`  ${address}: ${change.actions.join(' and ')}`)
  if (!isApproved) return asked(stopped)
  console.log('Nothing of this plan is applied. Review the changes, then deploy again.')
  return false
}

/** Asks as `terraform apply` does. cdktn knows the question, puts it to a person and writes the answer. */
async function asked(stopped: AbortSignal): Promise<boolean> {
  console.log('\nDo you want to perform these actions?')
  const lines = createInterface({ input: process.stdin, signal: stopped })
  for await (const line of lines) {
    lines.close()
    process.stdin.destroy()
    return line.trim() === 'yes'
  }
  process.stdin.destroy()
  return false
}

async function runInJson(runs: TerraformRuns, words: readonly string[]): Promise<Ended> {
  const errors: Diagnostic[] = []
  let rest = ''
  const take = (line: string) => {
    if (line === '') return
    const message = readMessage(line)
    if (message.diagnostic?.severity === 'error') errors.push(message.diagnostic)
    process.stdout.write(printedDiagnostic(message))
  }
  const exitCode = await runs.run(words, text => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  take(rest)
  return { exitCode, errors }
}
