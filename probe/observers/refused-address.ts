import { BlockList, isIP, isIPv6 } from 'node:net'
import type { Refusal } from '../cases/observation.ts'

/** Ranges in which nothing of Zilliz Cloud can be, and much that a probe must not touch. */
const ranges: readonly (readonly [Refusal, readonly string[]])[] = [
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  // 169.254.169.254 and, over IPv6, fd00:ec2::254 on AWS and fd20:ce::254 on Google Cloud.
  ['metadata', ['169.254.169.254/32', 'fd00:ec2::/32', 'fd20:ce::/32']],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  ['multicast', ['224.0.0.0/3', 'ff00::/8']]
]

const lists = ranges.map(([refusal, subnets]) => [refusal, blockList(subnets)] as const)

/** RFC 1918, RFC 6598 (carrier-grade NAT, which clouds also give to subnets) and RFC 4193. */
const privateRanges = blockList(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'])

/**
 * Why the probe must not connect to an address that a name resolved to; `undefined` if it may.
 * An IPv4 address inside an IPv6 one counts as itself.
 *
 * @param address a literal
 * @param allowLoopback for tests and the demo
 */
export function refusedAddress(address: string, allowLoopback: boolean): Refusal | undefined {
  const refusal = lists.find(([, list]) => list.check(address, family(address)))?.[0]
  return refusal === 'loopback' && allowLoopback ? undefined : refusal
}

/** Whether an address is private by its range. */
export function isPrivateAddress(address: string): boolean {
  return privateRanges.check(address, family(address))
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
