import fc from 'fast-check'
import type { Act } from '../../support/hostile.ts'
import * as h2 from '../../support/http2-frames.ts'
import { exchanges } from '../exchanges.ts'
import type { Kind } from '../kind.ts'
import { mutated } from '../mutated.ts'

const { frameTypes, flags } = h2

const promised = { ':method': 'GET', ':path': '/a', ':scheme': 'https', ':authority': 'a' }

/** Replies and refusals as servers send them, sound and not. */
const examples: readonly Buffer[] = [
  Buffer.concat([h2.settings, h2.settingsAck, h2.headers({ ':status': '400', date: 'x' }, { last: true })]),
  Buffer.concat([
    h2.settings,
    h2.settingsAck,
    h2.headers({ ':status': '200', 'content-type': 'application/grpc' }),
    h2.frame(frameTypes.data, 0, 1, Buffer.alloc(5)),
    h2.headers({ 'grpc-status': '16', 'grpc-message': 'missing' }, { last: true })
  ]),
  Buffer.concat([h2.settings, h2.push(promised), h2.reset(2, 2)]),
  Buffer.concat([h2.settings, h2.push(promised), h2.goaway(1, 1)]),
  Buffer.concat([h2.settings, h2.reset(7)]),
  Buffer.concat([h2.settings, h2.goaway(0, 0)]),
  Buffer.concat([h2.settings, h2.goaway(0, 0x7fffffff), h2.headers({ ':status': '200' }, { last: true })]),
  Buffer.concat([
    h2.settings,
    h2.headers({ ':status': '103' }),
    h2.headers({ ':status': '100' }),
    h2.headers({ ':status': '200' })
  ])
]

const payload = fc.oneof(
  fc.constantFrom(
    Buffer.alloc(0),
    Buffer.alloc(4),
    Buffer.alloc(8),
    h2.fields({ ':status': '200' }),
    h2.fields({ ':status': '103' }),
    h2.fields({ 'grpc-status': '14' }),
    h2.fields({ ':method': 'GET', ':path': '/' })
  ),
  fc.uint8Array({ maxLength: 64 }).map(bytes => Buffer.from(bytes))
)

/** Frames of every type, in any order. */
const frames = fc
  .array(
    fc
      .tuple(
        fc.oneof(fc.constantFrom(...Object.values(frameTypes)), fc.nat(20)),
        fc.oneof(fc.constantFrom(...Object.values(flags), 5), fc.nat(255)),
        fc.constantFrom(0, 1, 1, 1, 2, 3, 0x7fffffff),
        payload
      )
      .map(([type, flag, stream, bytes]) => h2.frame(type, flag, stream, bytes)),
    { maxLength: 12 }
  )
  .map(made => Buffer.concat([h2.settings, ...made]))

/** What a server sends in place of HTTP/2. */
export const kind: Kind<Act> = exchanges('h2', fc.oneof(mutated(examples), frames))
