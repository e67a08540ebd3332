import type { ShellCommand } from './shell.ts'

/** One step of a remedy. */
export interface Step {
  /** A possible cause, if packets do not distinguish the causes. Such steps are in the order of likelihood. */
  readonly cause?: string
  /** What to do, or to look at. */
  readonly do: string
  /** A shell command for it, with the target's ids in place, or a `<placeholder>` for one that is not known. */
  readonly run?: ShellCommand
}
