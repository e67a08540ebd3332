import type { Asked } from '../../../causes/asked.ts'
import { subnets } from '../../../facts/subnets.ts'
import type { SecurityRule } from './facts.ts'

/** A connection as the security groups on one side see it. */
export interface GroupTraffic {
  readonly direction: SecurityRule['direction']
  /** The groups on this side. */
  readonly groupIds: readonly string[]
  readonly port: number
  /** The other side. */
  readonly peer: {
    readonly address: string
    /** `undefined` if it is not known which groups it has attached. */
    readonly groupIds: readonly string[] | undefined
  }
}

/** What security groups do to a connection. */
export type GroupVerdict =
  | { readonly kind: 'allowed'; readonly by: SecurityRule }
  | { readonly kind: 'denied' }
  /** No rule that can be judged allows it, but this one may. */
  | { readonly kind: 'unknown'; readonly depends: SecurityRule }

/**
 * Whether the rules of all groups of an interface, taken together, allow a TCP connection. They are stateful: answers need no
 * rule. A rule that names a group is for interfaces that have it attached, whatever their addresses are.
 */
export function judgeGroups(
  rules: readonly SecurityRule[],
  prefixLists: Readonly<Record<string, Asked<readonly string[]>>>,
  traffic: GroupTraffic
): GroupVerdict {
  const applicable = rules.filter(
    rule =>
      traffic.groupIds.includes(rule.groupId) && rule.direction === traffic.direction && isOfPort(rule, traffic.port)
  )
  const by = applicable.find(rule => isForPeer(rule, prefixLists, traffic.peer) === true)
  if (by !== undefined) return { kind: 'allowed', by }
  const depends = applicable.find(rule => isForPeer(rule, prefixLists, traffic.peer) === undefined)
  return depends === undefined ? { kind: 'denied' } : { kind: 'unknown', depends }
}

function isOfPort({ protocol, ports }: SecurityRule, port: number): boolean {
  if (protocol === '-1') return true
  // -1 as the first port is every port.
  return (protocol === 'tcp' || protocol === '6') && (ports.from === -1 || (ports.from <= port && port <= ports.to))
}

function isForPeer(
  { peer }: SecurityRule,
  prefixLists: Readonly<Record<string, Asked<readonly string[]>>>,
  { address, groupIds }: GroupTraffic['peer']
): boolean | undefined {
  switch (peer.kind) {
    case 'range':
      return isInRanges([peer.range], address)
    case 'group':
      return groupIds?.includes(peer.groupId)
    case 'prefix-list': {
      const list = prefixLists[peer.prefixListId]
      return list?.kind === 'answered' ? isInRanges(list.answer, address) : undefined
    }
  }
}

/** Whether an address is in one of some ranges, of its own family. */
export function isInRanges(ranges: readonly string[], address: string): boolean {
  const family = address.includes(':')
  return subnets(ranges.filter(range => range.includes(':') === family))(address)
}
