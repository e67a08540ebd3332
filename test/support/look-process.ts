import { observeDns } from '../../probe/observers/dns.ts'
import { observeTcp } from '../../probe/observers/tcp.ts'

/**
 * Looks from where it is started, such as from a namespace: connects to each address given and asks it as a resolver, and
 * prints what was observed as JSON. Connections that are made stay open until it ends.
 */
const { signal } = new AbortController()
const seen = []
for (const literal of process.argv.slice(2)) {
  const [, address = '', port = ''] = /^(.*)\/(\d+)$/.exec(literal) ?? []
  const { observation } = await observeTcp({ address, port: Number(port), allowLoopback: true }, { ms: 4000, signal })
  const resolver = { name: 'any', address, port: Number(port) }
  const dns = await observeDns({ question: { name: 'a.example', type: 'A' }, resolver }, { ms: 1000, signal })
  seen.push({ tcp: observation, dns })
}
process.stdout.write(JSON.stringify(seen))
process.exit()
