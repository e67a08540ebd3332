import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { exitCodeAfter } from './interruption.ts'

/** Runs of Terraform, one after the other, that end in order when they are to stop. */
export interface TerraformRuns {
  /**
   * Runs a command of Terraform. What it prints on standard error is passed on.
   *
   * @param take receives what it prints on standard output. @default - passed on
   * @returns its exit code; that of an interrupted one if no more are to run
   */
  readonly run: (words: readonly string[], take?: (text: string) => void) => Promise<number>
  /** Interrupts the run that there is, once, and lets no more begin. */
  readonly stop: () => void
  /** Aborted by `stop`. */
  readonly stopped: AbortSignal
}

/** What a shell reports of a program that is not there. */
const notFound = 127

/** @param program the name of Terraform's program */
export function terraformRuns(program: string): TerraformRuns {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  // Whoever reads may be gone. Terraform must not end of that in the middle of an apply, so its output is read to the end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return {
    run: async (words, take = text => void process.stdout.write(text)) => {
      if (stopping.signal.aborted) return exitCodeAfter('SIGINT')
      // A session of its own: neither Ctrl-C nor a hang-up of the terminal reaches it but by `stop`, once. At a second interrupt, it
      // ends at once, with resources that are in no state, and a lock that nobody releases.
      const running = spawn(program, words, { stdio: ['inherit', 'pipe', 'pipe'], detached: true })
      child = running
      running.stdout.setEncoding('utf8').on('data', take)
      running.stderr.setEncoding('utf8').on('data', text => void process.stderr.write(text))
      try {
        const [code, signal] = await once(running, 'close')
        return signal === null ? code : exitCodeAfter(signal)
      } catch (error) {
        process.stderr.write(
          `${program}: Terraform does not start, got ${String(error)}. Install Terraform 1.10 or later, or set TERRAFORM_BINARY_NAME to the program of OpenTofu 1.10 or later.\n`
        )
        return notFound
      } finally {
        child = undefined
      }
    },
    stop: () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      child?.kill('SIGINT')
    },
    stopped: stopping.signal
  }
}
