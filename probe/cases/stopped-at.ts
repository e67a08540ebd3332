import type { ApplicationObservation, DnsObservation, Established } from '../facts/observation.ts'
import { clientResolves, furthest, type Resolution, resolutionOf, unresolved } from './client.ts'
import type { Evidence, Path, ResolverEvidence } from './evidence.ts'

/** Whether a case matches: a client is stopped in its way. */
export type Matches = (evidence: Evidence) => boolean

/** A client gets no address, and a resolver that gives it none passes the test. */
export const atResolver =
  (test: (seen: ResolverEvidence, evidence: Evidence) => boolean): Matches =>
  evidence =>
    unresolved(evidence).some(seen => test(seen, evidence))

/** The same, by the resolver's reply for IPv4 addresses alone. */
export const atReply = (test: (seen: DnsObservation) => boolean): Matches => atResolver(({ a }) => test(a))

/** A resolver says that the name, or the last one of its aliases, does not exist. */
export const atUnknownName = (
  test: (seen: Extract<DnsObservation, { kind: 'nxdomain' }>, all: ResolverEvidence, evidence: Evidence) => boolean
): Matches => atResolver((all, evidence) => all.a.kind === 'nxdomain' && test(all.a, all, evidence))

/** A resolver says that the name exists, but has no address. */
export const atNameWithoutAddress = (
  test: (seen: Extract<DnsObservation, { kind: 'nodata' }>, all: ResolverEvidence) => boolean
): Matches => atResolver(all => all.a.kind === 'nodata' && test(all.a, all))

/** A client cannot resolve the host, though the resolver that it should ask first can. */
export const inLibc =
  (...kinds: readonly Resolution['kind'][]): Matches =>
  evidence =>
    !clientResolves(evidence) && unresolved(evidence).length === 0 && kinds.includes(resolutionOf(evidence).kind)

/** No address connects, and what connecting did on one passes the test. */
export const whileConnecting =
  (test: (tcp: Extract<Path, { reached: 'nothing' }>['tcp']) => boolean): Matches =>
  evidence =>
    furthest(evidence).some(({ path }) => path.reached === 'nothing' && test(path.tcp))

/** A handshake failed, on an address on which clients get furthest. */
export const inHandshake =
  (test: (tls: Extract<Path, { reached: 'tcp' }>['tls']) => boolean): Matches =>
  evidence =>
    furthest(evidence).some(({ path }) => path.reached === 'tcp' && test(path.tls))

/** The server sent an alert: in the handshake, or after it. In TLS 1.3 the client is done before the server has judged it. */
export const byAlert =
  (test: (alert: number) => boolean): Matches =>
  evidence =>
    furthest(evidence).some(({ path }) => {
      const last = path.reached === 'tls' ? path.application : path.reached === 'tcp' ? path.tls : undefined
      return last?.kind === 'alert' && test(last.alert)
    })

/** certificate_required (RFC 8446 §6.2). */
export const isCertificateRequired = (alert: number) => alert === 116

/** unrecognized_name (RFC 6066 §3). */
export const isUnrecognizedName = (alert: number) => alert === 112

/** handshake_failure, protocol_version, insufficient_security (RFC 8446 §6.2). */
export const isDisagreement = (alert: number) => [40, 70, 71].includes(alert)

/** Whether a server asked for a certificate before it ended the handshake: before TLS 1.3 it has no alert for that. */
export const asksForCertificate = (tls: Extract<Path, { reached: 'tcp' }>['tls']) =>
  'certificateRequested' in tls && tls.certificateRequested === true

/** A handshake completed, and its result passes the test. */
export const afterHandshake =
  (test: (tls: Established, at: number) => boolean): Matches =>
  evidence =>
    furthest(evidence).some(({ path }) => path.reached === 'tls' && test(path.tls, evidence.at))

/** A request was sent, and what came of it passes the test. */
export const afterRequest =
  (test: (seen: ApplicationObservation) => boolean): Matches =>
  evidence =>
    furthest(evidence).some(({ path }) => path.reached === 'tls' && test(path.application))

/** The same, by the status of a reply. */
export const byStatus = (test: (status: number) => boolean): Matches =>
  afterRequest(seen => seen.kind === 'reply' && test(seen.status))
