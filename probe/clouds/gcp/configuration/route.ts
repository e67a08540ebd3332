import type { RouteAnswer } from './answers.ts'
import { isUrlOf, lastPart, type VpcName } from './network.ts'
import { isInRange, prefixLength } from './range.ts'

/**
 * The route that a network takes to an address: the longest prefix, then the lowest priority. Routes that Cloud Routers learn are
 * not in the list that Google gives.
 *
 * @param tags the network tags of the machine that sends; `undefined` if they are not known, then routes for tags are not taken
 */
export function routeTo(
  address: string,
  routes: readonly RouteAnswer[],
  network: VpcName,
  tags: readonly string[] | undefined
): RouteAnswer | undefined {
  return routes
    .filter(route => isUrlOf(network)(route.network) && isInRange(address, route.destRange))
    .filter(({ routeStatus = 'ACTIVE' }) => routeStatus === 'ACTIVE')
    .filter(route => route.tags.length === 0 || route.tags.some(tag => tags?.includes(tag)))
    .toSorted(
      (one, other) => prefixLength(other.destRange) - prefixLength(one.destRange) || one.priority - other.priority
    )[0]
}

/** Where a route leads, as a noun. `kind` is what that says of a Private Service Connect endpoint in the same network. */
export function nextHopOf(route: RouteAnswer): {
  readonly kind: 'subnet' | 'internet' | 'other'
  readonly noun: string
} {
  if (route.nextHopNetwork !== undefined) return { kind: 'subnet', noun: 'the subnets of the network' }
  if (route.nextHopGateway !== undefined) return { kind: 'internet', noun: 'the internet gateway' }
  if (route.nextHopPeering !== undefined) return { kind: 'other', noun: `peering ${route.nextHopPeering}` }
  const hops = [
    ['hub', route.nextHopHub],
    ['machine', route.nextHopInstance],
    ['load balancer', route.nextHopIlb],
    ['VPN tunnel', route.nextHopVpnTunnel],
    ['interconnect attachment', route.nextHopInterconnectAttachment],
    ['address', route.nextHopIp]
  ] as const
  const [is = 'a next hop', hop = ''] = hops.find(([, url]) => url !== undefined) ?? []
  return { kind: 'other', noun: `${is} ${lastPart(hop)}`.trim() }
}
