import { longestFlight } from '../observers/certificate-request.ts'
import { mostFrom } from '../observers/flood.ts'
import type { Bound } from './bound.ts'

const gaveUp = 'The probe gives up. The observation is a flood.'

/** What a server that the probe connects to can send: TCP, TLS, HTTP. */
export const peerBounds: readonly Bound[] = [
  {
    what: 'everything that the server sends on one connection',
    most: mostFrom.connectionBytes,
    unit: 'bytes',
    beyond: gaveUp,
    test: 'a server that sends without end is given up > more than 256 KiB of frames that mean nothing'
  },
  {
    what: 'interim responses (1xx) before a reply',
    most: mostFrom.interimResponses,
    unit: 'responses',
    beyond: gaveUp,
    test: 'interim responses beyond four'
  },
  {
    what: 'HTTP/2 control frames (SETTINGS, PING)',
    most: mostFrom.controlFrames,
    unit: 'frames',
    beyond: gaveUp,
    test: 'control frames beyond sixteen, PING'
  },
  {
    what: 'head of a reply',
    most: mostFrom.headBytes,
    unit: 'bytes',
    beyond: 'The probe gives up. The observation is a reply that is not HTTP.',
    test: 'a head of more than 16 KiB over HTTP/2'
  },
  {
    what: 'fields in the head of a reply over HTTP/2',
    most: mostFrom.headFields,
    unit: 'fields',
    beyond: 'The probe resets the request. The observation is a reset stream.',
    test: 'a head of more than 100 fields over HTTP/2'
  },
  {
    what: 'body of a gRPC reply',
    most: mostFrom.bodyBytes,
    unit: 'bytes',
    beyond: gaveUp,
    test: 'a body of more than 16 KiB before its gRPC status'
  },
  {
    what: "server's first flight, read after a failed handshake to see whether it asks for a client certificate",
    most: longestFlight,
    unit: 'bytes',
    beyond: 'The probe stops reading. It does not know whether a certificate was asked for.',
    test: 'beyond 32 KiB of a first flight nothing is known'
  }
]
