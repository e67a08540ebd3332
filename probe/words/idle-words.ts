import type { IdleFound } from '../idle/idle-found.ts'
import type { IdleObservation } from '../idle/observe-idle.ts'

/** What idle connections came to, in a line: `alive after 340 s, dead after 360 s, silently`. */
export function idleWords({ aliveSeconds, dead, closed }: IdleFound): string {
  const parts = [
    ...(aliveSeconds === undefined ? [] : [`alive after ${aliveSeconds} s`]),
    ...(dead === undefined ? [] : [`dead after ${dead.seconds} s, ${howWords[dead.how]}`]),
    ...(closed === undefined ? [] : [`closed by the peer after ${closed.seconds} s (${closed.by})`])
  ]
  return parts.join('; ')
}

const howWords = { silent: 'silently', forgotten: 'with a reset' } as const

/** What a client feels of it; nothing if no connection was dropped or closed. */
export function idleMeaning({ dead, closed }: IdleFound): string | undefined {
  if (dead?.how === 'silent') {
    return 'Something on the way drops idle connections without a word, such as a load balancer or a firewall. The next call of a client without keepalive hangs.'
  }
  if (dead?.how === 'forgotten') {
    return 'Something on the way drops idle connections, such as a load balancer or a firewall. The next call of a client without keepalive fails with "Connection reset by peer".'
  }
  if (closed !== undefined)
    return 'The server or a proxy ends idle connections in order. Clients notice and connect again.'
  return undefined
}

/** What one connection came to. */
export function idleOutcomeWords(seen: IdleObservation): string {
  const after = `${Math.round(seen.idleSeconds)} s`
  switch (seen.kind) {
    case 'alive':
      return `alive after ${after}`
    case 'silent':
      return `dead after ${after}: nothing answers`
    case 'forgotten':
      return `dead after ${after}: answered with a reset`
    case 'closed':
      return `closed by the peer after ${Math.round(seen.afterSeconds)} s (${seen.by})`
    case 'unknown':
      return 'not known: no connection could be made, or none for comparison'
  }
}
