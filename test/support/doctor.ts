import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What a command printed, and how it ended. */
export interface Printed {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The doctor's own file, for tests that start it elsewhere. */
export const doctorFile = join(import.meta.dirname, '../../probe/doctor.ts')

/** Runs the doctor as a person does, in a process of its own and without colours. */
export async function runDoctor(...words: readonly string[]): Promise<Printed> {
  const child = spawn(process.execPath, [doctorFile, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' }
  })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}
