import { exitStatus } from './exit-status.ts'

/**
 * Ends a command when it cannot write its output: the reader of a pipe has ended, the terminal is closed, the disk is full.
 *
 * @param command its name, for the error line
 */
export function endWhenUnread(command: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has enough, as `head` has, is no mistake.
    if (error.code !== 'EPIPE') {
      console.error(`${command}: standard output: cannot be written, got ${error.code}. Make room, or write elsewhere.`)
    }
    // No reader has the whole output.
    process.exit(exitStatus.noResult)
  })
  // Nothing can be reported there, and the verdict still goes to standard output.
  process.stderr.on('error', () => {})
}
