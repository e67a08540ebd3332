import type { Evidence, RecentRound, Tried } from './evidence.ts'
import { recentRound } from './recent.ts'

/** Turns within which a second outage makes a failure intermittent. */
const enterWithin = 20

/** Turns that must all have gone alike before it is over. */
const leaveAfter = 30

/** Whether something failed in a round. A round that is early did not wait for its turn in the interval. */
interface RoundOutcome {
  readonly failed: boolean
  readonly isEarly?: true
}

/**
 * Whether something failed intermittently. The oldest round is first. One outage, however long, is not intermittent, nor is one round that
 * failed. Two outages with a good round between them, within 20 turns, are. If an outage began in an early round, it takes a third one:
 * early rounds look closely at the moment of a change, and a change can take some seconds. It is over after 30 turns that were all good
 * or all bad, with the early rounds between them.
 *
 * If a quarter of all rounds fail by chance and none is early, that is found after 9 rounds on average and holds for as long as it lasts.
 * If one in ten fails, it is found after 22 rounds and holds for nine tenths of the time; if one in a hundred, for a twentieth
 * (simulated, 60,000 rounds each).
 */
export function alternates(rounds: readonly RoundOutcome[]): boolean {
  let found = false
  let turn = 0
  let alike = 0
  let before: boolean | undefined
  /** The turn at which each outage was over, as far as it is. */
  const outages: { end: number }[] = []
  for (const { failed, isEarly = false } of rounds) {
    if (!isEarly) turn += 1
    alike = (failed === before ? alike : 0) + (isEarly ? 0 : 1)
    if (failed && before !== true) {
      const recent = outages.filter(({ end }) => end > turn - enterWithin)
      if (recent.length >= (isEarly ? 2 : 1)) found = true
      outages.push({ end: Number.POSITIVE_INFINITY })
    }
    if (!failed && before === true) {
      const last = outages.at(-1)
      if (last !== undefined) last.end = turn
    }
    if (alike >= leaveAfter) found = false
    before = failed
  }
  return found
}

/** This round and those before it, the oldest first. */
function rounds(evidence: Evidence): readonly RecentRound[] {
  return [recentRound(evidence), ...evidence.recent].toReversed()
}

const felt = (all: readonly RecentRound[]) =>
  alternates(
    all
      .filter(({ symptom }) => symptom !== 'unknown')
      .map(({ symptom, ...round }) => ({ ...early(round), failed: symptom !== 'none' }))
  )

const early = ({ isEarly }: Pick<RecentRound, 'isEarly'>) => (isEarly === undefined ? {} : { isEarly })

/** The resolvers or addresses that failed intermittently. */
function alternating(all: readonly RecentRound[], triedIn: (round: RecentRound) => Tried): readonly string[] {
  const names = new Set(all.flatMap(round => triedIn(round).failed))
  return [...names].filter(name =>
    alternates(
      all
        .filter(round => triedIn(round).well.includes(name) || triedIn(round).failed.includes(name))
        .map(round => ({ ...early(round), failed: triedIn(round).failed.includes(name) }))
    )
  )
}

const alternatingAddresses = (all: readonly RecentRound[]) => alternating(all, ({ addresses }) => addresses)
const alternatingResolvers = (all: readonly RecentRound[]) => alternating(all, ({ resolvers }) => resolvers)

/** The addresses and resolvers that fail intermittently, or the host, if clients fail and no single address or resolver is the reason. */
export function whatComesAndGoes(evidence: Evidence): readonly string[] {
  const all = rounds(evidence)
  const addresses = alternatingAddresses(all)
  if (!felt(all)) return addresses
  const resolvers = alternatingResolvers(all)
  return addresses.length + resolvers.length === 0 ? [evidence.target.host] : [...addresses, ...resolvers]
}

/** The resolvers that fail intermittently without an effect on clients. */
export function resolversThatComeAndGo(evidence: Evidence): readonly string[] {
  const all = rounds(evidence)
  return felt(all) ? [] : alternatingResolvers(all)
}
