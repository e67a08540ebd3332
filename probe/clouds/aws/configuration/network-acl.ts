import type { AclEntry, NetworkAcl, PortRange } from './facts.ts'
import { isInRanges } from './security-group.ts'

/** Packets of TCP that cross the border of a subnet, in one direction. */
export interface AclTraffic {
  readonly direction: AclEntry['direction']
  /** The address outside. */
  readonly peer: string
  /** The ports that they go to. */
  readonly ports: PortRange
}

/** What a network ACL does to them: the lowest ports that it denies, and the entry that does. */
export type AclVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied'; readonly ports: PortRange; readonly by: AclEntry | undefined }

/**
 * Whether a network ACL allows all of some packets. The entry with the lowest number that matches a packet decides; if none
 * does, it is denied.
 */
export function judgeAcl({ entries }: NetworkAcl, { direction, peer, ports }: AclTraffic): AclVerdict {
  const applicable = entries
    .filter(
      entry =>
        entry.direction === direction &&
        (entry.protocol === '-1' || entry.protocol === '6') &&
        isInRanges([entry.range], peer)
    )
    .toSorted((one, other) => one.number - other.number)
  let undecided: readonly PortRange[] = [ports]
  const denied: { readonly ports: PortRange; readonly by: AclEntry | undefined }[] = []
  for (const entry of applicable) {
    const taken = entry.protocol === '-1' ? { from: 0, to: 65_535 } : entry.ports
    if (!entry.allows)
      denied.push(...undecided.flatMap(each => common(each, taken)).map(each => ({ ports: each, by: entry })))
    undecided = undecided.flatMap(each => without(each, taken))
  }
  denied.push(...undecided.map(each => ({ ports: each, by: undefined })))
  const [lowest] = denied.toSorted((one, other) => one.ports.from - other.ports.from)
  return lowest === undefined ? { kind: 'allowed' } : { kind: 'denied', ...lowest }
}

function common(one: PortRange, other: PortRange): readonly PortRange[] {
  const both = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) }
  return both.from <= both.to ? [both] : []
}

function without(ports: PortRange, taken: PortRange): readonly PortRange[] {
  return [
    { from: ports.from, to: Math.min(ports.to, taken.from - 1) },
    { from: Math.max(ports.from, taken.to + 1), to: ports.to }
  ].filter(({ from, to }) => from <= to)
}
