import { mostRecent } from '../cases/recent.ts'
import { clientPatienceMs } from '../facts/client-patience.ts'
import { mostIdleAddresses } from '../idle/idle-watch.ts'
import { mostLookups } from '../observers/libc-lookups.ts'
import { mostAtOnce, mostKept } from '../observers/patience.ts'
import type { Bound } from './bound.ts'

/** What may take long, or add up over rounds. */
export const timeBounds: readonly Bound[] = [
  {
    what: 'wait for one answer, connection, handshake or reply',
    most: clientPatienceMs,
    unit: 'ms',
    beyond: 'The probe observes silence. Until it answers again, later rounds wait only for the budget of its layer.',
    test: 'patience with a place > that says nothing waits as long as a client, once, and from then on for the limit alone'
  },
  {
    what: 'exchanges at once with a resolver about one question, or with an address, while the first one is silent',
    most: mostAtOnce,
    unit: 'exchanges',
    beyond: 'None begins. All of them end with the first one.',
    test: 'while a place is silent, > it is looked at again next to the first exchange, three times in all, and silent is what was each time'
  },
  {
    what: 'exchange kept open after a round, for each silent resolver or server',
    most: mostKept,
    unit: 'exchange',
    beyond: 'A later round closes its exchange at the end of its budget.',
    test: 'patience with a place > that says nothing waits as long as a client, once, and from then on for the limit alone'
  },
  {
    what: 'lookups through libc at once',
    most: mostLookups,
    unit: 'lookups',
    beyond: 'Other hosts keep their last sample. A host that has no sample yet stays without one.',
    test: 'hosts whose lookups hang hold up no other host, and fail when glibc gives up, or when the process is ended'
  },
  {
    what: 'addresses of a target to which idle connections are held at once, five to each',
    most: mostIdleAddresses,
    unit: 'addresses',
    beyond: 'The probe holds none to the others. All targets together have the limit of the option `idleConnections`.',
    test: 'a target that works is held on three addresses at most for each time, once in a while, and what is found is reported'
  },
  {
    what: 'rounds of a target that the probe remembers for later verdicts',
    most: mostRecent,
    unit: 'rounds',
    beyond: 'The probe forgets the oldest round.',
    test: 'rounds are remembered up to a limit, the newest first'
  }
]
