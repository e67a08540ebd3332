import { type Diagnosis, diagnose } from '../cases/diagnose.ts'
import type { Evidence, ResolverEvidence } from '../cases/evidence.ts'
import { ownFaults } from '../cases/own-faults.ts'
import { isExpired, isNotYetValid, isTrusted } from '../cases/reading.ts'
import { isSilentPath } from '../cases/silence.ts'
import type { DnsObservation } from '../facts/observation.ts'
import type { ImpairmentId } from './impairments.ts'

/** A verdict, and what it was made from. */
export interface Verdict {
  readonly evidence: Evidence
  readonly diagnosis: Diagnosis
}

/** How the probe itself was while a round ran. */
export interface Circumstances {
  /** Whether the event loop stood still for too long. */
  readonly stalled: boolean
  /** Seconds by which the clock may be ahead of the right time, each for another reason; negative if behind. */
  readonly stepped: readonly number[]
  readonly skewed: readonly number[]
  /** Whether the machine has no network, or nothing of any target was reached of late. */
  readonly isCutOff: boolean
}

/** What remains of a verdict, and what may have falsified that. */
export interface Sifted {
  readonly diagnosis: Diagnosis
  readonly heldBy: readonly ImpairmentId[]
}

/**
 * Sifts a verdict: what is slow may be the probe that stood still, so that these findings do not count then; and the rest
 * is held by what can have falsified it. Pure: an impairment that cannot have made a verdict is no reason to hold it.
 */
export function sift({ evidence, diagnosis: all }: Verdict, circumstances: Circumstances): Sifted {
  const { stalled, stepped, skewed, isCutOff } = circumstances
  const diagnosis = stalled ? withoutSlowness(all) : all
  const verdict = { evidence, diagnosis }
  return {
    diagnosis,
    heldBy: [
      ...(stalled && restsOnSilence(verdict) ? (['event-loop-stall'] as const) : []),
      ...(stepped.some(ahead => restsOnClock(verdict, ahead)) ? (['clock-step'] as const) : []),
      ...(skewed.some(ahead => restsOnClock(verdict, ahead)) ? (['clock-skew'] as const) : []),
      ...(ownFaults(evidence).length > 0 ? (['out-of-resources'] as const) : []),
      ...(isCutOff && reachesNothing(evidence) ? (['no-network'] as const) : [])
    ]
  }
}

/** Findings that a pause of the probe makes as well as one of the link. None of them changes the state. */
const slowness: ReadonlySet<string> = new Set([
  'query-lost',
  'resolver-slow',
  'aaaa-unanswered',
  'libc-slow',
  'syn-retransmitted',
  'connect-slow',
  'handshake-slow',
  'reply-slow'
])

function withoutSlowness(diagnosis: Diagnosis): Diagnosis {
  return { ...diagnosis, findings: diagnosis.findings.filter(({ finding }) => !slowness.has(finding.id)) }
}

/** Whether a verdict rests on silence. Success cannot: no pause looks like an answer. */
function restsOnSilence({ evidence, diagnosis }: Verdict): boolean {
  const isWell = diagnosis.case.severity === 'none' && diagnosis.findings.length === 0
  if (isWell) return false
  return (
    evidence.resolvers.some(isSilentResolver) ||
    evidence.addresses.some(({ path }) => isSilentPath(path)) ||
    evidence.libc?.kind === 'pending'
  )
}

const isSilent = ({ kind }: DnsObservation) => kind === 'timeout' || kind === 'malformed' || kind === 'truncated'

function isSilentResolver({ a, aaaa, domain, endpoint }: ResolverEvidence): boolean {
  return [a, aaaa, domain, ...endpoint].some(isSilent)
}

/** Whether a verdict changes if the clock was ahead by so many seconds. */
function restsOnClock({ evidence }: Verdict, aheadSeconds: number): boolean {
  return !isSame(diagnose(evidence), diagnose(asOf(evidence, evidence.at - aheadSeconds)))
}

function isSame(one: Diagnosis, other: Diagnosis): boolean {
  return summary(one) === summary(other)
}

/** What is good to know and no more holds nothing. */
function summary({ case: { id }, findings }: Diagnosis): string {
  const wrong = findings.filter(({ finding }) => finding.severity !== 'info')
  return [id, ...wrong.map(({ finding, about }) => `${finding.id} ${about.join()}`)].join('\n')
}

/** The same evidence, seen at another time. What OpenSSL said of dates by the wrong clock, the leaf's dates say anew. */
function asOf(evidence: Evidence, at: number): Evidence {
  return {
    ...evidence,
    at,
    addresses: evidence.addresses.map(address => {
      const { path } = address
      if (path.reached !== 'tls') return address
      const { tls } = path
      const isDates = isTrusted(tls) && tls.chainError !== undefined
      const wasOutOfDate =
        isExpired({ ...tls, chainError: undefined }, evidence.at) ||
        isNotYetValid({ ...tls, chainError: undefined }, evidence.at)
      // A date of the chain that is not the leaf's is not known, and cannot be judged anew.
      return isDates && wasOutOfDate
        ? { ...address, path: { ...path, tls: { ...tls, chainError: undefined } } }
        : address
    })
  }
}

/** Whether a round reached nothing: no resolver replied, and no address did. */
export function reachesNothing({ resolvers, addresses }: Evidence): boolean {
  return (
    resolvers.every(({ a, aaaa, domain }) => [a, aaaa, domain].every(isUnreached)) &&
    addresses.every(({ path }) => path.tcp.kind !== 'connected' && isUnreached(path.tcp))
  )
}

/** Whether the network has no way at all, as far as the machine itself can tell; its silence is not meant. */
const isUnreached = ({ kind }: { readonly kind: string }) => kind === 'unreachable'
