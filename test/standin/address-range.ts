import { createHash } from 'node:crypto'
import ipaddr from 'ipaddr.js'

/** Which addresses of a subnet a cloud keeps for itself. */
export interface Reserved {
  readonly first: number
  readonly last: number
}

/**
 * Picks a free IPv4 address of a subnet for an owner, or nothing where none is left. The same owner gets the same
 * address in every run, in whatever order Terraform creates things.
 */
export function pickAddress(
  cidr: string,
  owner: string,
  taken: ReadonlySet<string>,
  { first, last }: Reserved
): string | undefined {
  const [network, prefix] = ipaddr.IPv4.parseCIDR(cidr)
  const base = numberOf(network)
  const usable = 2 ** (32 - prefix) - first - last
  if (usable <= 0) return undefined
  const start = Number.parseInt(createHash('sha256').update(owner).digest('hex').slice(0, 8), 16)
  for (let step = 0; step < usable; step += 1) {
    const address = addressOf(base + first + ((start + step) % usable))
    if (!taken.has(address)) return address
  }
  return undefined
}

/** Picks a free IPv6 address of a subnet for an owner, the same in every run. */
export function pickIpv6Address(cidr: string, owner: string, taken: ReadonlySet<string>): string {
  const [network] = ipaddr.IPv6.parseCIDR(cidr)
  const digits = createHash('sha256').update(owner).digest('hex')
  for (let from = 0; from <= digits.length - 16; from += 1) {
    const host = [0, 4, 8, 12].map(offset => Number.parseInt(digits.slice(from + offset, from + offset + 4), 16))
    const address = new ipaddr.IPv6([...network.parts.slice(0, 4), ...host]).toString()
    if (!taken.has(address)) return address
  }
  throw new Error(`found no free address of ${cidr} for ${owner}`)
}

/** Whether an address lies in a subnet of its family. */
export function isInRange(address: string, cidr: string): boolean {
  if (ipaddr.IPv4.isValid(address))
    return ipaddr.IPv4.isValidCIDR(cidr) && ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(cidr))
  return (
    ipaddr.IPv6.isValid(address) &&
    ipaddr.IPv6.isValidCIDR(cidr) &&
    ipaddr.IPv6.parse(address).match(ipaddr.IPv6.parseCIDR(cidr))
  )
}

function numberOf(address: ipaddr.IPv4): number {
  return address.octets.reduce((number, octet) => number * 256 + octet, 0)
}

function addressOf(number: number): string {
  return [24, 16, 8, 0].map(shift => Math.floor(number / 2 ** shift) % 256).join('.')
}
