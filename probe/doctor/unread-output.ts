/**
 * Ends a command when it cannot write its output: the reader of a pipe has ended, the terminal is closed, the disk is full.
 *
 * @param command its name, for the error line
 * @param exitCode its exit status then, because no reader has the whole output
 */
export function endWhenUnread(command: string, exitCode: number): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has enough, as `head` has, is no mistake.
    if (error.code !== 'EPIPE') {
      console.error(`${command}: standard output: cannot be written, got ${error.code}. Make room, or write elsewhere.`)
    }
    process.exit(exitCode)
  })
  // Nothing can be reported there, and the verdict still goes to standard output.
  process.stderr.on('error', () => {})
}
