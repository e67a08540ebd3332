import { clientPatienceMs } from '../facts/client-patience.ts'
import type { LibcObservation } from '../facts/observation.ts'
import { inTime } from '../observers/in-time.ts'
import type { ObserveLibc } from '../observers/libc.ts'
import type { LibcLookups } from '../observers/libc-lookups.ts'
import { type Limit, secondsSince } from '../observers/within.ts'

/** What libc says of hosts: each host is looked up once in an interval, when a round of it comes by. */
export interface LibcSamples {
  /** Says which hosts to sample, how often, and how often rounds come. */
  readonly set: (hosts: readonly string[], every: { readonly sampleMs: number; readonly roundMs: number }) => void
  /**
   * The sample of a host. It is valid until its turn comes and a new one is there, and as long as the resolvers say what
   * they said when it was taken. Waits for a lookup that is under way: for the limit if there is a valid sample, else
   * for as long as a client would. If resolvers take longer than the limit, a new one is taken at once. One that takes longer is `pending`, and the sample. `undefined` if there is none.
   */
  readonly observe: ObserveLibc
  /** Lets the next round of a host take a new sample. The one that is there stays valid until then. */
  readonly renew: (host: string) => void
  /** Forgets the sample of a host: something was wrong with the probe, and maybe when it was taken. */
  readonly drop: (host: string) => void
}

/** What is known of a host. */
interface Sampled {
  valid: { readonly observation: LibcObservation; readonly lookup: Lookup } | undefined
  underWay: Lookup | undefined
  /** Whether the next sample is taken before its turn. */
  isWanted: boolean
}

interface Lookup {
  readonly start: number
  readonly at: number
  readonly ended: Promise<void>
  /** What the resolvers said of the host in the round in which it began; `undefined` before they have. */
  resolved: string | undefined
  isStale: boolean
}

/**
 * Samples libc.
 *
 * @param patienceMs @default - as long as a client waits
 */
export function createLibcSamples(
  lookups: Pick<LibcLookups, 'lookUp' | 'isFull'>,
  patienceMs: number = clientPatienceMs
): LibcSamples {
  const hosts = new Map<string, Sampled>()
  let sampleMs = 0
  let roundMs = 0

  const begin = (host: string, sampled: Sampled) => {
    const start = performance.now()
    const ended = lookups.lookUp(host).then(observation => {
      sampled.underWay = undefined
      if (!lookup.isStale && observation !== undefined) sampled.valid = { observation, lookup }
    })
    const lookup: Lookup = { start, at: Date.now() / 1000, ended, resolved: undefined, isStale: false }
    sampled.underWay = lookup
    sampled.isWanted = false
  }
  /** Rounds come by the interval; the one that is nearest to a sample's turn takes it. */
  const isDue = ({ valid, isWanted }: Sampled) =>
    isWanted || valid === undefined || performance.now() >= valid.lookup.start + sampleMs - roundMs / 2

  /** Waits for the limit while there is a valid sample, else for as long as a client would. */
  const wait = async ({ start, ended }: Lookup, { valid }: Sampled, { ms, signal }: Limit) => {
    // A timer may be early by a fraction of a millisecond.
    const leftMs = start + patienceMs - performance.now() + 1
    await inTime(ended, { ms: Math.max(0, valid === undefined ? leftMs : Math.min(ms, leftMs)), signal })
    signal.throwIfAborted()
  }

  /** Whether resolvers are awaited with patience. Those that are known to be silent get the limit, and no more. */
  const isLate = async (resolved: Promise<string>, { ms, signal }: Limit) =>
    (await inTime(resolved, { ms: 1.25 * ms, signal })) === undefined

  const observe: ObserveLibc = async (host, limit, resolved) => {
    const sampled = hosts.get(host)
    if (sampled === undefined) return undefined
    const beginIfDue = () => {
      if (sampled.underWay === undefined && isDue(sampled) && !lookups.isFull()) begin(host, sampled)
    }
    beginIfDue()
    // The resolvers may be silent for a client's whole patience, and libc would be asked only then.
    if ((await isLate(resolved, limit)) && sampled.underWay === undefined && !lookups.isFull()) begin(host, sampled)
    const now = await resolved
    for (const lookup of [sampled.valid?.lookup, sampled.underWay]) {
      if (lookup === undefined) continue
      lookup.resolved ??= now
      lookup.isStale ||= lookup.resolved !== now
    }
    if (sampled.valid?.lookup.isStale) sampled.valid = undefined
    beginIfDue()
    let { underWay } = sampled
    if (underWay?.isStale) {
      await wait(underWay, sampled, limit)
      beginIfDue()
      underWay = sampled.underWay
    }
    if (underWay === undefined) return sampled.valid?.observation
    underWay.resolved ??= now
    await wait(underWay, sampled, limit)
    const isPending = sampled.underWay === underWay && performance.now() >= underWay.start + patienceMs
    if (!isPending) return sampled.valid?.observation
    return { layer: 'dns', seconds: secondsSince(underWay.start), at: underWay.at, kind: 'pending' }
  }

  return {
    set: (next, every) => {
      sampleMs = every.sampleMs
      roundMs = every.roundMs
      const wanted = new Set(next)
      for (const host of hosts.keys()) if (!wanted.has(host)) hosts.delete(host)
      for (const host of wanted) {
        if (!hosts.has(host)) hosts.set(host, { valid: undefined, underWay: undefined, isWanted: false })
      }
    },
    observe,
    renew: host => {
      const sampled = hosts.get(host)
      if (sampled !== undefined) sampled.isWanted = true
    },
    drop: host => {
      const sampled = hosts.get(host)
      if (sampled === undefined) return
      sampled.valid = undefined
      if (sampled.underWay !== undefined) sampled.underWay.isStale = true
    }
  }
}
