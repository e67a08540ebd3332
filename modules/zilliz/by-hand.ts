import type { Host } from './host.ts'
import type { Registrar } from './vendor-side.ts'

/** A person registers the endpoint in the console of Zilliz Cloud, and copies the hosts from there. */
export function registerByHand(hosts: readonly Host[]): Registrar {
  return {
    whenPending:
      'Enter the values of the output "register" in the Add Private Link dialog of Zilliz Cloud, which accepts the endpoint within about 5 minutes.',
    written: hosts,
    register: () => ({ hosts: [] })
  }
}
