import { clientAddresses, resolutionOf } from './client.ts'
import type { Evidence } from './evidence.ts'
import { isElsewhere, isForbidden, isHealthy, isInside, triedAddresses } from './reading.ts'

/** Whether a client gets all the way on an address. */
export function works(evidence: Evidence): boolean {
  return clientAddresses(evidence).some(address => isHealthy(address, evidence.at))
}

/** Whether a client gets addresses to which no connection may be made, and no others. */
export function goesWhereNoneMay(evidence: Evidence): boolean {
  const resolution = resolutionOf(evidence)
  return resolution.kind === 'addresses' && resolution.addresses.length > 0 && resolution.addresses.every(isForbidden)
}

/** Whether a client goes to public addresses only. */
export function goesPublic(evidence: Evidence): boolean {
  const used = clientAddresses(evidence)
  return used.length > 0 && used.every(({ address }) => !isInside(evidence, address))
}

/** Whether some client may go to a public address. */
export function mayGoPublic(evidence: Evidence): boolean {
  return triedAddresses(evidence).some(({ address }) => !isInside(evidence, address))
}

/** Whether a client goes to addresses of which not one is the endpoint's. */
export function goesElsewhere(evidence: Evidence): boolean {
  const used = clientAddresses(evidence)
  return used.length > 0 && used.every(({ address }) => isElsewhere(evidence, address))
}

/** Whether libc sends a client to addresses that no resolver gives, though resolvers give some. */
export function isMisledByLibc(evidence: Evidence): boolean {
  return (
    clientAddresses(evidence).every(({ byResolvers }) => !byResolvers) &&
    triedAddresses(evidence).some(({ byResolvers }) => byResolvers)
  )
}
