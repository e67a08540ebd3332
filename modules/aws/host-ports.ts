import { Fn, Token } from 'cdktf'
import type { Host } from '../zilliz.ts'

/** A TCP port that rules are made for. */
export interface HostPort {
  /** What keys the rules: the port itself where it is written down, the cluster where it is read at the deploy. */
  readonly key: string
  readonly port: number
}

/** The ports of hosts that are written down, each once. */
export function writtenPorts(hosts: readonly Host[]): readonly HostPort[] {
  return [...new Set(hosts.map(({ port }) => port))].map(port => ({ key: String(port), port }))
}

/**
 * The ports of hosts that are read at the deploy. AWS takes a rule once, and which of them share a port is known too late to
 * leave rules out: one whose port has a rule already stands at a port on which nothing is served, 1 for the first of them.
 *
 * @param written the ports that have rules of their own
 */
export function allocatedPorts(hosts: readonly Host[], written: readonly HostPort[]): readonly HostPort[] {
  return hosts.map(({ cluster, port }, index) => {
    const before = [...written, ...hosts.slice(0, index)].map(({ port }) => port)
    return {
      key: cluster,
      port: before.length === 0 ? port : Token.asNumber(Fn.conditional(Fn.contains(before, port), index + 1, port))
    }
  })
}
