import { resolves } from '../cases/client.ts'
import { type Diagnosis, diagnose } from '../cases/diagnose.ts'
import type { AddressEvidence, Evidence, ResolverEvidence } from '../cases/evidence.ts'
import type { FindingId } from '../cases/findings.ts'
import { isReply } from '../cases/reading.ts'
import { recentRound } from '../cases/recent.ts'
import { isSilentPath, isSilentReply } from '../cases/silence.ts'
import type { DnsObservation } from '../facts/observation.ts'
import { mostLooks } from '../observers/look-times.ts'

/** Looks that must agree before a verdict is confirmed. A single failed look can be one lost packet. */
export const looksToConfirm = mostLooks

/** For how many looks at the target a round counts. */
export interface Looks {
  /** Looks that its verdict rests on. */
  readonly looks: number
  /** The findings that it saw in {@link looksToConfirm} looks. It saw all others in one. */
  readonly certain: readonly FindingId[]
  /**
   * When the sample of libc was taken that the verdict rests on: rounds with one sample are one look. `undefined` if the verdict is the
   * same without the sample.
   */
  readonly sample: number | undefined
}

/** Findings that silence alone can cause. */
const ofSilence: ReadonlySet<FindingId> = new Set(['address-fails', 'resolver-without-answer'])

/**
 * Counts the looks of a round. A round is one look, because most of what it asks it asks once. It counts for three if everything that
 * failed was silent in three exchanges. An address or a resolver must have been tried in the round before, too: a single wrong answer
 * can name an address that is always silent. Pure.
 */
export function looksOf(evidence: Evidence, { state, case: { id }, findings }: Diagnosis): Looks {
  const silent = surelySilent(evidence)
  const isSure = silent.size > 0 && failedIn(evidence).every(name => silent.has(name))
  return {
    looks: isSure ? looksToConfirm : 1,
    certain: findings.flatMap(({ finding, about }) =>
      ofSilence.has(finding.id) && about.every(name => silent.has(name)) ? [finding.id] : []
    ),
    sample: restsOnLibc(evidence, { state, isWell: id === 'healthy' }) ? evidence.libc?.at : undefined
  }
}

/** Names of resolvers, and addresses, that were silent in three exchanges and were tried in the round before. */
function surelySilent({ resolvers, addresses, recent: [before] }: Evidence): ReadonlySet<string> {
  const silent = new Set([
    ...resolvers.filter(isSurelySilentResolver).map(({ resolver }) => resolver.name),
    ...addresses.filter(isSurelySilentAddress).map(({ address }) => address)
  ])
  if (silent.size === 0 || before === undefined) return new Set()
  const tried = [before.resolvers, before.addresses].flatMap(({ well, failed }) => [...well, ...failed])
  return silent.intersection(new Set(tried))
}

/** Names of resolvers, and addresses, from which a client gets no further. */
function failedIn(evidence: Evidence): readonly string[] {
  const { resolvers, addresses } = recentRound(evidence)
  return [...resolvers.failed, ...addresses.failed]
}

/** A resolver that answers some questions and never those for the host counts as well: it is silent about these. */
function isSurelySilentResolver({ a, aaaa, domain, endpoint, canaries }: ResolverEvidence): boolean {
  const isSilent = (seen: DnsObservation) => isSilentReply(seen) && areEnough(seen.further?.map(isSilentReply))
  return isSilent(a) && [aaaa, domain, ...endpoint, ...canaries].every(seen => isReply(seen) || isSilent(seen))
}

function isSurelySilentAddress({ path, further }: AddressEvidence): boolean {
  return isSilentPath(path) && areEnough(further?.map(isSilentPath))
}

/** Whether all exchanges after the first one were silent, and there were enough of them. */
function areEnough(silences: readonly boolean[] = []): boolean {
  return silences.length + 1 >= looksToConfirm && silences.every(Boolean)
}

/**
 * Whether a verdict is another without what libc said. A lookup that hangs is no sample: that it still hangs is seen anew in each round.
 */
function restsOnLibc(evidence: Evidence, verdict: { readonly state: string; readonly isWell: boolean }): boolean {
  const { libc, addresses, resolvers } = evidence
  if (libc === undefined || libc.kind === 'pending' || libc.kind === 'crashed') return false
  const [first] = resolvers
  const isAlike = addresses.every(({ byLibc, byResolvers }) => byLibc === byResolvers)
  // Nothing is another then, in nearly all rounds there are.
  if (libc.kind === 'answer' && isAlike && first !== undefined && resolves(first)) return false
  const { state, case: without } = diagnose({
    ...evidence,
    libc: undefined,
    addresses: addresses.map(address => ({ ...address, byLibc: false }))
  })
  return state !== verdict.state || (without.id === 'healthy') !== verdict.isWell
}
