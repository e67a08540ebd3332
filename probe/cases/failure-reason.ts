import type { ApplicationObservation, DnsObservation, Established, Layer } from '../facts/observation.ts'
import { resolves } from './client.ts'
import type { AddressEvidence, Evidence, ResolverEvidence } from './evidence.ts'
import { isAnswer, isExpired, isNotYetValid, isTrusted } from './reading.ts'

/** Every way in which a layer fails, as a metric label: closed sets. */
interface FailureReasons {
  readonly dns:
    | 'nxdomain'
    | 'nodata'
    | 'alias-loop'
    | 'formerr'
    | 'servfail'
    | 'notimp'
    | 'refused'
    | 'other-rcode'
    | 'timeout'
    | 'port-closed'
    | 'unreachable'
    | 'malformed'
    | 'truncated'
  readonly tcp: 'timeout' | 'refused' | 'reset' | 'unreachable' | 'forbidden'
  readonly tls:
    | 'timeout'
    | 'reset'
    | 'closed'
    | 'not-tls'
    | 'alert'
    | 'failure'
    | 'untrusted'
    | 'wrong-name'
    | 'expired'
    | 'not-yet-valid'
  readonly application: 'timeout' | 'reset' | 'closed' | 'not-http' | 'alert' | 'status'
}

/** The result of a layer on one resolver or address: how long it took, and why it failed, if it did. */
export type LayerOutcome = {
  [L in Layer]: {
    readonly layer: L
    readonly seconds: number
    readonly failure: FailureReasons[L] | undefined
  }
}[Layer]

type Failure<L extends Layer> = FailureReasons[L]

/** What became of each layer, on each resolver and address. */
export function outcomesOf({ resolvers, addresses, at }: Evidence): readonly LayerOutcome[] {
  return [...resolvers.flatMap(outcomeOfResolver), ...addresses.flatMap(address => outcomesOfAddress(address, at))]
}

/** What became of the host's name at one resolver; nothing if the probe itself was at fault. */
export function outcomeOfResolver(seen: ResolverEvidence): readonly LayerOutcome[] {
  const { seconds } = seen.a.kind === 'answer' ? seen.a : seen.aaaa.kind === 'answer' ? seen.aaaa : seen.a
  if (resolves(seen)) return [{ layer: 'dns', seconds, failure: undefined }]
  const failure = dnsFailure(seen.a)
  return failure === undefined ? [] : [{ layer: 'dns', seconds, failure }]
}

function dnsFailure(seen: DnsObservation): Failure<'dns'> | undefined {
  switch (seen.kind) {
    case 'rcode':
      return (
        {
          FORMERR: 'formerr',
          SERVFAIL: 'servfail',
          NOTIMP: 'notimp',
          REFUSED: 'refused',
          OTHER: 'other-rcode'
        } as const
      )[seen.rcode]
    case 'refused':
      return 'port-closed'
    // An answer of type A is no failure, and type A is never answered with a zone.
    case 'answer':
    case 'zone':
    case 'own-fault':
    case 'crashed':
    // A target's host is a name that can be asked for.
    case 'unaskable':
      return undefined
    default:
      return seen.kind
  }
}

/** What became of each layer at one address, as far as a client gets there. */
export function outcomesOfAddress({ path }: AddressEvidence, at: number): readonly LayerOutcome[] {
  const { tcp } = path
  if (tcp.kind === 'own-fault' || tcp.kind === 'crashed') return []
  const connecting: LayerOutcome = {
    layer: 'tcp',
    seconds: tcp.seconds,
    failure: tcp.kind === 'connected' ? undefined : tcp.kind
  }
  if (path.reached === 'nothing') return [connecting]
  if (path.reached === 'tcp') {
    if (path.tls.kind === 'crashed') return [connecting]
    return [connecting, { layer: 'tls', seconds: path.tls.seconds, failure: path.tls.kind }]
  }
  const shaking: LayerOutcome = { layer: 'tls', seconds: path.tls.seconds, failure: rejection(path.tls, at) }
  const { application } = path
  if (application.kind === 'crashed') return [connecting, shaking]
  return [
    connecting,
    shaking,
    { layer: 'application', seconds: application.seconds, failure: applicationFailure(application) }
  ]
}

/** Why a client rejects what it was shown. */
function rejection(tls: Established, at: number): Failure<'tls'> | undefined {
  if (!isTrusted(tls)) return 'untrusted'
  if (tls.certificate.coversHost === false) return 'wrong-name'
  if (isExpired(tls, at)) return 'expired'
  return isNotYetValid(tls, at) ? 'not-yet-valid' : undefined
}

function applicationFailure(
  seen: Exclude<ApplicationObservation, { kind: 'crashed' }>
): Failure<'application'> | undefined {
  if (isAnswer(seen)) return undefined
  switch (seen.kind) {
    case 'reply':
      return 'status'
    case 'stream-reset':
      return 'reset'
    case 'goaway':
      return 'closed'
    case 'flood':
      return 'not-http'
    default:
      return seen.kind
  }
}
