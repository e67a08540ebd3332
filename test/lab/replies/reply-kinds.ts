import { type Act, a, aaaa, cname, encode, nxdomain, type Query, soa } from '../../support/resolver.ts'

/** Where both types of a host's addresses have a reply of one of these kinds, glibc tells what comes of it. */
export const replyKinds = [
  'answer',
  'nodata',
  'nxdomain',
  'servfail',
  'refused',
  'notimp',
  'formerr',
  'silence',
  'loop',
  'alias',
  'alias-nxdomain',
  'alias-nodata',
  'truncated',
  'cut'
] as const
export type ReplyKind = (typeof replyKinds)[number]

const zone = 'replies.example'
const other = `other.${zone}`

/** The name whose A and AAAA records are answered in those ways. */
export const nameFor = (four: ReplyKind, six: ReplyKind) => `${four}.${six}.${zone}`

/** Replies as a query's name says. The name that aliases lead to has addresses, as if somebody else had to be asked for it. */
export function replyTo(query: Query): Act {
  const [four, six] = query.name.split('.')
  const kind = query.name === other ? 'answer' : query.type === 'A' ? four : query.type === 'AAAA' ? six : 'nodata'
  const address = query.type === 'A' ? a(query.name, '10.99.0.7') : aaaa(query.name, 'fd99::7')
  const alias = cname(query.name, other)
  switch (kind) {
    case 'answer':
      return { answers: [address] }
    case 'nodata':
      return { authorities: [soa(zone)] }
    case 'nxdomain':
      return nxdomain(soa(zone))
    case 'servfail':
      return { header: { rcode: 2 } }
    case 'refused':
      return { header: { rcode: 5 } }
    case 'notimp':
      return { header: { rcode: 4 } }
    case 'formerr':
      return { header: { rcode: 1 } }
    case 'loop':
      return { answers: [cname(query.name, query.name)] }
    case 'alias':
      return { answers: [alias] }
    case 'alias-nxdomain':
      return { ...nxdomain(soa(zone)), answers: [alias] }
    case 'alias-nodata':
      return { answers: [alias], authorities: [soa(zone)] }
    case 'truncated':
      return { header: { tc: 1 } }
    case 'cut':
      return encode({ answers: [address] }, query).subarray(0, -6)
    default:
      return 'drop'
  }
}
