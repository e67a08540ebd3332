import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { exitStatus } from '../../probe/command/exit-status.ts'
import type { Changes } from './changes.ts'
import { exitCodeAfter, type Interruption } from './interruption.ts'
import { type TerraformOrder, TerraformReport } from './overseen.ts'
import type { Diagnostic } from './terraform-messages.ts'

interface Run {
  readonly interruption: Interruption
  /** Set in the environment of cdktn, and so in that of Terraform. */
  readonly env?: Readonly<Record<string, string>>
  /** Receives each line that is printed, on both streams. @default - cdktn has the streams of this process, and may ask */
  readonly onLine?: (line: string) => void
  /**
   * Plan, compare with what was approved of each stack, ask if that did not show all of it, then apply.
   *
   * @default - Terraform plans, asks and applies by itself
   */
  readonly approved?: ReadonlyMap<string, Changes>
  /** Receives a line for the operator. @default - the line is dropped */
  readonly say?: (line: string) => void
}

/** How a command of cdktn ended. */
export interface CdktnEnd {
  /** That of cdktn; 1 if a plan was not applied, 128 and its number if a signal interrupted it. */
  readonly exitCode: number
  /** The runs of Terraform that failed, with their errors as far as they are known. */
  readonly failures: readonly { readonly command: string; readonly errors: readonly Diagnostic[] }[]
  /** What was approved of each stack, now or before. */
  readonly approved: ReadonlyMap<string, Changes>
}

/** The program that cdktn runs in place of Terraform. */
const terraformFile = join(import.meta.dirname, `terraform${extname(import.meta.filename)}`)

/** How long cdktn may take to end after the last Terraform has; a question that it asks keeps it. */
const lastWordsMs = 5000

/** A socket's path has at most 104 bytes on some systems. */
const longestDirectory = 70

/**
 * Runs a command of cdktn. An interruption reaches every Terraform that cdktn runs exactly once, and the promise resolves when each
 * of them has ended in order, with its state written and its lock released. cdktn by itself does not pass a signal on to an apply, and
 * ends at a hang-up.
 *
 * @returns how it ended
 */
export async function runCdktn(
  words: readonly string[],
  { interruption, env = {}, onLine, approved, say = () => {} }: Run
): Promise<CdktnEnd> {
  const place = tmpdir().length > longestDirectory ? '/tmp' : tmpdir()
  const directory = await mkdtemp(join(place, 'zilliz-deploy-'))
  const open = new Set<Socket>()
  const shown = new Map(approved)
  const failures: CdktnEnd['failures'][number][] = []
  const { signal } = interruption
  let begun = 0

  const orderFor = ([command = '']: readonly string[], stack: string): TerraformOrder => {
    if (signal.aborted) return { do: 'stop' }
    if (approved === undefined || command !== 'apply') return { do: 'run' }
    begun += 1
    return { do: 'plan-then-apply', planFile: join(directory, `plan-${begun}`), approved: approved.get(stack) }
  }
  const server = createServer(socket => {
    let words: readonly string[] = []
    let stack = ''
    let hasEnded = false
    open.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => {
      open.delete(socket)
      if (!hasEnded) failures.push({ command: words[0] ?? '', errors: [] })
    })
    createInterface(socket).on('line', line => {
      const report = TerraformReport.parse(JSON.parse(line))
      switch (report.report) {
        case 'begins':
          words = report.words
          stack = basename(report.directory)
          give(socket, orderFor(words, stack))
          if (signal.aborted) socket.end()
          return
        case 'approved':
          shown.set(stack, report.changes)
          return
        case 'ended':
          hasEnded = true
          if (report.exitCode !== 0) failures.push({ command: words[0] ?? '', errors: report.errors })
      }
    })
  })
  const path = join(directory, 'socket')
  server.listen(path)
  await once(server, 'listening')

  const child = execa(commandLine(), words, {
    preferLocal: true,
    reject: false,
    // An apply takes as long as it takes.
    forceKillAfterDelay: false,
    stdio: onLine === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    all: true,
    buffer: false,
    env: {
      ...env,
      TERRAFORM_BINARY_NAME: terraformFile,
      DEPLOY_SOCKET: path,
      DEPLOY_TERRAFORM: process.env.TERRAFORM_BINARY_NAME ?? 'terraform'
    }
  })
  if (onLine !== undefined && child.all) createInterface(child.all).on('line', onLine)
  const allEnded = async () => {
    await Promise.all(Array.from(open, socket => once(socket, 'close')))
  }
  const stopAll = () => {
    for (const socket of open) give(socket, { do: 'stop' })
  }
  const stop = async () => {
    say(
      `${interruption.by() ?? 'stopping'}: Terraform completes what it has begun, then releases the lock of the state.`
    )
    stopAll()
    child.kill('SIGTERM')
    await allEnded()
    await sleep(lastWordsMs, undefined, { ref: false })
    child.kill('SIGKILL')
  }
  const onAbort = () => void stop()
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort)

  const { exitCode, signal: killedBy } = await child
  // Ended by another hand, cdktn leaves its Terraform behind.
  stopAll()
  await allEnded()
  signal.removeEventListener('abort', onAbort)
  server.close()
  await rm(directory, { recursive: true, force: true })

  return { exitCode: codeOf({ exitCode, by: interruption.by() ?? killedBy, failures }), failures, approved: shown }
}

/** That which the project has installed. */
function commandLine(): 'cdktn' | 'cdktf' {
  const isInstalled = (name: string) => existsSync(join('node_modules/.bin', name))
  return isInstalled('cdktf') && !isInstalled('cdktn') ? 'cdktf' : 'cdktn'
}

interface Ending {
  readonly exitCode: number | undefined
  readonly by: NodeJS.Signals | undefined
  readonly failures: CdktnEnd['failures']
}

function codeOf({ exitCode = exitStatus.failure, by, failures }: Ending): number {
  if (by !== undefined) return exitCodeAfter(by)
  // cdktn ends with 0 where a person declines a plan.
  const isUnapplied = failures.some(({ command }) => command === 'apply' || command === 'destroy')
  return exitCode === exitStatus.success && isUnapplied ? exitStatus.failure : exitCode
}

function give(socket: Socket, order: TerraformOrder): void {
  socket.write(`${JSON.stringify(order)}\n`)
}
