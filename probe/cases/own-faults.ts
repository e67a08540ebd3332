import type { DnsObservation, TcpObservation } from '../facts/observation.ts'
import type { Evidence } from './evidence.ts'
import { isTrusted } from './reading.ts'

/** The system's names of what the probe itself lacked during a round: `EMFILE`, `EADDRNOTAVAIL`, … */
export function ownFaults({ resolvers, addresses }: Evidence): readonly string[] {
  const seen: readonly (DnsObservation | TcpObservation)[] = [
    ...resolvers.flatMap(({ a, aaaa, domain, endpoint, canaries, misspellings }) => [
      a,
      aaaa,
      domain,
      ...endpoint,
      ...canaries,
      ...misspellings
    ]),
    ...addresses.map(({ path }) => path.tcp)
  ]
  return [...new Set(seen.flatMap(each => (each.kind === 'own-fault' ? [each.code] : [])))]
}

/**
 * Seconds by which the probe's clock is ahead of the servers', by the Date of their replies; negative if it is behind,
 * `undefined` if no server sent its time. Only a server whose certificate is valid for the host, apart from its dates, is believed: anybody
 * else can send any Date. Of several the smallest counts: one server's clock may be wrong as well. It is exact to two
 * seconds or so: a Date has no fractions, and what lies between the observations of a round is not known.
 */
export function clockAheadSeconds({ at, resolvers, addresses }: Evidence): number | undefined {
  const resolving = Math.max(0, ...resolvers.flatMap(({ a, aaaa }) => [a.seconds, aaaa.seconds]))
  const ahead = addresses.flatMap(({ path }) => {
    if (path.reached !== 'tls' || path.application.kind !== 'reply' || path.application.date === undefined) return []
    if (!isTrusted(path.tls) || path.tls.certificate.coversHost === false) return []
    const repliedAt = at + resolving + path.tcp.seconds + path.tls.seconds + path.application.seconds
    return [repliedAt - path.application.date]
  })
  return ahead.toSorted((one, other) => Math.abs(one) - Math.abs(other))[0]
}
