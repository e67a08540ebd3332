import type { Evidence, RecentRound, Tried } from './evidence.ts'
import { recentRound } from './recent.ts'

/** Rounds within which a second outage makes a failure intermittent. */
const enterWithin = 20

/** Rounds that must all have gone alike before it is over. */
const leaveAfter = 30

/**
 * Whether something failed now and then, by whether it failed in each round, the oldest first. One outage, however long,
 * is not intermittent, nor is one round that failed; two outages with a good round between them, within 20 rounds, are.
 * It is over after 30 rounds that were all good or all bad.
 *
 * If a quarter of all rounds fail by chance, that is found after 9 rounds on average and holds for as long as it lasts. If
 * one in ten fails, it is found after 22 rounds and holds for nine tenths of the time; if one in a hundred, for a
 * twentieth (simulated, 60,000 rounds each).
 */
export function alternates(failed: readonly boolean[]): boolean {
  let found = false
  let alike = 0
  /** Where each outage began. */
  const outages: number[] = []
  failed.forEach((now, index) => {
    alike = now === failed[index - 1] ? alike + 1 : 1
    if (now && failed[index - 1] !== true) {
      const [before] = outages.slice(-1)
      outages.push(index)
      if (before !== undefined && endOf(failed, before) > index - enterWithin) found = true
    }
    if (alike >= leaveAfter) found = false
  })
  return found
}

/** The round after an outage's last one. */
function endOf(failed: readonly boolean[], begin: number): number {
  const end = failed.indexOf(false, begin)
  return end === -1 ? failed.length : end
}

/** This round and those before it, the oldest first. */
function rounds(evidence: Evidence): readonly RecentRound[] {
  return [recentRound(evidence), ...evidence.recent].toReversed()
}

const felt = (all: readonly RecentRound[]) =>
  alternates(all.filter(({ symptom }) => symptom !== 'unknown').map(({ symptom }) => symptom !== 'none'))

/** Those of all that was tried which failed now and then. */
function alternating(all: readonly Tried[]): readonly string[] {
  const names = new Set(all.flatMap(({ failed }) => failed))
  return [...names].filter(name =>
    alternates(
      all
        .filter(({ well, failed }) => well.includes(name) || failed.includes(name))
        .map(({ failed }) => failed.includes(name))
    )
  )
}

const alternatingAddresses = (all: readonly RecentRound[]) => alternating(all.map(({ addresses }) => addresses))
const alternatingResolvers = (all: readonly RecentRound[]) => alternating(all.map(({ resolvers }) => resolvers))

/** The addresses and resolvers that fail now and then, or the host, if clients feel that and no single one is to blame. */
export function whatComesAndGoes(evidence: Evidence): readonly string[] {
  const all = rounds(evidence)
  const addresses = alternatingAddresses(all)
  if (!felt(all)) return addresses
  const resolvers = alternatingResolvers(all)
  return addresses.length + resolvers.length === 0 ? [evidence.target.host] : [...addresses, ...resolvers]
}

/** The resolvers that fail now and then without clients feeling it. */
export function resolversThatComeAndGo(evidence: Evidence): readonly string[] {
  const all = rounds(evidence)
  return felt(all) ? [] : alternatingResolvers(all)
}
