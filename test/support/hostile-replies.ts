import { Packet } from 'dns2'
import { bare } from './hostile-resolver.ts'
import { a, aaaa, cname, extendedError, nxdomain, type Reply, record, soa } from './resolver.ts'

/** Octets that no name of a person's has. */
const nuls = (count: number) => '\0'.repeat(count)

/** A SERVFAIL with so many extended errors, each of a text, as `bare` would make it if dns2 wrote them in linear time. */
function extendedErrors(count: number, text = ''): Buffer {
  const error = Buffer.concat([Buffer.from([0, 15, 0, 0, 0, 22]), Buffer.from(text)])
  error.writeUInt16BE(error.length - 4, 2)
  const options = Buffer.alloc(error.length * count, error)
  const head = Buffer.from([0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0])
  head.writeUInt16BE(options.length, head.length - 2)
  return Buffer.concat([head, options])
}

/** Replies about a host that a resolver is free to send, and that something has tripped over or may; as `bare` makes them. */
export function hostileReplies(host: string): Readonly<Record<string, Buffer>> {
  const made = Object.entries(replies(host)).map(([what, reply]) => [what, bare(host, reply)] as const)
  return {
    ...Object.fromEntries(made),
    'thousands of extended errors': extendedErrors(2680),
    'extended errors of much text': extendedErrors(3, '\u{1f600}'.repeat(1200))
  }
}

function replies(host: string): Readonly<Record<string, Reply>> {
  const parent = host.slice(host.indexOf('.') + 1)
  return {
    'an address': { answers: [a(host, '10.0.0.7')] },
    'addresses behind aliases': {
      answers: [cname(host, 'One.example', 300), cname('one.example', 'two.example'), a('two.example', '10.0.0.7')]
    },
    'IPv6 addresses': { answers: [aaaa(host, '64:ff9b::a9fe:a9fe'), aaaa(host, 'fe80::1')] },
    'addresses that must not be connected to': {
      answers: ['169.254.169.254', '127.0.0.1', '0.0.0.0', '224.0.0.1', '255.255.255.255'].map(each => a(host, each))
    },
    'more addresses than fit a page': {
      answers: Array.from({ length: 256 }, (_, index) => a(host, `10.0.${index >> 8}.${index & 0xff}`))
    },
    'no such name, says a private zone': nxdomain(soa(parent)),
    'no such name, says a private zone of NULs': nxdomain(soa(nuls(40))),
    'no such name, says a private zone of quotes and newlines': nxdomain(soa('"\n<b>\x1b[31m\x9b31m')),
    'no such name, says a private zone of the largest name': nxdomain(
      soa([nuls(63), nuls(63), nuls(63), nuls(61)].join('.'))
    ),
    'no such name, says a private zone below the host': nxdomain(soa(`${nuls(40)}.${host}`)),
    'no such name, says the root': nxdomain(soa('')),
    'no such name, says the zone of a filter': nxdomain(soa('rpz.filter.example', 'localhost')),
    'no such name, says the zone of a filter in the additional section': {
      header: { rcode: 3 },
      additionals: [soa('rpz.filter.example', 'localhost'), extendedError(15, 'blocked')]
    },
    'an alias and nothing else': { answers: [cname(host, 'a\n"b\xff.example')] },
    'an alias of a name of NULs, and nothing else': { answers: [cname(host, [nuls(63), nuls(63)].join('.'))] },
    'an alias of the root, and nothing else': { answers: [cname(host, '')] },
    'aliases in a circle': { answers: [cname(host, 'one.example'), cname('one.example', host)] },
    'an alias of itself': { answers: [cname(host, host)] },
    'three hundred aliases': {
      answers: [
        cname(host, 'n0.example'),
        ...Array.from({ length: 299 }, (_, index) => cname(`n${index}.example`, `n${index + 1}.example`)),
        a('n299.example', '10.0.0.7')
      ]
    },
    'a message that is cut short': { header: { tc: 1 } },
    'a message that is not understood': { header: { rcode: 1 } },
    'a rare error, in the options': {
      header: { rcode: 0 },
      additionals: [Packet.Resource.EDNS([], { extendedRcode: 1 })]
    },
    'an error and why': { header: { rcode: 2 }, additionals: [extendedError(22, 'no "authority"\n\x1b[31m\u202e')] },
    'records of other types': {
      answers: [
        record(host, 'A', { type: Packet.TYPE.MX, exchange: 'mx.example', priority: 1 }),
        record(host, 'A', { type: Packet.TYPE.TXT, data: 'text' }),
        record(host, 'A', { type: Packet.TYPE.NS, ns: 'ns.example' }),
        a(host, '10.0.0.7')
      ]
    },
    nothing: {}
  }
}
