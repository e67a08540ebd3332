import { mostUnreadBytes } from '../log.ts'
import { readerLimits } from '../readers/limits.ts'
import type { Bound } from './bound.ts'

/** What a client of the probe's own HTTP server can do. */
export const readerBounds: readonly Bound[] = [
  {
    what: 'open connections from one client address (IPv6: one /64 network)',
    most: readerLimits.connectionsPerAddress,
    unit: 'connections',
    beyond: 'The probe closes the oldest connection of that address on which no request is being answered.',
    test: 'while 500 connections come from one address > health is answered, to others and to that address itself'
  },
  {
    what: 'open connections in total',
    most: readerLimits.connections,
    unit: 'connections',
    beyond:
      'The probe closes the oldest connection of the address that has the most, so that a new client, such as the kubelet, is served.',
    test: 'while connections come from a thousand addresses, health is answered, and few of them are open'
  },
  {
    what: 'unanswered requests on one connection (pipelining)',
    most: readerLimits.pipelinedRequests,
    unit: 'requests',
    beyond: 'The probe closes the connection.',
    test: 'a connection on which requests come faster than they are answered is closed'
  },
  {
    what: 'TLS handshake',
    most: readerLimits.handshakeMs,
    unit: 'ms',
    beyond: 'The probe closes the connection.',
    test: 'a TLS handshake that does not end is cut off > if it comes byte by byte'
  },
  {
    what: 'time until all headers of a request have arrived',
    most: readerLimits.headersMs,
    unit: 'ms',
    beyond: 'The probe answers 408 and closes the connection, at most half a second later.',
    test: 'on which headers do not end'
  },
  {
    what: 'time until the whole request has arrived',
    most: readerLimits.requestMs,
    unit: 'ms',
    beyond: 'The probe answers 408 and closes the connection, at most half a second later.',
    test: 'on which a body does not end (${length})'
  },
  {
    what: 'idle connection',
    most: readerLimits.idleMs,
    unit: 'ms',
    beyond: 'The probe closes the connection.',
    test: 'on which no further request comes'
  },
  {
    what: 'time from a request to the last byte of its answer',
    most: readerLimits.answerMs,
    unit: 'ms',
    beyond: 'The probe closes the connection. Event streams are exempt.',
    test: 'on which an answer is not read to its end, though some of it is'
  },
  {
    what: 'request line and headers',
    most: readerLimits.headerBytes,
    unit: 'bytes',
    beyond: 'The probe answers 431 and closes the connection.',
    test: 'who asks too much of the app > with headers too large is refused'
  },
  {
    what: 'request body',
    most: readerLimits.bodyBytes,
    unit: 'bytes',
    beyond: 'The probe answers 413, or 404 because no path takes a body.',
    test: 'who asks too much of the app > with a body too large is refused'
  },
  {
    what: 'one part of a path, such as the environment of a target',
    most: readerLimits.pathPartCharacters,
    unit: 'characters',
    beyond: 'The probe answers 414.',
    test: 'who asks too much of the app > with a path too long is refused'
  },
  {
    what: 'requests per minute from one client address',
    most: readerLimits.requestsPerMinute,
    unit: 'requests',
    beyond: 'The probe answers 429 with `Retry-After`. `/healthz` and `/readyz` are exempt.',
    test: 'who asks too much of the app > has to wait, and a kubelet never'
  },
  {
    what: 'scrapes without gzip per minute from one client address',
    most: readerLimits.plainScrapesPerMinute,
    unit: 'requests',
    beyond: 'The probe answers 429 with `Retry-After`. Prometheus accepts gzip.',
    test: 'metrics uncompressed are for few requests a minute, and compressed ones for all others'
  },
  {
    what: 'requested rounds per second, of all targets',
    most: readerLimits.roundsPerSecond,
    unit: 'rounds',
    beyond: 'The probe answers 429 with `Retry-After`.',
    test: 'a round on request > begins a few times a second for all targets together'
  },
  {
    what: 'time between two requested rounds of one target',
    most: readerLimits.roundOfTargetMs,
    unit: 'ms',
    beyond: 'Until then the probe answers 429 with `Retry-After`.',
    test: 'a round on request > begins once in ten seconds for a target, and at once for another target'
  },
  {
    what: 'answers in progress to one client address, other than health and event streams',
    most: readerLimits.answersPerAddress,
    unit: 'answers',
    beyond: 'The probe cuts off the oldest of them.',
    test: 'readers that do not read > are cut off one by one where one address has too many'
  },
  {
    what: 'answers in progress in total, other than health and event streams',
    most: readerLimits.answers,
    unit: 'answers',
    beyond: 'The probe cuts off the oldest answer to the address that has the most.',
    test: 'readers that do not read > keep no other reader from an answer: the oldest of the address that has most is cut off'
  },
  {
    what: 'part of an answer that one connection has in memory',
    most: readerLimits.sliceBytes,
    unit: 'bytes',
    beyond: 'The rest stays in a buffer that all readers share.',
    test: 'readers that do not read > hold few answers in memory over ${protocol}, however many they are'
  },
  {
    what: 'event streams to one client address',
    most: readerLimits.streamsPerAddress,
    unit: 'streams',
    beyond: 'The probe answers 503. The page reloads itself every 30 seconds instead.',
    test: 'who opens too many event streams > from one address is refused, and others are not'
  },
  {
    what: 'event streams in total',
    most: readerLimits.streams,
    unit: 'streams',
    beyond: 'The probe answers 503. The page reloads itself every 30 seconds instead.',
    test: 'who opens too many event streams > from all addresses together is refused, and the page is not'
  },
  {
    what: 'openings of the event stream per minute from one client address',
    most: readerLimits.streamsPerMinute,
    unit: 'requests',
    beyond: 'The probe answers 429 with `Retry-After`. The page reloads itself every 30 seconds instead.',
    test: 'who opens too many event streams > one after the other waits for a minute, and still sees the page'
  },
  {
    what: 'time for a reader to take a part of an update of the event stream',
    most: readerLimits.updateMs,
    unit: 'ms',
    beyond: 'The probe closes the connection. A browser opens it again.',
    test: 'a reader who takes nothing of an update is cut off'
  },
  {
    what: 'rows that a page may have missed when its event stream opens',
    most: readerLimits.missedRows,
    unit: 'rows',
    beyond: 'The page reloads.',
    test: 'a page of 300 hosts > is loaded again if it has missed more than 256 rows'
  },
  {
    what: 'log lines that no reader takes',
    most: mostUnreadBytes,
    unit: 'bytes',
    beyond: 'The probe drops later lines.',
    test: 'the log > drops lines for a reader that never reads, instead of keeping all of them'
  }
]
