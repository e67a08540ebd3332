import { duration } from '../facts/duration.ts'
import { isWithoutRoute } from './client.ts'
import type { AddressEvidence, Evidence } from './evidence.ts'
import { staleAddresses } from './found-in-dns.ts'
import { isAccepted, isHealthy, isResolved, triedAddresses } from './reading.ts'

/**
 * Seconds before a certificate's end at which its renewal is overdue. Zilliz Cloud's certificates are renewed 30 days
 * before their end (docs.zilliz.com/docs/faq-security).
 */
const renewalOverdue = 21 * 86_400

/** Seconds after which a step is slow. A lost packet is a separate finding, see {@link isRetransmitted}. */
const slow = { connect: 0.3, handshake: 1, reply: 1 }

/** Statuses that Zilliz Cloud is known to give to a request without credentials. */
const usualStatuses = new Set([200, 400, 401, 403, 404])

/** The addresses that pass a test, of those that the host resolves to. */
export const atAddresses =
  (test: (address: AddressEvidence, at: number) => boolean) =>
  (evidence: Evidence): readonly string[] =>
    triedAddresses(evidence)
      .filter(address => test(address, evidence.at))
      .map(({ address }) => address)

/** The addresses on which clients fail though others work. Those without a route are not among them. */
export function failingAddresses(evidence: Evidence): readonly string[] {
  return failing(evidence, address => !hasNoRoute(address))
}

/** The addresses to which this machine has no route, though others work. */
export function addressesWithoutRoute(evidence: Evidence): readonly string[] {
  return failing(evidence, hasNoRoute)
}

/** The addresses on which clients fail though others work; but for those that `stale-address` is about. */
function failing(evidence: Evidence, test: (address: AddressEvidence) => boolean): readonly string[] {
  const resolved = evidence.addresses.filter(isResolved)
  if (!resolved.some(address => isHealthy(address, evidence.at))) return []
  const stale = staleAddresses(evidence)
  return resolved
    .filter(seen => !isHealthy(seen, evidence.at) && !stale.includes(seen.address) && test(seen))
    .map(({ address }) => address)
}

/** Whether this machine has no route to an address. A client's libc then sorts it last, and no client waits for it. */
const hasNoRoute = ({ path: { tcp } }: AddressEvidence) => isWithoutRoute(tcp)

/** The addresses of the endpoint that work, if the host resolves to none that does. */
export function answeringEndpoint(evidence: Evidence): readonly string[] {
  const { addresses, at } = evidence
  if (triedAddresses(evidence).some(address => isHealthy(address, at))) return []
  return addresses.filter(address => !isResolved(address) && isHealthy(address, at)).map(({ address }) => address)
}

/**
 * Whether a connection was made by a repeated SYN: Linux sends it again after whole seconds, and the answer takes one
 * round trip more.
 */
export function isRetransmitted({ path: { tcp } }: AddressEvidence): boolean {
  return tcp.kind === 'connected' && tcp.seconds >= 1 && tcp.seconds % 1 < 0.3
}

/** The addresses that are slow to connect, with the seconds that it took. */
export const slowToConnect = secondsAt(address => {
  const { tcp } = address.path
  return tcp.kind === 'connected' && tcp.seconds > slow.connect && !isRetransmitted(address) ? tcp.seconds : undefined
})

/** The addresses that are slow to shake hands, with the seconds that it took. */
export const slowToShakeHands = secondsAt(({ path }) =>
  path.reached === 'tls' && path.tls.seconds > slow.handshake ? path.tls.seconds : undefined
)

/** The addresses that are slow to reply, with the seconds that it took. */
export const slowToReply = secondsAt(({ path }) =>
  path.reached === 'tls' && path.application.kind === 'reply' && path.application.seconds > slow.reply
    ? path.application.seconds
    : undefined
)

function secondsAt(seconds: (address: AddressEvidence) => number | undefined) {
  return (evidence: Evidence): readonly string[] =>
    triedAddresses(evidence).flatMap(address => {
      const took = seconds(address)
      return took === undefined ? [] : [`${address.address} (${duration(took)})`]
    })
}

/** Whether a good certificate ends soon. */
export function endsSoon({ path }: AddressEvidence, at: number): boolean {
  if (path.reached !== 'tls' || !isAccepted(path.tls, at)) return false
  const { notAfter } = path.tls.certificate
  return notAfter !== undefined && notAfter - at < renewalOverdue
}

/** Whether an authority that only this system trusts signed a good certificate. */
export function isInspected({ path }: AddressEvidence, at: number): boolean {
  return path.reached === 'tls' && isAccepted(path.tls, at) && path.tls.trustedBy === 'system'
}

/** Whether a certificate has the host in its common name alone. */
export function isNamedByCommonName({ path }: AddressEvidence): boolean {
  return path.reached === 'tls' && path.tls.certificate.coversHost === 'common-name'
}

/** Whether a reply is an answer, but not one that Zilliz Cloud is known to give. */
export function isUnusual(address: AddressEvidence, at: number): boolean {
  const { path } = address
  if (!isHealthy(address, at) || path.reached !== 'tls' || path.application.kind !== 'reply') return false
  return !path.application.grpc && !usualStatuses.has(path.application.status)
}
