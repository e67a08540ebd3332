import ipaddr from 'ipaddr.js'

/** Prefixes whose last 32 bits are an IPv4 address: IPv4-mapped (RFC 4291 §2.5.5.2) and NAT64's own (RFC 6052 §2.1). */
const wholePrefixes = ['::ffff:0:0/96', '64:ff9b::/96'].map(prefix => ipaddr.IPv6.parseCIDR(prefix))

/** Prefixes of a network's own NAT64 (RFC 8215), each of a length that RFC 6052 knows. */
const localPrefix = ipaddr.IPv6.parseCIDR('64:ff9b:1::/48')

/**
 * Which octets hold the IPv4 address under a prefix of so many bits, the shortest prefix first (RFC 6052 §2.2). Octet 8 is
 * zero, and all behind the address are.
 */
const layouts = [
  [6, 7, 9, 10], // 48
  [7, 9, 10, 11], // 56
  [9, 10, 11, 12], // 64
  [12, 13, 14, 15] // 96
] as const

/** The same under the prefixes that a network has of its own, which may be shorter. */
const allLayouts = [
  [4, 5, 6, 7], // 32
  [5, 6, 7, 9], // 40
  ...layouts
] as const

/**
 * Every IPv4 address that an IPv6 address may embed under a prefix that a network chose itself (RFC 6052 §2.2). Which of them
 * it does embed, if any, only what else is known can tell.
 *
 * @param address a literal
 * @returns nothing for an IPv4 address
 */
export function embeddedAddresses(address: string): readonly string[] {
  if (!ipaddr.IPv6.isValid(address)) return []
  const octets = ipaddr.IPv6.parse(address).toByteArray()
  const isZeroBehind = (last: number) =>
    last === 15 || (octets[8] === 0 && octets.slice(last + 1).every(each => each === 0))
  return allLayouts
    .filter(([, , , last]) => isZeroBehind(last))
    .map(layout => layout.map(index => octets[index]).join('.'))
}

/**
 * The address that another stands for: the IPv4 address that an IPv6 one embeds, or else itself. DNS64 makes addresses of
 * that kind from a host's A records, and a translator sends what goes there to the IPv4 address.
 *
 * The length of a network's own prefix is not known. The shortest is taken under which nothing is behind the IPv4
 * address: that is the right one, unless the address ends in zero.
 *
 * @param address a literal
 */
export function judgedAddress(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  const octets = parsed.toByteArray()
  if (wholePrefixes.some(prefix => parsed.match(prefix))) return octets.slice(12).join('.')
  if (!parsed.match(localPrefix)) return address
  const layout = layouts.find(([, , , last]) => octets.slice(last + 1).every(octet => octet === 0))
  return (layout ?? layouts[3]).map(index => octets[index]).join('.')
}
