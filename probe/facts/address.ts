import { isIPv4, SocketAddress } from 'node:net'

/** One spelling for each address: IPv6 has many (RFC 5952). */
export function canonicalAddress(address: string): string {
  return new SocketAddress({ address, family: isIPv4(address) ? 'ipv4' : 'ipv6' }).address
}

/** Distinct addresses in an order that does not depend on who answered first: IPv4 before IPv6, ascending. */
export function inAddressOrder(addresses: Iterable<string>): readonly string[] {
  return [...new Set(addresses)].toSorted((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1))
}

function sortKey(address: string): string {
  if (!isIPv4(address)) return `6${address}`
  const parts = address.split('.').map(part => part.padStart(3, '0'))
  return `4${parts.join('.')}`
}
