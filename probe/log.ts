import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import sonicBoom from 'sonic-boom'

/** Where the log goes. A reader that is gone, or a disk that is full, costs lines and nothing else. */
export interface Log {
  readonly write: (line: string) => void
  /** Resolves when everything is written, or cannot be written. Later lines are dropped. */
  readonly close: () => Promise<void>
}

/** What is kept for a reader that does not read; later lines are dropped. About 5,000 lines. */
export const mostUnreadBytes = 1024 * 1024

/** How long a reader may take for the last lines. */
const lastLinesMs = 1000

/** Opens the log on a file descriptor: 1 is standard output. */
export function openLog(fd: number): Log {
  // Not pino's own destination: at the end of the process it writes to a broken pipe for ever.
  const stream = new sonicBoom.SonicBoom({ fd, sync: false, maxLength: mostUnreadBytes })
  let isOpen = true
  stream.on('error', () => {})
  return {
    write: line => {
      if (isOpen) stream.write(line)
    },
    close: async () => {
      if (!isOpen) return
      isOpen = false
      // It rejects with the error of a reader that is gone.
      const written = once(stream, 'close').catch(() => {})
      stream.end()
      await Promise.race([written, sleep(lastLinesMs, undefined, { ref: false })])
    }
  }
}
