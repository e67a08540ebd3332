import { Fn, Token } from 'cdktf'
import { isToken } from '../token.ts'
import type { AllocatedHost, Host } from '../zilliz/host.ts'

/** A TCP port that rules are made for. */
export interface HostPort {
  /** What keys the rules: the port itself where it is written down, the cluster where it is read at the deploy. */
  readonly key: string
  readonly port: number
  /**
   * A Terraform expression, without `${}` and known at plan, that holds when another port's rules are for this port already.
   *
   * @default - none are
   */
  readonly hasRule?: string
}

/** Whether the rules of a port need nothing that is read after the endpoint is registered. */
export function isBeforeEndpoint({ port, hasRule }: HostPort): boolean {
  return hasRule === undefined && !isToken(port)
}

/** The ports of hosts that are written down, each once. */
export function writtenPorts(hosts: readonly Host[]): readonly HostPort[] {
  return [...new Set(hosts.map(({ port }) => port))].map(port => ({ key: String(port), port }))
}

/**
 * The ports of hosts that are read at the deploy. AWS accepts a rule once, so a port has the rules of the first cluster on it.
 * How many rules there are must be known at plan: that is decided by what Zilliz Cloud reports then.
 *
 * A link that is allocated between plan and apply comes too late for that. Until the next deploy, its rules are then for a
 * port without a service: 1 for the first such cluster.
 *
 * @param written the ports that have rules of their own
 */
export function allocatedPorts(hosts: readonly AllocatedHost[], written: readonly HostPort[]): readonly HostPort[] {
  return hosts.map((host, index) => {
    const { cluster, port } = host
    const earlier = hosts.slice(0, index)
    const before = [...written.map(({ port }) => port), ...earlier.map(({ port }) => port)]
    if (before.length === 0) return { key: cluster, port }
    const atPlan = [...written.map(({ port }) => `"${port}"`), ...earlier.map(other => other.portAtPlan())]
    const own = host.portAtPlan()
    return {
      key: cluster,
      port: Token.asNumber(Fn.conditional(Fn.contains(before, port), index + 1, port)),
      hasRule: `${own} != "" && contains([${atPlan.join(', ')}], ${own})`
    }
  })
}
