import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { shown } from '../probe/schema/mistakes.ts'
import { leftover } from '../probe/schema/shaped-text.ts'

/** An address range in its canonical form: `10.20.0.0/16` or `fd00:20::/32`. */
export const Cidr = z.string().transform((given, context) => {
  const mistake = leftover(given) ?? misread(given)
  if (mistake === undefined) return canonical(given)
  context.addIssue({ code: 'custom', message: mistake })
  return z.NEVER
})

/** Whether a range is the whole internet. */
export function isAnywhere(cidr: string): boolean {
  return cidr === '0.0.0.0/0' || cidr === '::/0'
}

function misread(given: string): string | undefined {
  // ipaddr.js also takes 10/8 and octal parts, which the clouds do not.
  if (isIP(given.split('/')[0] ?? '') === 0 || !ipaddr.isValidCIDR(given)) {
    return `must be an address range such as 10.20.0.0/16, got ${shown(given)}. Give the network and its prefix length.`
  }
  const [address] = ipaddr.parseCIDR(given)
  const network = canonical(given)
  return `${address.toString()}/` === network.slice(0, network.lastIndexOf('/') + 1)
    ? undefined
    : `must be a network, not an address in it, got ${shown(given)}. Write ${network}.`
}

function canonical(given: string): string {
  const [address, prefix] = ipaddr.parseCIDR(given)
  const network =
    address.kind() === 'ipv4' ? ipaddr.IPv4.networkAddressFromCIDR(given) : ipaddr.IPv6.networkAddressFromCIDR(given)
  return `${network.toString()}/${prefix}`
}
