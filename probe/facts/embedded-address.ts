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
