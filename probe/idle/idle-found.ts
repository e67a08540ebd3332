import type { IdleObservation } from './observe-idle.ts'

/** Seconds of silence after which connections are tested: around what load balancers and firewalls are known to allow. */
export const idleTimes = [60, 180, 340, 360, 900] as const

/** The results of idle connections to a target. For information: no verdict depends on them. */
export interface IdleFound {
  /** When the last of them ended: Unix time in seconds. */
  readonly at: number
  /** The longest silence after which a connection still answered. Absent if none did. */
  readonly aliveSeconds?: number
  /** The shortest silence, longer than that, after which one did not. Absent if all did. */
  readonly dead?: { readonly seconds: number; readonly how: 'silent' | 'forgotten' }
  /** The shortest silence after which the peer ended a connection in order. Absent if it ended none. */
  readonly closed?: { readonly seconds: number; readonly by: 'FIN' | 'RST' | 'GOAWAY' }
}

/**
 * Reads the interval off what became of the connections: the address that drops them first counts. A dead connection was not
 * dropped for its silence if a longer silence left one to the same address alive. Pure.
 */
export function idleFound(seen: readonly IdleObservation[], at: number): IdleFound | undefined {
  const alive = seen.filter(({ kind }) => kind === 'alive')
  const dead = seen
    .flatMap(each => (each.kind === 'silent' || each.kind === 'forgotten' ? [each] : []))
    .filter(({ address, idleSeconds }) =>
      alive.every(other => other.address !== address || other.idleSeconds < idleSeconds)
    )
    .toSorted((one, other) => one.idleSeconds - other.idleSeconds)
  const closed = seen
    .flatMap(each => (each.kind === 'closed' ? [each] : []))
    .toSorted((one, other) => one.afterSeconds - other.afterSeconds)
  const [firstDead] = dead
  const [firstClosed] = closed
  const most = firstDead?.idleSeconds ?? Number.POSITIVE_INFINITY
  const lived = alive.map(({ idleSeconds }) => idleSeconds).filter(seconds => seconds < most)
  if (lived.length === 0 && firstDead === undefined && firstClosed === undefined) return undefined
  return {
    at,
    ...(lived.length === 0 ? {} : { aliveSeconds: Math.round(Math.max(...lived)) }),
    ...(firstDead && { dead: { seconds: Math.round(firstDead.idleSeconds), how: firstDead.kind } }),
    ...(firstClosed && { closed: { seconds: Math.round(firstClosed.afterSeconds), by: firstClosed.by } })
  }
}
