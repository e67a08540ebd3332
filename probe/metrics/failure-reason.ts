import type { AddressEvidence, Evidence, ResolverEvidence } from '../cases/evidence.ts'
import type { DnsObservation, Layer } from '../cases/observation.ts'
import { isAnswer, isExpired, isNotYetValid, isTrusted, resolves } from '../cases/reading.ts'

/** Every way in which a layer fails, as a metric label: closed sets. */
export const failureReasons = {
  dns: [
    'nxdomain',
    'nodata',
    'formerr',
    'servfail',
    'notimp',
    'refused',
    'other-rcode',
    'timeout',
    'port-closed',
    'unreachable',
    'malformed',
    'truncated'
  ],
  tcp: ['timeout', 'refused', 'reset', 'unreachable', 'forbidden'],
  tls: [
    'timeout',
    'reset',
    'closed',
    'not-tls',
    'alert',
    'failure',
    'untrusted',
    'wrong-name',
    'expired',
    'not-yet-valid'
  ],
  application: ['timeout', 'reset', 'closed', 'not-http', 'alert', 'status']
} as const satisfies Record<Layer, readonly string[]>

/** What a layer came to, on one resolver or address: how long it took, and why it failed if it did. */
export type Outcome = {
  [L in Layer]: {
    readonly layer: L
    readonly seconds: number
    readonly failure: (typeof failureReasons)[L][number] | undefined
  }
}[Layer]

type Failure<L extends Layer> = (typeof failureReasons)[L][number]

/** What became of each layer, on each resolver and address. */
export function outcomesOf({ resolvers, addresses, at }: Evidence): readonly Outcome[] {
  return [...resolvers.flatMap(outcomeOfResolver), ...addresses.flatMap(address => outcomesOfAddress(address, at))]
}

/** What became of the host's name at one resolver; nothing if the probe itself was at fault. */
export function outcomeOfResolver(seen: ResolverEvidence): readonly Outcome[] {
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
      return undefined
    default:
      return seen.kind
  }
}

/** What became of each layer at one address, as far as a client gets there. */
export function outcomesOfAddress({ path }: AddressEvidence, at: number): readonly Outcome[] {
  const { tcp } = path
  if (tcp.kind === 'own-fault') return []
  const connecting: Outcome = {
    layer: 'tcp',
    seconds: tcp.seconds,
    failure: tcp.kind === 'connected' ? undefined : tcp.kind
  }
  if (path.reached === 'nothing') return [connecting]
  const shaking: Outcome = { layer: 'tls', seconds: path.tls.seconds, failure: tlsFailure(path, at) }
  if (path.reached === 'tcp') return [connecting, shaking]
  return [
    connecting,
    shaking,
    { layer: 'application', seconds: path.application.seconds, failure: applicationFailure(path.application) }
  ]
}

function tlsFailure(
  path: Exclude<AddressEvidence['path'], { reached: 'nothing' }>,
  at: number
): Failure<'tls'> | undefined {
  if (path.reached === 'tcp') return path.tls.kind
  if (!isTrusted(path.tls)) return 'untrusted'
  if (!path.tls.certificate.coversHost) return 'wrong-name'
  if (isExpired(path.tls, at)) return 'expired'
  return isNotYetValid(path.tls, at) ? 'not-yet-valid' : undefined
}

function applicationFailure(
  seen: Extract<AddressEvidence['path'], { reached: 'tls' }>['application']
): Failure<'application'> | undefined {
  if (isAnswer(seen)) return undefined
  return seen.kind === 'reply' ? 'status' : seen.kind
}
