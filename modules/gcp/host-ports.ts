import { Fn, Token } from 'cdktf'
import type { Host } from '../zilliz/host.ts'

/** The ports of hosts as a firewall rule lists them, each once; some may be known only at the deploy. */
export function portsOf(hosts: readonly Host[]): string[] {
  const ports = [...new Set(hosts.map(({ port }) => port))]
  const isWritten = ports.every(port => !Token.isUnresolved(port))
  if (isWritten) return ports.map(String)
  return Token.asList(Fn.distinct(ports.map(port => Token.asString(Fn.tostring(port)))))
}
