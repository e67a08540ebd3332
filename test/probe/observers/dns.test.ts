import { Packet } from 'dns2'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { DnsQuestion } from '../../../probe/facts/observation.ts'
import { observeDns } from '../../../probe/observers/dns.ts'
import { limit, untimed } from '../../support/limit.ts'
import {
  type Act,
  a,
  aaaa,
  cname,
  encode,
  extendedError,
  nxdomain,
  type Query,
  record,
  type Script,
  soa,
  startResolver
} from '../../support/resolver.ts'

const host = 'db.zone.example'
const question: DnsQuestion = { name: host, type: 'A' }
const zone = { zone: 'zone.example', primary: 'ns-1536.awsdns-00.co.uk', serial: 1, ttl: 900, minimum: 86_400 }
const first = { query: 1, withOptions: true }
const unchanged = {
  layer: 'dns',
  resolver: 'vpc',
  question,
  queries: 1,
  resent: 0,
  answered: first,
  strays: 0,
  transport: 'udp'
}
const fields = { errors: [], authoritative: false, recursionAvailable: true }
const denial = { soa: undefined, foreignSoa: undefined }
const nodata = { kind: 'nodata', followed: undefined, ...denial, ...fields }
const good: Act = { answers: [a(host, '10.0.0.7')] }
const answer = { kind: 'answer', chain: [], addresses: [{ address: '10.0.0.7', ttl: 60 }], unlisted: 0, ...fields }

/** What is sent back to the first query, to the second, and so on; the last of them to all that follow. */
const inTurn = (...acts: readonly (Act | ((query: Query) => Act))[]): Script => {
  let turn = 0
  return query => {
    const act = acts[Math.min(turn++, acts.length - 1)] ?? 'drop'
    return typeof act === 'function' ? act(query) : act
  }
}

/** A good reply, spoilt. */
const spoilt = (spoil: (message: Buffer) => Buffer) => (query: Query) =>
  spoil(encode({ answers: [a(host, '10.0.0.7')] }, query))

const patched = (offset: number, ...bytes: number[]) =>
  spoilt(message => {
    message.set(bytes, offset < 0 ? message.length + offset : offset)
    return message
  })

async function observe(script: Script, options: Parameters<typeof startResolver>[1] = {}, asked = question) {
  await using server = await startResolver(script, options)
  return untimed(await observeDns({ question: asked, resolver: server.resolver }, limit(2000)))
}

describe.concurrent('what a resolver says of a name', () => {
  const rows: readonly { when: string; script: Script; sees: object }[] = [
    { when: 'an address', script: () => good, sees: answer },
    {
      when: 'two addresses and a record of another name',
      script: () => ({ answers: [a(host, '10.0.0.7'), a('other.example', '10.9.9.9'), a(host, '10.0.1.7', 30)] }),
      sees: {
        ...answer,
        addresses: [
          { address: '10.0.0.7', ttl: 60 },
          { address: '10.0.1.7', ttl: 30 }
        ]
      }
    },
    {
      when: 'an address behind two aliases',
      script: () => ({
        answers: [cname(host, 'One.example', 300), cname('one.example', 'two.example'), a('two.example', '10.0.0.7')]
      }),
      sees: {
        ...answer,
        chain: [
          { name: host, target: 'one.example', ttl: 300 },
          { name: 'one.example', target: 'two.example', ttl: 60 }
        ]
      }
    },
    {
      when: 'NXDOMAIN with the SOA of the zone',
      script: () => nxdomain(soa('zone.example')),
      sees: { kind: 'nxdomain', chain: [], ...denial, soa: zone, ...fields }
    },
    {
      when: 'NXDOMAIN without one',
      script: () => ({ header: { rcode: 3 } }),
      sees: { kind: 'nxdomain', chain: [], ...denial, ...fields }
    },
    {
      when: 'an alias of a name that does not exist',
      script: () => ({ header: { rcode: 3 }, answers: [cname(host, 'gone.example')] }),
      sees: { kind: 'nxdomain', chain: [{ name: host, target: 'gone.example', ttl: 60 }], ...denial, ...fields }
    },
    {
      when: 'that the name has other records (NODATA)',
      script: () => ({ authorities: [soa('zone.example')] }),
      sees: { ...nodata, chain: [], soa: zone }
    },
    {
      when: 'an IPv6 address to a question of type A',
      script: () => ({ answers: [aaaa(host, 'fd00::7')] }),
      sees: { ...nodata, chain: [] }
    },
    {
      when: 'a TTL with its highest bit set',
      script: patched(-10, 0x80, 0, 0, 1),
      sees: { ...answer, addresses: [{ address: '10.0.0.7', ttl: 0 }] }
    },
    {
      when: 'a name with a newline, a quote and a byte that is no ASCII',
      script: () => ({ header: { rcode: 3 }, answers: [cname(host, 'a\n"b\xff.example')] }),
      sees: {
        kind: 'nxdomain',
        chain: [{ name: host, target: 'a\n"b\xff.example', ttl: 60 }],
        ...denial,
        ...fields
      }
    },
    {
      when: 'SERVFAIL, and why',
      script: () => ({ header: { rcode: 2 }, additionals: [extendedError(22, 'no "authority"\n')] }),
      sees: { kind: 'rcode', rcode: 'SERVFAIL', ...fields, errors: [{ code: 22, text: 'no "authority"\\u{a}' }] }
    },
    {
      when: 'REFUSED',
      script: () => ({ header: { rcode: 5 } }),
      sees: { kind: 'rcode', rcode: 'REFUSED', ...fields }
    },
    {
      when: 'REFUSED without the question',
      script: () => ({ header: { rcode: 5 }, questions: [] }),
      sees: { kind: 'rcode', rcode: 'REFUSED', ...fields }
    },
    { when: 'YXDOMAIN', script: () => ({ header: { rcode: 6 } }), sees: { kind: 'rcode', rcode: 'OTHER', ...fields } },
    {
      when: 'FORMERR to a question with options, and an address to one without',
      script: query => (query.withOptions ? { header: { rcode: 1 } } : good),
      sees: { ...answer, queries: 2, answered: { query: 2, withOptions: false } }
    },
    {
      when: 'NOTIMP whatever the question',
      script: () => ({ header: { rcode: 4 } }),
      sees: { kind: 'rcode', rcode: 'NOTIMP', ...fields, queries: 2, answered: { query: 2, withOptions: false } }
    }
  ]
  test.for(rows)('$when', async ({ script, sees }) => {
    expect(await observe(script)).toEqual({ ...unchanged, ...sees })
  })

  test('aliases that lead back to the name are a loop, of which each is listed once', async () => {
    const seen = await observe(() => ({ answers: [cname(host, 'one.example'), cname('one.example', host)] }))
    const chain = [
      { name: host, target: 'one.example', ttl: 60 },
      { name: 'one.example', target: host, ttl: 60 }
    ]
    expect(seen).toEqual({ ...unchanged, kind: 'alias-loop', chain, ...fields })
  })

  test('the SOA of a zone at its apex', async () => {
    const asked = { name: 'zone.example', type: 'SOA' } as const
    expect(await observe(() => ({ answers: [soa('zone.example')] }), {}, asked)).toEqual({
      ...unchanged,
      question: asked,
      kind: 'zone',
      chain: [],
      soa: zone,
      ...fields
    })
  })

  test('an IPv6 address, from a resolver that has one itself', async () => {
    const asked = { name: host, type: 'AAAA' } as const
    expect(await observe(() => ({ answers: [aaaa(host, 'fd00:0:0:0::7')] }), { address: '::1' }, asked)).toEqual({
      ...unchanged,
      question: asked,
      ...answer,
      addresses: [{ address: 'fd00::7', ttl: 60 }]
    })
  })
})

describe.concurrent('a resolver that does not answer', () => {
  const rows: readonly { when: string; script: Script; sees: object }[] = [
    {
      when: 'one lost query',
      script: inTurn('drop', good),
      sees: { ...answer, queries: 2, resent: 1, answered: { query: 2, withOptions: true } }
    },
    {
      when: 'queries with options lost',
      script: query => (query.withOptions ? 'drop' : good),
      sees: { ...answer, queries: 3, resent: 2, answered: { query: 3, withOptions: false } }
    },
    {
      when: 'another id',
      script: query => ({ header: { id: query.id ^ 1 }, answers: [a(host, '10.6.6.6')] }),
      sees: { kind: 'malformed', flaw: 'other-id', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'a reply under another id before the right one',
      script: query => [{ header: { id: query.id ^ 1 }, answers: [a(host, '10.6.6.6')] }, good],
      sees: { ...answer, strays: 1 }
    },
    {
      when: 'an answer to another name',
      script: () => ({
        questions: [new Packet.Question('evil.example', 1, 1)],
        answers: [a('evil.example', '10.6.6.6')]
      }),
      sees: { kind: 'malformed', flaw: 'other-question', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'an answer to another type',
      script: () => ({ questions: [new Packet.Question(host, 28, 1)] }),
      sees: { kind: 'malformed', flaw: 'other-question', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'its own query (echo)',
      script: query => query.packet.toBuffer(),
      sees: { kind: 'malformed', flaw: 'not-a-reply', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'a name that points at itself',
      script: spoilt(message =>
        Buffer.concat([message.subarray(0, 33), Buffer.from([0xc0, 33]), message.subarray(35)])
      ),
      sees: { kind: 'malformed', flaw: 'bad-pointer', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'a name that points ahead',
      script: spoilt(message =>
        Buffer.concat([message.subarray(0, 33), Buffer.from([0xc0, message.length - 4]), message.subarray(35)])
      ),
      sees: { kind: 'malformed', flaw: 'bad-pointer', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'a message cut short',
      script: spoilt(message => message.subarray(0, -2)),
      sees: { kind: 'malformed', flaw: 'cut-short', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'an address of three octets',
      script: spoilt(message => {
        message.writeUInt16BE(3, message.length - 6)
        return message.subarray(0, -1)
      }),
      sees: { kind: 'malformed', flaw: 'bad-record', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'a dot inside a label',
      script: patched(14, 0x2e),
      sees: { kind: 'malformed', flaw: 'bad-name', queries: 3, resent: 2, answered: undefined, strays: 3 }
    },
    {
      when: 'the largest datagram there is',
      script: () => Buffer.alloc(65_507, 0xff),
      sees: { kind: 'malformed', flaw: 'too-large', queries: 3, resent: 2, answered: undefined, strays: 3 }
    }
  ]
  test.for(rows)('$when', async ({ script, sees }) => {
    expect(await observe(script)).toEqual({ ...unchanged, ...sees })
  })

  test('a silent one is asked three times', async () => {
    const sees = { kind: 'timeout', queries: 3, resent: 2, answered: undefined }
    expect(await observe(() => 'drop')).toEqual({ ...unchanged, ...sees })
  })

  test('a flood of garbage is read sixteen messages long', async () => {
    const sees = { kind: 'malformed', flaw: 'not-a-reply', answered: undefined, strays: 16 }
    const flood = () => Array.from({ length: 40 }, (_, index) => Buffer.alloc(index))
    expect(await observe(flood)).toEqual({ ...unchanged, ...sees })
  })

  test('a closed port is heard at once', async () => {
    const server = await startResolver(() => good)
    await server[Symbol.asyncDispose]()
    const seen = await observeDns({ question, resolver: server.resolver }, limit(5000))
    expect(untimed(seen)).toEqual({ ...unchanged, answered: undefined, kind: 'refused' })
    expect(seen.seconds).toBeLessThan(1)
  })

  test('each query has an id of its own, and a late answer to the first is good', async () => {
    const first: Query[] = []
    await using server = await startResolver(query => {
      first.push(query)
      return first[1] === undefined ? 'drop' : encode(good as Exclude<Act, 'drop'>, first[0] ?? query)
    })
    const seen = await observeDns({ question, resolver: server.resolver }, limit(4000))
    expect(untimed(seen)).toEqual({ ...unchanged, ...answer, queries: 2, resent: 1 })
    expect(new Set(server.queries.map(({ id }) => id)).size).toBe(2)
  })

  test('nobody waits for it after an abort, and nothing is sent', async () => {
    await using server = await startResolver(() => 'drop')
    const warned = vi.fn()
    process.on('warning', warned)
    onTestFinished(() => void process.off('warning', warned))
    const controller = new AbortController()
    const observing = observeDns({ question, resolver: server.resolver }, { ms: 60_000, signal: controller.signal })
    controller.abort(new Error('over'))
    await expect(observing).rejects.toThrow('over')
    // What is asked later arrives later.
    await observeDns({ question: { name: 'later.example', type: 'A' }, resolver: server.resolver }, limit(100))
    expect(new Set(server.queries.map(({ name }) => name))).toEqual(new Set(['later.example']))
    expect(warned).not.toHaveBeenCalled()
  })
})

describe.concurrent('an answer that does not fit a datagram', () => {
  const many = Array.from({ length: 200 }, (_, index) => a(host, `10.0.1.${index}`))
  const truncated: Script = query => (query.transport === 'udp' ? { header: { tc: 1 } } : { answers: many })

  test('is fetched over TCP', async () => {
    const addresses = many.slice(0, 64).map(({ address }) => ({ address, ttl: 60 }))
    const seen = await observe(truncated)
    expect(seen).toEqual({ ...unchanged, ...answer, transport: 'tcp', addresses, unlisted: 136 })
  })

  test('is fetched over TCP even if the datagram ends in the middle of a record', async () => {
    const seen = await observe(query => {
      if (query.transport === 'tcp') return good
      return encode({ header: { tc: 1 }, answers: many.slice(0, 3) }, query).subarray(0, -5)
    })
    expect(seen).toEqual({ ...unchanged, transport: 'tcp', ...answer })
  })

  const failures: readonly { when: string; options: object; script: Script; tcp: string }[] = [
    { when: 'the port is closed', options: { tcp: 'closed' }, script: truncated, tcp: 'refused' },
    { when: 'nothing comes back', options: { tcp: 'silent' }, script: truncated, tcp: 'timeout' }
  ]
  test.for(failures)('cannot be fetched over TCP: $when', async ({ options, script, tcp }) => {
    expect(await observe(script, options)).toEqual({ ...unchanged, transport: 'tcp', kind: 'truncated', tcp })
  })

  const flaws: readonly { when: string; act: (query: Query) => Act; flaw: string }[] = [
    { when: 'another id', act: query => ({ header: { id: query.id ^ 1 } }), flaw: 'other-id' },
    {
      when: 'a message that is cut short again',
      act: () => ({ header: { tc: 1 } }),
      flaw: 'truncated-in-stream'
    },
    {
      when: 'a message that is cut short again, and has an address',
      act: () => ({ ...good, header: { tc: 1 } }),
      flaw: 'truncated-in-stream'
    }
  ]
  test('is not read beyond 16 KiB', async () => {
    const seen = await observe(query => (query.transport === 'udp' ? { header: { tc: 1 } } : Buffer.alloc(65_535)))
    expect(seen).toEqual({ ...unchanged, transport: 'tcp', kind: 'malformed', flaw: 'too-large' })
  })

  test.for(flaws)('is broken if over TCP comes $when', async ({ act, flaw }) => {
    const seen = await observe(query => (query.transport === 'udp' ? { header: { tc: 1 } } : act(query)))
    expect(seen).toEqual({ ...unchanged, transport: 'tcp', kind: 'malformed', flaw })
  })
})

test('records of another class are passed over', async () => {
  const chaos = record(host, 'A', { address: '10.6.6.6', class: Packet.CLASS.CH })
  expect(await observe(() => ({ answers: [chaos] }))).toMatchObject({ kind: 'nodata' })
})
