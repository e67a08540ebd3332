import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { DnsObservation, LibcObservation } from '../../probe/facts/observation.ts'
import { testWith } from '../support/test-with.ts'
import { type DnsServer, startNamed, startUnbound, zoneFile } from './dns-server.ts'
import { deleteNamespace, ip, makeNamespace, type Namespace, spawnIn, writeEtc } from './namespace.ts'

const test = testWith('ip', 'namespaces', 'named', 'unbound')

const authority = '127.0.0.1'
const bind = '127.0.0.2'
const unbound = '127.0.0.3'

const zones = {
  'zone.example': [
    'here.zone.example. A 10.0.0.7',
    'there.zone.example. CNAME here.other.example.',
    'away.zone.example. CNAME here.elsewhere.example.',
    'gone.zone.example. CNAME gone.other.example.',
    'mail.zone.example. CNAME mail.other.example.'
  ],
  'other.example': ['here.other.example. A 10.0.0.8', 'mail.other.example. MX 1 here.other.example.'],
  'filter.lab': ['blocked.example.filter.lab. CNAME .', 'empty.example.filter.lab. CNAME *.']
}
const named = (listen: string, more: string) => `
  options {
    directory "@DIR@"; pid-file none; listen-on { ${listen}; }; listen-on-v6 { none; };
    allow-query { any; }; dnssec-validation no; ${more}
`
const primary = (name: string) => `zone "${name}" { type primary; file "@DIR@/${name}"; };\n`
const forward = (name: string) => `zone "${name}" { type forward; forward only; forwarders { ${authority}; }; };\n`
const file = (name: keyof typeof zones) => zoneFile({ name, primary: `ns.${name}`, records: zones[name] })

/** The facts that real servers give, on which verdicts rest. */
describe('what real servers and glibc make of a name', () => {
  let host: Namespace | undefined
  const servers: DnsServer[] = []

  beforeAll(async () => {
    host = await makeNamespace('resolvers', 'host')
    // BIND listens on addresses that an interface has.
    await ip(host, `addr add ${bind}/32 dev lo`)
    const hosts = Array.from({ length: 100 }, (_, index) => `10.1.0.${index} many.example`)
    await writeEtc(host, 'hosts', `${hosts.join('\n')}\n`)
    await writeEtc(host, 'resolv.conf', `nameserver ${authority}\n`)
    servers.push(
      await startNamed(
        host,
        `controls {};${named(authority, 'recursion no; };')}${primary('zone.example')}${primary('other.example')}`,
        { 'zone.example': file('zone.example'), 'other.example': file('other.example') }
      ),
      await startNamed(
        host,
        `controls {};${named(bind, 'recursion yes; response-policy { zone "filter.lab"; } qname-wait-recurse no; };')}${primary('filter.lab')}${forward('zone.example')}${forward('other.example')}`,
        { 'filter.lab': file('filter.lab') }
      ),
      await startUnbound(
        host,
        `server:
           interface: ${unbound}
           do-ip6: no
           use-syslog: no
           do-not-query-localhost: no
           username: ""
           chroot: ""
           directory: "@DIR@"
           pidfile: ""
           module-config: "respip iterator"
         rpz:
           name: filter.lab
           zonefile: "@DIR@/filter.lab"
         forward-zone:
           name: "zone.example"
           forward-addr: ${authority}
         forward-zone:
           name: "other.example"
           forward-addr: ${authority}
        `,
        { 'filter.lab': file('filter.lab') }
      )
    )
  }, 60_000)
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]()
    if (host !== undefined) await deleteNamespace(host)
  })

  /** What a server says of a name, and what glibc says, which asks the authority. */
  async function look(server: string, name: string) {
    if (host === undefined) throw new Error('there is no namespace')
    const child = spawnIn(host, [process.execPath, 'test/support/look-process.ts', `${server}/53/${name}`])
    let printed = ''
    for await (const chunk of child.stdout ?? []) printed += chunk
    const [seen]: readonly { dns: DnsObservation; libc: LibcObservation }[] = JSON.parse(printed)
    return { dns: seen?.dns, libc: seen?.libc.kind, addresses: seen?.libc.kind === 'answer' && seen.libc.addresses }
  }

  test('a filter of BIND speaks for a zone that is none of the name', async () => {
    const soa = { zone: 'filter.lab' }
    const { dns: blocked } = await look(bind, 'blocked.example')
    expect(blocked).toMatchObject({ kind: 'nxdomain', foreignSoa: soa })
    expect(blocked).not.toHaveProperty('soa')
    expect((await look(bind, 'empty.example')).dns).toMatchObject({ kind: 'nodata', foreignSoa: soa })
  })

  test('a filter of Unbound speaks for no zone, and as an authority', async () => {
    const { dns } = await look(unbound, 'blocked.example')
    expect(dns).toMatchObject({ kind: 'nxdomain', authoritative: true, recursionAvailable: true })
    expect(dns).not.toHaveProperty('soa')
    expect(dns).not.toHaveProperty('foreignSoa')
  })

  test('a server that does not follow an alias knows its target, or refuses to find it', async () => {
    const { dns, libc } = await look(authority, 'there.zone.example')
    expect(dns).toMatchObject({
      kind: 'nodata',
      recursionAvailable: false,
      chain: [{ target: 'here.other.example' }],
      followed: { kind: 'answer', addresses: [{ address: '10.0.0.8' }] }
    })
    expect(libc).toBe('not-known')
    expect((await look(authority, 'away.zone.example')).dns).toMatchObject({
      kind: 'nodata',
      followed: { kind: 'rcode', rcode: 'REFUSED', recursionAvailable: false }
    })
  })

  test.for([bind, unbound])('a resolver follows it: %s', async server => {
    expect((await look(server, 'there.zone.example')).dns).toMatchObject({
      kind: 'answer',
      recursionAvailable: true,
      chain: [{ target: 'here.other.example' }],
      addresses: [{ address: '10.0.0.8' }]
    })
    expect((await look(server, 'gone.zone.example')).dns).toMatchObject({
      kind: 'nxdomain',
      soa: { zone: 'other.example' },
      chain: [{ target: 'gone.other.example' }]
    })
    const { dns } = await look(server, 'mail.zone.example')
    expect(dns).toMatchObject({ kind: 'nodata', soa: { zone: 'other.example' } })
    expect(dns).not.toHaveProperty('followed')
  })

  test('glibc prints of a name without address that it has none, and of an alias of one that it is not known', async () => {
    expect((await look(authority, 'zone.example')).libc).toBe('no-address')
    expect((await look(authority, 'gone.zone.example')).libc).toBe('not-known')
    expect((await look(authority, 'mail.zone.example')).libc).toBe('not-known')
  })

  test('of a hundred addresses that libc has 64 are kept', async () => {
    const { addresses } = await look(authority, 'many.example')
    expect(addresses && new Set(addresses).size).toBe(64)
  })
})
