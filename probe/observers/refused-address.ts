import { allClouds } from '../clouds.ts'
import { judgedAddress } from '../facts/embedded-address.ts'
import type { Refusal } from '../facts/observation.ts'
import { subnets } from '../facts/subnets.ts'

/** Ranges in which nothing of Zilliz Cloud can be, and much that a probe must not touch. */
const ranges: readonly (readonly [Refusal, readonly string[]])[] = [
  ['unspecified', ['0.0.0.0/8', '::/128']],
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['metadata', allClouds.flatMap(({ metadata }) => metadata)],
  ['link-local', ['169.254.0.0/16', 'fe80::/10']],
  // With the broadcast address. What else is above 240 is not refused: a cloud gives it to subnets.
  ['multicast', ['224.0.0.0/4', '255.255.255.255/32', 'ff00::/8']]
]

const lists = ranges.map(([refusal, all]) => [refusal, subnets(all)] as const)

/**
 * Why the probe must not connect to an address that a name resolved to; `undefined` if it may. An IPv6 address that
 * embeds an IPv4 one is judged by that.
 *
 * @param address a literal
 * @param allowLoopback for tests and the demo
 */
export function refusedAddress(address: string, allowLoopback: boolean): Refusal | undefined {
  const judged = judgedAddress(address)
  const refusal = lists.find(([, isListed]) => isListed(judged))?.[0]
  return refusal === 'loopback' && allowLoopback ? undefined : refusal
}
