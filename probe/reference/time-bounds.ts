import { mostRecent } from '../cases/recent.ts'
import { mostLookups } from '../libc-lookups.ts'
import { clientPatienceMs, mostKept } from '../observers/patience.ts'
import type { Bound } from './bounds.ts'

/** What may take long, or add up over rounds. */
export const timeBounds: readonly Bound[] = [
  {
    what: 'wait for one answer, connection, handshake or reply',
    most: clientPatienceMs,
    unit: 'ms',
    beyond: 'It is silent. Later rounds give it the budget of its layer alone, until it answers again.',
    test: 'patience with a place > that says nothing waits as long as a client, once, and from then on for the limit alone'
  },
  {
    what: 'exchange kept open after a round, for each place that is silent',
    most: mostKept,
    unit: 'exchange',
    beyond: 'The exchange of a later round is closed when its budget is over.',
    test: 'patience with a place > that says nothing waits as long as a client, once, and from then on for the limit alone'
  },
  {
    what: 'lookups through libc at once',
    most: mostLookups,
    unit: 'lookups',
    beyond: 'Another host keeps its last sample. A host without one has none.',
    test: 'hosts whose lookups hang hold up no other host, and fail when glibc gives up, or when the process is ended'
  },
  {
    what: 'rounds of a target that later rounds are judged by',
    most: mostRecent,
    unit: 'rounds',
    beyond: 'The oldest is forgotten.',
    test: 'rounds are remembered up to a limit, the newest first'
  }
]
