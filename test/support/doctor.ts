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

const doctorFile = join(import.meta.dirname, '../../probe/doctor/doctor.ts')

/** Runs the doctor as a person does, in a process of its own and without colours. */
export function runDoctor(...words: readonly string[]): Promise<Printed> {
  return printedBy(process.execPath, [doctorFile, ...words])
}

/** The same with these variables of the environment. */
export function runDoctorWith(variables: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<Printed> {
  return printedBy(process.execPath, [doctorFile, ...words], variables)
}

/** The same in a network namespace. */
export function runDoctorIn(namespace: string, ...words: readonly string[]): Promise<Printed> {
  return printedBy('ip', ['netns', 'exec', namespace, process.execPath, doctorFile, ...words])
}

/** Starts the doctor, to be interrupted. */
export function startDoctor(...words: readonly string[]) {
  const child = start(process.execPath, [doctorFile, ...words])
  return { child, ended: once(child, 'close').then(([code]) => code as number | null) }
}

async function printedBy(
  program: string,
  words: readonly string[],
  variables: NodeJS.ProcessEnv = {}
): Promise<Printed> {
  const child = start(program, words, variables)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}

function start(program: string, words: readonly string[], variables: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...variables }
  return spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env })
}
