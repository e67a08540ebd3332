import type { DnsObservation } from '../facts/observation.ts'
import type { Path } from './evidence.ts'

/** Whether the wait for a resolver was over before there was a reply. */
export function isSilentReply(seen: DnsObservation): boolean {
  return seen.kind === 'timeout' || seen.kind === 'malformed' || (seen.kind === 'truncated' && seen.tcp === 'timeout')
}

/** Whether an address was silent at the layer where a client gets no further. */
export function isSilentPath(path: Path): boolean {
  const last = path.reached === 'nothing' ? path.tcp : path.reached === 'tcp' ? path.tls : path.application
  return last.kind === 'timeout'
}
