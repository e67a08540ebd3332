/**
 * Ends a command when nobody takes what it prints: the reader of a pipe has had enough, the terminal is gone, the disk is full.
 *
 * @param command its name, for the error line
 * @param exitCode what it ends with then, because its reader has not seen the verdict
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
