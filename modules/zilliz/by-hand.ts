import type { Host } from './host.ts'
import type { VendorSide } from './vendor-side.ts'

/** A person registers the endpoint in the console of Zilliz Cloud, and copies service and hosts from there. */
export function byHand(endpointService: string | undefined, hosts: readonly Host[]): VendorSide {
  // The schema wants it where there is no `zilliz`.
  if (endpointService === undefined) throw new Error('a link has neither an endpoint service nor zilliz')
  return {
    endpointService,
    before: [],
    whenPending:
      'enter what the output "register" says in the Add Private Link dialog of Zilliz Cloud, which accepts it within about 5 minutes',
    written: hosts,
    register: () => ({ hosts: [] })
  }
}
