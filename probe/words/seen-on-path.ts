import type { AddressEvidence, Evidence } from '../cases/evidence.ts'
import { isAccepted, isAnswer, isExpired, isNotYetValid, isResolved, isTrusted } from '../cases/reading.ts'
import type {
  ApplicationObservation,
  Certificate,
  Established,
  TcpObservation,
  TlsObservation
} from '../facts/observation.ts'
import { crashWords } from './dns-words.ts'
import type { Seen } from './seen.ts'

/** The result of the TCP connection on each address. */
export function seenInTcp({ addresses, untried }: Evidence): readonly Seen[] {
  return [
    ...addresses.map(({ path: { tcp }, ...seen }) => ({
      good: tcp.kind === 'connected',
      where: seen.address,
      what: isResolved(seen)
        ? tcpWords(tcp)
        : `${tcpWords(tcp)}; the host does not resolve to this address of the endpoint`,
      seconds: tcp.seconds
    })),
    ...untried.map(address => ({ good: undefined, where: address, what: 'not tried: the host has too many addresses' }))
  ]
}

/** The result of the TLS handshake on each address that connected. */
export function seenInTls({ addresses, at }: Evidence): readonly Seen[] {
  return addresses.flatMap(({ address, path }) => {
    if (path.reached === 'nothing') return []
    const { tls } = path
    return [
      {
        good: tls.kind === 'established' && isAccepted(tls, at),
        where: address,
        what: tlsWords(tls),
        seconds: tls.seconds,
        ...(tls.kind === 'established' ? { more: certificateWords(tls, at) } : {})
      }
    ]
  })
}

/** The result of a request on each address with a completed handshake. */
export function seenInApplication({ addresses }: Evidence): readonly Seen[] {
  return addresses.flatMap(({ address, path }: AddressEvidence) => {
    if (path.reached !== 'tls') return []
    const { application } = path
    const seconds = application.seconds
    return [{ good: isAnswer(application), where: address, what: applicationWords(application), seconds }]
  })
}

function tcpWords(seen: TcpObservation): string {
  switch (seen.kind) {
    case 'connected':
      return `port ${seen.port} connects`
    case 'timeout':
      return `no answer to SYN on port ${seen.port}`
    case 'refused':
      return `port ${seen.port} refuses the connection`
    case 'reset':
      return `the connection to port ${seen.port} is reset`
    case 'unreachable':
      return `the network cannot deliver packets to this address (${seen.code})`
    case 'forbidden':
      return `not tried: Zilliz Cloud has no ${seen.refusal} addresses`
    case 'own-fault':
      return `the probe could not connect (${seen.code})`
    case 'crashed':
      return crashWords(seen)
  }
}

function tlsWords(seen: TlsObservation): string {
  switch (seen.kind) {
    case 'established':
      return `${seen.protocol}${seen.alpn === undefined ? '' : ` for ${seen.alpn}`}`
    case 'timeout':
      return 'no answer to the first message'
    case 'reset':
      return `the connection is reset${requestWords(seen)}`
    case 'closed':
      return `the server closes the connection${requestWords(seen)}`
    case 'not-tls':
      return 'the server does not speak TLS'
    case 'alert':
      return `the server rejects the handshake (alert ${seen.alert})${requestWords(seen)}`
    case 'failure':
      return `the handshake fails (${seen.code})`
    case 'crashed':
      return crashWords(seen)
  }
}

const requestWords = ({ certificateRequested }: { readonly certificateRequested?: true }) =>
  certificateRequested ? ' after it asked for a client certificate' : ''

function certificateWords(tls: Established, at: number): readonly string[] {
  const { certificate, chainError } = tls
  return [
    `certificate for ${nameWords(certificate)}${coverageWords(certificate)}`,
    `signed by ${certificate.selfSigned ? 'itself' : certificate.issuer}${isTrusted(tls) ? '' : `, which this machine does not trust (${chainError})`}`,
    dateWords(tls, at)
  ]
}

function coverageWords({ coversHost }: Certificate): string {
  switch (coversHost) {
    case 'names':
      return ''
    case 'common-name':
      return ': only its common name matches the host, and clients written in Go reject that'
    case false:
      return ', which does not cover the host'
  }
}

const nameWords = ({ names, subject }: Certificate) =>
  names.length === 0 ? subject : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`

function dateWords(tls: Established, at: number): string {
  const { notBefore, notAfter } = tls.certificate
  if (notBefore === undefined || notAfter === undefined) return 'its dates are not valid dates'
  const day = (time: number) => new Date(time * 1000).toISOString().slice(0, 10)
  if (isNotYetValid(tls, at)) return `not valid before ${day(notBefore)}`
  const days = Math.floor(Math.abs(notAfter - at) / 86_400)
  if (at > notAfter) return `expired on ${day(notAfter)}, ${days} days ago`
  return `valid until ${day(notAfter)} (${days} days left)${isExpired(tls, at) ? ', but a certificate that signed it has expired' : ''}`
}

function applicationWords(seen: ApplicationObservation): string {
  switch (seen.kind) {
    case 'reply': {
      const reply = seen.grpc
        ? `a gRPC reply with ${seen.grpcStatus === undefined ? 'no status' : `status ${seen.grpcStatus}`}`
        : `status ${seen.status}`
      return `${reply} over ${seen.protocol}${isAnswer(seen) ? ', so the cluster answers' : ''}`
    }
    case 'timeout':
      return 'no answer to a request'
    case 'reset':
      return 'the connection is reset before an answer'
    case 'closed':
      return 'the server closes the connection without an answer'
    case 'stream-reset':
      return `the request is reset (RST_STREAM ${seen.code})`
    case 'goaway':
      return `the server ends the connection without an answer (GOAWAY ${seen.code})`
    case 'flood':
      return {
        bytes: 'the server sends more data than any valid reply has',
        'interim-responses': 'the server sends interim responses (1xx) without end',
        'control-frames': 'the server sends control frames (SETTINGS, PING) without end'
      }[seen.of]
    case 'crashed':
      return crashWords(seen)
    case 'not-http':
      return `the server does not speak HTTP (${seen.code})`
    case 'alert':
      return `the server rejects the connection after the handshake (alert ${seen.alert})`
  }
}
