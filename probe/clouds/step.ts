import type { ShellCommand } from './shell.ts'

/** One step of a remedy. */
export interface Step {
  /** A possible cause, in sentences, if packets do not distinguish the causes. Such steps are in the order of likelihood. */
  readonly cause?: string
  /** What to do or to check, in sentences. */
  readonly do: string
  /** A shell command for it, with the target's ids. An unknown id is a `<placeholder>`. */
  readonly run?: ShellCommand
}
