import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { DnsObservation, TcpObservation } from '../../probe/facts/observation.ts'
import { testWith } from '../support/test-with.ts'
import { deleteNamespace, ip, makeNamespace, type Namespace, run, setRules, spawnIn } from './namespace.ts'

const test = testWith('ip', 'nft', 'namespaces')

/** What observers of TCP and of DNS over UDP make of each address, looking from a namespace. */
async function look(from: Namespace, ...targets: readonly string[]) {
  const child = spawnIn(from, [process.execPath, 'test/support/look-process.ts', ...targets])
  let printed = ''
  for await (const chunk of child.stdout ?? []) printed += chunk
  const seen: readonly { tcp: TcpObservation; dns: DnsObservation }[] = JSON.parse(printed)
  return seen.map(({ tcp, dns }) => ({ tcp: outcome(tcp), dns: outcome(dns) }))
}

const outcome = (seen: TcpObservation | DnsObservation) => ('code' in seen ? `${seen.kind} ${seen.code}` : seen.kind)
const both = (is: string) => ({ tcp: is, dns: is })

describe('what the system says of a socket', () => {
  let host: Namespace | undefined
  const here = () => {
    if (host === undefined) throw new Error('there is no namespace')
    return host
  }
  const sysctl = (name: string, setting: string) =>
    run('ip', 'netns', 'exec', here().name, 'sysctl', '-qw', `${name}=${setting}`)

  beforeAll(async () => {
    host = await makeNamespace('errors', 'host')
  })
  afterAll(async () => {
    if (host !== undefined) await deleteNamespace(host)
  })

  test('without a route the network is unreachable, which is no fault of the probe', async () => {
    expect(await look(here(), '10.9.0.7/53', '2600::7/53')).toEqual([
      both('unreachable ENETUNREACH'),
      both('unreachable ENETUNREACH')
    ])
  })

  test('where IPv6 is switched off an IPv6 address is unreachable, which is no fault of the probe', async () => {
    await sysctl('net.ipv6.conf.all.disable_ipv6', '1')
    expect(await look(here(), '2600::7/53', '64:ff9b::a14:107/53', '::1/53')).toEqual([
      both('unreachable EADDRNOTAVAIL'),
      both('unreachable EADDRNOTAVAIL'),
      both('unreachable EADDRNOTAVAIL')
    ])
    await sysctl('net.ipv6.conf.all.disable_ipv6', '0')
    await ip(here(), 'addr replace ::1/128 dev lo')
  })

  test('where all ports towards an address are taken, that is a fault of the probe', async () => {
    await sysctl('net.ipv4.ip_local_port_range', '50000 50001')
    const listener = spawnIn(here(), [process.execPath, '-e', listen])
    await new Promise(resolve => listener.stdout?.once('data', resolve))
    const seen = await look(here(), '127.0.0.1/7000', '127.0.0.1/7000', '127.0.0.1/7000')
    expect(seen.map(({ tcp }) => tcp)).toEqual(['connected', 'connected', 'own-fault EADDRNOTAVAIL'])
    listener.kill()
    await sysctl('net.ipv4.ip_local_port_range', '32768 60999')
  })

  const routes = [
    ['unreachable', '10.6.0.0/16', 'unreachable EHOSTUNREACH'],
    ['prohibit', '10.8.0.0/16', 'unreachable EACCES'],
    ['blackhole', '10.7.0.0/16', 'unreachable EINVAL']
  ] as const
  test.for(routes)('a route of the kind %s: %s', async ([kind, range, is]) => {
    await ip(here(), `route replace ${kind} ${range}`)
    expect(await look(here(), `${range.replace('0.0/16', '0.7')}/53`)).toEqual([both(is)])
  })

  // A soft error reaches a TCP connection that is being made, and no datagram socket (udp(7), IP_RECVERR).
  const rejections = [
    { with: 'icmp admin-prohibited', over: '127.0.0.1', is: 'unreachable EHOSTUNREACH' },
    { with: 'icmp host-prohibited', over: '127.0.0.1', is: 'unreachable EHOSTUNREACH' },
    { with: 'icmp net-prohibited', over: '127.0.0.1', is: 'unreachable ENETUNREACH' },
    { with: 'icmp host-unreachable', over: '127.0.0.1', is: 'unreachable EHOSTUNREACH', dns: 'timeout' },
    { with: 'icmp net-unreachable', over: '127.0.0.1', is: 'unreachable ENETUNREACH', dns: 'timeout' },
    { with: 'icmp prot-unreachable', over: '127.0.0.1', is: 'unreachable ENOPROTOOPT' },
    { with: 'icmp port-unreachable', over: '127.0.0.1', is: 'refused' },
    { with: 'icmpv6 admin-prohibited', over: '::1', is: 'unreachable EACCES' },
    { with: 'icmpv6 addr-unreachable', over: '::1', is: 'unreachable EHOSTUNREACH', dns: 'timeout' },
    { with: 'icmpv6 no-route', over: '::1', is: 'unreachable ENETUNREACH', dns: 'timeout' },
    { with: 'icmpv6 port-unreachable', over: '::1', is: 'refused' }
  ]
  test.for(rejections)('a filter that rejects with $with: $is', async ({ with: reply, over, is, dns = is }) => {
    const [protocol, type] = reply.split(' ')
    await setRules(here(), { input: ['tcp', 'udp'].map(each => `${each} dport 7001 reject with ${protocol} ${type}`) })
    expect(await look(here(), `${over}/7001`)).toEqual([{ tcp: is, dns }])
  })
})

const listen = "require('net').createServer().listen(7000, '127.0.0.1', () => console.log('listening'))"
