import type { IdleFound } from '../idle/idle-found.ts'
import type { IdleObservation } from '../idle/observe-idle.ts'

/** The result of the idle connections, in one line: `alive after 340 s, dead after 360 s, silently`. */
export function idleWords({ aliveSeconds, dead, closed }: IdleFound): string {
  const parts = [
    ...(aliveSeconds === undefined ? [] : [`alive after ${aliveSeconds} s`]),
    ...(dead === undefined ? [] : [`dead after ${dead.seconds} s, ${howWords[dead.how]}`]),
    ...(closed === undefined ? [] : [`closed by the peer after ${closed.seconds} s (${closed.by})`])
  ]
  return parts.join('; ')
}

const howWords = { silent: 'silently', forgotten: 'with a reset' } as const

/** The effect on clients; `undefined` if no connection was dropped or closed. */
export function idleMeaning({ dead, closed }: IdleFound): string | undefined {
  if (dead?.how === 'silent') {
    return 'Something on the path, such as a load balancer or a firewall, silently drops idle connections. Without keepalive, the next call of a client hangs.'
  }
  if (dead?.how === 'forgotten') {
    return 'Something on the path, such as a load balancer or a firewall, drops idle connections. Without keepalive, the next call of a client fails with "Connection reset by peer".'
  }
  if (closed !== undefined)
    return 'The server or a proxy closes idle connections in the regular way. Clients notice it and reconnect.'
  return undefined
}

/** The result of one connection. */
export function idleOutcomeWords(seen: IdleObservation): string {
  const after = `${Math.round(seen.idleSeconds)} s`
  switch (seen.kind) {
    case 'alive':
      return `alive after ${after}`
    case 'silent':
      return `dead after ${after}: no answer`
    case 'forgotten':
      return `dead after ${after}: answered with a reset`
    case 'closed':
      return `closed by the peer after ${Math.round(seen.afterSeconds)} s (${seen.by})`
    case 'unknown':
      return 'not known: the connection, or the one for comparison, failed'
  }
}
