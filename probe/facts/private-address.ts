import { judgedAddress } from './embedded-address.ts'
import { subnets } from './subnets.ts'

/**
 * Ranges that are not routed on the internet (the IANA's registries of special-purpose addresses, RFC 6890) and that
 * clouds give to subnets, which take any range or all of these. Ranges for documentation are not included, although clouds
 * accept them: examples use them for public addresses.
 */
const isInPrivateRange = subnets([
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

/** Whether an address is private by its range. An IPv6 address that embeds an IPv4 one is judged by that. */
export function isPrivateAddress(address: string): boolean {
  return isInPrivateRange(judgedAddress(address))
}
