import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { LibcObservation } from '../cases/observation.ts'
import type { ObserveLibc } from '../observers/libc.ts'

/**
 * Asks libc in a process of its own. A lookup that hangs cannot be cancelled, and the process in which it hangs does
 * not end before it, `process.exit` or not; another one can be killed.
 */
export const observeLibcApart: ObserveLibc = async (host, { ms, signal }) => {
  const child = fork(join(import.meta.dirname, 'libc-process.ts'), { stdio: 'inherit' })
  try {
    const answered = once(child, 'message', { signal })
    child.send({ host, ms })
    const [observation] = await answered
    return observation as LibcObservation
  } finally {
    child.kill('SIGKILL')
  }
}
