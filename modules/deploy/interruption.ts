import { constants } from 'node:os'

/** The signals by which a person, a terminal or a supervisor ends a command. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export type EndingSignal = (typeof endingSignals)[number]

/** Whether and by which signal a command was asked to end. */
export interface Interruption {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal
  readonly by: () => EndingSignal | undefined
}

/**
 * Takes the signals that would end this process. Only the first counts: a terminal sends Ctrl-C to npm as well, which sends it on,
 * and Terraform gives up its state at a second one.
 */
export function takeSignals(): Interruption {
  const controller = new AbortController()
  let by: EndingSignal | undefined
  for (const name of endingSignals) {
    process.on(name, () => {
      by ??= name
      controller.abort()
    })
  }
  // After a hang-up there is no terminal to print to, and the deploy has to come to its end all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  return { signal: controller.signal, by: () => by }
}

/** What a shell reports of a process that a signal ended: 128 and the signal's number. */
export function exitCodeAfter(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal]
}
