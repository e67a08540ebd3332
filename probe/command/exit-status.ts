/**
 * How every command of the package ends. Public: a change to any is breaking. After a signal, a command that was in the middle of something
 * ends with 128 and the number of the signal, as a shell reports it.
 */
export const exitStatus = {
  /** The action is done, or the checked object is in order. */
  success: 0,
  /** The action failed or was declined, or the checked object needs attention. */
  failure: 1,
  /** No result: invalid arguments, an invalid config or program, or no answer from a service. */
  noResult: 2
} as const

/** The line of a command's help that says what each exit status means there. */
export function exitStatusHelp(means: Readonly<Partial<Record<keyof typeof exitStatus, string>>>): string {
  const { success = 'done', failure, noResult = 'invalid arguments' } = means
  return [
    `\nExit status: ${exitStatus.success} ${success}`,
    ...(failure === undefined ? [] : [`${exitStatus.failure} ${failure}`]),
    `${exitStatus.noResult} ${noResult}.`
  ].join(', ')
}
