import type { Act } from '../../support/hostile.ts'
import { exchanges } from '../exchanges.ts'
import type { Kind } from '../kind.ts'
import { mutatedText } from '../mutated.ts'

/** What a server sends in place of HTTP/1.1. */
export const kind: Kind<Act> = exchanges(
  'http/1.1',
  mutatedText([
    'HTTP/1.1 400 Bad Request\r\nDate: Fri, 27 Nov 2026 08:00:00 GMT\r\nContent-Length: 3\r\n\r\nbad',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x\r\n\r\n5\r\nhello\r\n0\r\nx: y\r\n\r\n',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x05hello',
    'HTTP/1.0 503 Service Unavailable\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n\r\n',
    'HTTP/1.1 200 OK\r\nContent-Type: application/grpc\r\nGrpc-Status: 14\r\n\r\n',
    'HTTP/1.1 200 Connection Established\r\n\r\n'
  ])
)
