import { observeDns } from '../../probe/observers/dns.ts'
import { lookUp } from '../../probe/observers/libc.ts'
import { observeTcp } from '../../probe/observers/tcp.ts'

/**
 * Looks from where it is started, such as from a namespace: connects to each address given as `<address>/<port>`, asks it
 * as a resolver, and prints what was observed as JSON. With `/<name>` behind it, it is asked for that name, and so is
 * libc. Connections that are made stay open until it ends.
 */
const { signal } = new AbortController()
const seen = []
for (const target of process.argv.slice(2)) {
  const [address = '', port = '', name = 'a.example'] = target.split('/')
  const tcp = await observeTcp({ address, port: Number(port), allowLoopback: true }, { ms: 4000, signal })
  const resolver = { name: 'any', address, port: Number(port) }
  const dns = await observeDns({ question: { name, type: 'A' }, resolver }, { ms: 1000, signal })
  const libc = name === 'a.example' ? undefined : await lookUp(name)
  seen.push({ tcp: tcp.observation, dns, libc })
}
process.stdout.write(JSON.stringify(seen))
process.exit()
