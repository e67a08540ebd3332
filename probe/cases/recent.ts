import { resolves } from './client.ts'
import type { Evidence, RecentRound, Tried } from './evidence.ts'
import { contradicts, isHealthy, triedAddresses } from './reading.ts'
import { symptomOf } from './symptom.ts'

/** Rounds that are remembered: ten minutes at the usual interval, and less where changes bring early rounds. */
export const mostRecent = 60

/** Rounds that counted and a further one, the newest first. Rounds that are alike share what they hold: nearly all are. */
export function remember(before: readonly RecentRound[], evidence: Evidence): readonly RecentRound[] {
  const round = recentRound(evidence)
  const [last = round] = before
  const shared = (of: 'resolvers' | 'addresses') => (areAlike(last[of], round[of]) ? last : round)[of]
  return [
    { ...round, resolvers: shared('resolvers'), addresses: shared('addresses') },
    ...before.slice(0, mostRecent - 1)
  ]
}

/** The result of a round. */
export function recentRound(evidence: Evidence): RecentRound {
  const { at, resolvers, isEarly } = evidence
  return {
    at,
    symptom: symptomOf(evidence),
    ...(isEarly === undefined ? {} : { isEarly }),
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

function areAlike(one: Tried, other: Tried): boolean {
  const have = (names: readonly string[], others: readonly string[]) =>
    names.length === others.length && names.every((name, index) => name === others[index])
  return have(one.well, other.well) && have(one.failed, other.failed)
}

function tried<T>(all: readonly T[], isWell: (each: T) => boolean, nameOf: (each: T) => string): Tried {
  return { well: all.filter(isWell).map(nameOf), failed: all.filter(each => !isWell(each)).map(nameOf) }
}
