import { anywhere, type Finding } from './case.ts'
import type { Evidence, RecentRound, Tried } from './evidence.ts'
import { recentRound } from './recent.ts'
import { shell } from './shell.ts'

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

/** What fails now and then: one round shows it or does not, several add up. */
export const intermittentFindings = [
  {
    id: 'intermittent',
    layer: undefined,
    severity: 'critical',
    about: evidence => {
      const all = rounds(evidence)
      const addresses = alternatingAddresses(all)
      if (!felt(all)) return addresses
      const resolvers = alternatingResolvers(all)
      return addresses.length + resolvers.length === 0 ? [evidence.target.host] : [...addresses, ...resolvers]
    },
    meaning:
      'Some of the last rounds failed and others did not. Clients fail now and then, and a single check may well succeed.',
    remedy: anywhere(({ host, port }) => [
      {
        cause: 'a resolver is a pool of servers, and one of them does not have the zone or does not answer',
        do: 'resolve the host 20 times and count the failures; then ask each server of the pool',
        run: shell`getent ahosts ${host}`
      },
      {
        cause: 'one of several servers behind an address fails, or a firewall on the way ends some connections',
        do: 'connect 20 times and count the failures; give Zilliz Cloud support the times of the failed rounds',
        run: shell`curl -sv --max-time 10 ${`https://${host}:${port}/`}`
      },
      {
        cause: 'packets are lost on the way',
        do: 'check the links and hops between the clients and the endpoint for loss'
      }
    ])
  },
  {
    id: 'resolver-intermittent',
    layer: 'dns',
    severity: 'warning',
    about: evidence => {
      const all = rounds(evidence)
      return felt(all) ? [] : alternatingResolvers(all)
    },
    meaning:
      'A resolver gave the host an address in some of the last rounds and not in others. Clients that ask it first fail or wait now and then.',
    remedy: anywhere(() => [
      { do: 'find out whether the resolver is a pool of servers, and ask each of them' },
      { do: 'check for packet loss on the way to the resolver, and for its limits on queries' }
    ])
  }
] as const satisfies readonly Finding[]
