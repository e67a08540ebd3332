import { observeDns } from '../../probe/observers/dns.ts'
import { observeTcp } from '../../probe/observers/tcp.ts'

/**
 * Looks from where it is started, such as from a namespace: connects to each address given and asks it as a resolver, and
 * prints what was observed as JSON. Connections that are made stay open until it ends.
 */
const limit = { ms: 1000, signal: new AbortController().signal }
const seen = []
for (const literal of process.argv.slice(2)) {
  const [, address = '', port = ''] = /^(.*)\/(\d+)$/.exec(literal) ?? []
  const { observation } = await observeTcp({ address, port: Number(port), allowLoopback: true }, limit)
  const resolver = { name: 'any', address, port: Number(port) }
  const dns = await observeDns({ question: { name: 'a.example', type: 'A' }, resolver }, limit)
  seen.push({ tcp: observation, dns })
}
process.stdout.write(JSON.stringify(seen))
process.exit()
