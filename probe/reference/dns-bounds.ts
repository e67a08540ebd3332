import { dnsLimits } from '../observers/dns-limits.ts'
import type { Bound } from './bound.ts'

/** What a resolver can send. */
export const dnsBounds: readonly Bound[] = [
  {
    what: 'DNS message',
    most: dnsLimits.message,
    unit: 'bytes',
    beyond: 'The probe stops reading. The observation is a malformed reply.',
    test: 'is not read beyond 16 KiB'
  },
  {
    what: 'compression pointers in one name',
    most: dnsLimits.pointers,
    unit: 'pointers',
    beyond: 'The probe refuses the message. The observation is a malformed reply.',
    test: 'a chain of pointers, on which dns2 alone spends seconds, is refused at its seventeenth'
  },
  {
    what: 'bytes read while checking a message, names counted each time they occur',
    most: dnsLimits.steps,
    unit: 'bytes',
    beyond: 'The probe refuses the message. The observation is a malformed reply.',
    test: 'a message of long names is refused before they are read for the hundredth time'
  },
  {
    what: 'records of a message, all sections together',
    most: dnsLimits.records,
    unit: 'records',
    beyond: 'The probe refuses the message. The observation is a malformed reply.',
    test: 'a message of more than 512 records is refused'
  },
  {
    what: 'messages that do not answer the question',
    most: dnsLimits.strays,
    unit: 'messages',
    beyond: 'The probe closes the socket. The observation is a malformed reply.',
    test: 'a resolver that does not answer > a flood of garbage is read sixteen messages long'
  },
  {
    what: 'queries sent for one question',
    most: dnsLimits.queries,
    unit: 'queries',
    beyond:
      'The probe waits for the rest of its time, then observes a timeout. If the resolver does not understand EDNS, the probe sends one more query without it.',
    test: 'a resolver that does not answer > a silent one is asked three times'
  },
  {
    what: 'extended errors of a reply',
    most: dnsLimits.errors,
    unit: 'errors',
    beyond: 'The probe keeps the first ones.',
    test: 'a resolver that sends what it likes > of thousands of extended errors four are kept'
  },
  {
    what: 'text of an extended error',
    most: dnsLimits.errorText,
    unit: 'characters',
    beyond: 'The probe keeps the beginning.',
    test: 'a resolver that sends what it likes > of thousands of extended errors four are kept'
  },
  {
    what: 'aliases of an answer',
    most: dnsLimits.aliases,
    unit: 'aliases',
    beyond: 'The probe follows all of them, and keeps the first 15 and the last.',
    test: 'a resolver that sends what it likes > of hundreds of aliases the first fifteen and the last are kept, and the address behind them'
  },
  {
    what: 'addresses of an answer',
    most: dnsLimits.addresses,
    unit: 'addresses',
    beyond: 'The probe keeps the first ones and counts the rest.',
    test: 'a resolver that sends what it likes > of hundreds of addresses 64 are kept, and the rest is counted'
  },
  {
    what: 'addresses that libc returns',
    most: dnsLimits.addresses,
    unit: 'addresses',
    beyond: 'The probe keeps the first ones.',
    test: 'what real servers and glibc make of a name > of a hundred addresses that libc has 64 are kept'
  }
]
