import { bounds } from '../observers/dns-message.ts'
import type { Bound } from './bounds.ts'

/** What a resolver can send. */
export const dnsBounds: readonly Bound[] = [
  {
    what: 'DNS message',
    most: bounds.message,
    unit: 'bytes',
    beyond: 'The probe stops reading. The observation is a malformed reply.',
    test: 'is not read beyond 16 KiB'
  },
  {
    what: 'compression pointers in one name',
    most: bounds.hops,
    unit: 'pointers',
    beyond: 'The probe refuses the message. The observation is a malformed reply.',
    test: 'a chain of pointers, on which dns2 alone spends seconds, is refused at its seventeenth'
  },
  {
    what: 'bytes read while checking a message, names counted each time they occur',
    most: bounds.steps,
    unit: 'bytes',
    beyond: 'The probe refuses the message. The observation is a malformed reply.',
    test: 'the walk over them ends within its bounds'
  }
]
