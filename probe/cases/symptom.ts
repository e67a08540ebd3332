import { furthest, type Resolution, resolutionOf, unreachableSymptom } from './client.ts'
import type { AddressEvidence, Evidence, Path } from './evidence.ts'
import { isAccepted, isAnswer, isElsewhere, isHealthy, isInside, isOfProxy } from './reading.ts'
import { type Symptom, symptoms } from './symptoms.ts'

/**
 * What a client of the link prints: walks what was seen as a client does, from resolving to the answer, and knows
 * nothing of cases. Pure and total.
 */
export function symptomOf(evidence: Evidence): Symptom {
  const resolution = resolutionOf(evidence)
  if (resolution.kind !== 'addresses') return unresolvedSymptom(resolution)
  const healthy = resolution.addresses.filter(address => isHealthy(address, evidence.at))
  if (healthy.length > 0) return isPrivate(evidence, healthy) ? 'none' : 'not_private'
  const stopped = new Set(furthest(evidence).map(address => pathSymptom(address.path, evidence.at)))
  // Where addresses differ, the one that costs a client its patience is what it prints.
  return symptoms.find(each => stopped.has(each)) ?? 'unknown'
}

function unresolvedSymptom({ kind }: Exclude<Resolution, { kind: 'addresses' }>): Symptom {
  switch (kind) {
    case 'not-known':
      return 'name_or_service_not_known'
    case 'no-address':
      return 'no_address_associated_with_hostname'
    case 'temporary-failure':
      return 'temporary_failure_in_name_resolution'
    case 'not-seen':
      return 'unknown'
  }
}

/** Whether all that works is private, and at least one of it the endpoint's as far as anything tells. */
function isPrivate(evidence: Evidence, healthy: readonly AddressEvidence[]): boolean {
  return (
    healthy.every(({ address }) => isInside(evidence, address)) &&
    healthy.some(({ address }) => !isElsewhere(evidence, address))
  )
}

/** What a client prints that goes this far on an address and no further. */
function pathSymptom(path: Path, at: number): Symptom {
  switch (path.reached) {
    case 'nothing':
      return tcpSymptom(path.tcp)
    case 'tcp':
      return tlsSymptoms[path.tls.kind]
    case 'tls':
      if (!isAccepted(path.tls, at)) return 'certificate_rejected'
      if (!isAnswer(path.application)) return applicationSymptom(path.application)
      // gRPC's clients: "missing selected ALPN property", "Protocol error".
      return path.tls.alpn === 'h2' ? 'none' : 'protocol_error'
  }
}

function tcpSymptom(tcp: Extract<Path, { reached: 'nothing' }>['tcp']): Symptom {
  switch (tcp.kind) {
    case 'timeout':
      return 'timeout'
    // A client that goes to a loopback address finds nothing there.
    case 'forbidden':
    case 'refused':
      return 'connection_refused'
    case 'reset':
      return 'connection_reset'
    case 'unreachable':
      return unreachableSymptom(tcp.code)
    case 'own-fault':
    case 'crashed':
      return 'unknown'
  }
}

const tlsSymptoms = {
  timeout: 'timeout',
  reset: 'connection_reset',
  closed: 'connection_reset',
  'not-tls': 'protocol_error',
  alert: 'protocol_error',
  failure: 'protocol_error',
  crashed: 'unknown'
} as const satisfies Record<Extract<Path, { reached: 'tcp' }>['tls']['kind'], Symptom>

function applicationSymptom(seen: Extract<Path, { reached: 'tls' }>['application']): Symptom {
  switch (seen.kind) {
    case 'reply':
      return isOfProxy(seen.status) ? 'protocol_error' : 'service_error'
    case 'timeout':
      return 'timeout'
    case 'reset':
    case 'closed':
      return 'connection_reset'
    case 'stream-reset':
    case 'goaway':
      return 'service_error'
    case 'not-http':
    case 'flood':
    case 'alert':
      return 'protocol_error'
    case 'crashed':
      return 'unknown'
  }
}
