import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Refusal } from '../cases/observation.ts'
import { allClouds } from '../clouds.ts'
import { judgedAddress } from './embedded-address.ts'

/** Ranges in which nothing of Zilliz Cloud can be, and much that a probe must not touch. */
const ranges: readonly (readonly [Refusal, readonly string[]])[] = [
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['metadata', allClouds.flatMap(({ metadata }) => metadata)],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  // With the broadcast address. What else is above 240 is not refused: a cloud gives it to subnets.
  ['multicast', ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']]
]

const lists = ranges.map(([refusal, subnets]) => [refusal, blockList(subnets)] as const)

/**
 * Ranges that are not routed on the internet (the IANA's registries of special-purpose addresses, RFC 6890) and that
 * clouds give to subnets, which take any range or all of these. Ranges for documentation are not included, although clouds
 * accept them: examples use them for public addresses.
 */
const privateRanges = blockList([
  // RFC 1918.
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  // Carrier-grade NAT, RFC 6598.
  '100.64.0.0/10',
  // IETF protocol assignments, RFC 6890.
  '192.0.0.0/24',
  // Relays of 6to4, which are no more, RFC 7526.
  '192.88.99.0/24',
  // Benchmarks, RFC 2544 and RFC 5180.
  '198.18.0.0/15',
  '2001:2::/48',
  // Class E, RFC 1112.
  '240.0.0.0/4',
  // Unique local, RFC 4193, and what came before it, RFC 3879.
  'fc00::/7',
  'fec0::/10',
  // Segment routing, RFC 9602.
  '5f00::/16',
  // The discard prefix, RFC 6666.
  '100::/64'
])

/**
 * Why the probe must not connect to an address that a name resolved to; `undefined` if it may. An IPv6 address that
 * embeds an IPv4 one is judged by that.
 *
 * @param address a literal
 * @param allowLoopback for tests and the demo
 */
export function refusedAddress(address: string, allowLoopback: boolean): Refusal | undefined {
  const judged = judgedAddress(address)
  const refusal = lists.find(([, list]) => list.check(judged, family(judged)))?.[0]
  return refusal === 'loopback' && allowLoopback ? undefined : refusal
}

/** Whether an address is private by its range. An IPv6 address that embeds an IPv4 one is judged by that. */
export function isPrivateAddress(address: string): boolean {
  const judged = judgedAddress(address)
  return privateRanges.check(judged, family(judged))
}

function family(address: string): 'ipv4' | 'ipv6' {
  if (isIP(address) === 0) throw new TypeError(`not an address: ${address}`)
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family(network))
  }
  return list
}
