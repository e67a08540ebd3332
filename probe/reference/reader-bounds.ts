import { mostUnreadBytes } from '../log.ts'
import { readerLimits } from '../reader-limits.ts'
import type { Bound } from './bounds.ts'

/** What a client of the probe's own HTTP server can do. */
export const readerBounds: readonly Bound[] = [
  {
    what: 'requests per minute from one client address',
    most: readerLimits.requestsPerMinute,
    unit: 'requests',
    beyond: 'The probe answers 429 with `Retry-After`. `/healthz` and `/readyz` are exempt.',
    test: 'who asks too much of the app > is told to wait, and a kubelet never'
  },
  {
    what: 'request headers',
    most: readerLimits.headerBytes,
    unit: 'bytes',
    beyond: 'The probe answers 431 and closes the connection.',
    test: 'who asks too much of the app > with headers too large is refused'
  },
  {
    what: 'log that nobody reads',
    most: mostUnreadBytes,
    unit: 'bytes',
    beyond: 'The probe drops later lines.',
    test: 'the log > drops lines for a reader that never reads, instead of keeping all of them'
  }
]
