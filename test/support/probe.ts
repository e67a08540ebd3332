import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { z } from 'zod'

const Line = z.looseObject({ level: z.number(), msg: z.string() })

/** The probe in a process of its own, as `npm start` runs it. */
export interface Probe {
  readonly pid: number
  /** What it has logged. */
  readonly log: readonly z.output<typeof Line>[]
  /** Waits until it has logged this so many times, and gives the last. */
  readonly logged: (message: string, times?: number) => Promise<z.output<typeof Line>>
  /** Where it listens, as it says. */
  readonly url: () => Promise<string>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>
}

const here = join(import.meta.dirname, '../..')
const patience = { timeout: 30_000, interval: 20 }

interface ProbeOptions {
  readonly env?: Readonly<Record<string, string>>
  /** The program that runs it, and its words before those of the probe. */
  readonly through?: readonly string[]
  /** The project that it is of. @default - this one */
  readonly project?: string
}

/** Starts the probe; it is killed when the test is over. */
export function startProbe(
  words: readonly string[],
  { env = {}, through = [], project = here }: ProbeOptions = {}
): Probe {
  const [program = '', ...rest] = [...through, process.execPath, join(project, 'probe/server.ts'), ...words]
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  const log: z.output<typeof Line>[] = []
  createInterface(child.stdout).on('line', line => log.push(Line.parse(JSON.parse(line))))
  const stderr = text(child.stderr)
  const ended = Promise.all([once(child, 'close'), stderr]).then(([[code], told]) => ({ code, stderr: told }))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const logged = async (message: string, times = 1) => {
    const found = () => log.filter(({ msg }) => msg.startsWith(message))
    await Promise.race([
      expect.poll(() => found().length, patience).toBeGreaterThanOrEqual(times),
      ended.then(async ({ code, stderr }) => {
        await sleep(50)
        if (found().length < times) throw new Error(`the probe ended with ${code}: ${stderr}`)
      })
    ])
    return Line.parse(found().at(-1))
  }
  return {
    pid: child.pid ?? 0,
    log,
    logged,
    url: async () => (await logged('Server listening at ')).msg.replace('Server listening at ', ''),
    kill: signal => child.kill(signal),
    ended
  }
}
