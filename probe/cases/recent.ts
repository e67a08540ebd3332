import { resolves } from './client.ts'
import type { Evidence } from './evidence.ts'
import { contradicts, isHealthy, triedAddresses } from './reading.ts'
import { type Symptom, symptomOf } from './symptom.ts'

/** What a round that counted came to, as far as later ones want to know. */
export interface RecentRound {
  /** When it began: Unix time in seconds. */
  readonly at: number
  /** What a client printed. */
  readonly symptom: Symptom
  /** Resolvers and addresses that were tried, by whether a client gets on from there. */
  readonly resolvers: Tried
  readonly addresses: Tried
}

/** Names of resolvers, or addresses. */
export interface Tried {
  readonly well: readonly string[]
  readonly failed: readonly string[]
}

/** Rounds that are remembered: ten minutes, at the usual interval. */
export const mostRecent = 60

/** Rounds that counted and a further one, the newest first. */
export function remember(before: readonly RecentRound[], evidence: Evidence): readonly RecentRound[] {
  return [recentRound(evidence), ...before.slice(0, mostRecent - 1)]
}

/** What a round came to. */
export function recentRound(evidence: Evidence): RecentRound {
  const { at, resolvers } = evidence
  return {
    at,
    symptom: symptomOf(evidence),
    resolvers: tried(
      resolvers,
      seen => resolves(seen) && !contradicts(seen),
      ({ resolver }) => resolver.name
    ),
    addresses: tried(
      triedAddresses(evidence),
      address => isHealthy(address, at),
      ({ address }) => address
    )
  }
}

function tried<T>(all: readonly T[], isWell: (each: T) => boolean, nameOf: (each: T) => string): Tried {
  return { well: all.filter(isWell).map(nameOf), failed: all.filter(each => !isWell(each)).map(nameOf) }
}
