import type { TLSSocket } from 'node:tls'
import { escapeText } from '../facts/escape.ts'
import type { ApplicationObservation } from '../facts/observation.ts'
import { countBytes, mostFrom } from './flood.ts'
import { readTlsError } from './tls-error.ts'
import type { Guard } from './within.ts'

/** What to send a request over. */
export interface Exchange {
  /** An established connection on which nothing was said yet; the exchange uses it up. */
  readonly connection: TLSSocket
  readonly host: string
  readonly port: number
}

/** The result of a request, in either protocol. */
export type ExchangeOutcome = ApplicationObservation extends infer Each
  ? Each extends ApplicationObservation
    ? Omit<Each, 'layer' | 'seconds'>
    : never
  : never

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

export const userAgent = 'zilliz-privatelink-probe'

/** Answers for what happens on a connection, and gives it up if it is flooded; returns what ends the counting. */
export function countOn(connection: TLSSocket, settle: (outcome: ExchangeOutcome) => void, guard: Guard): () => void {
  guard(connection)
  return countBytes(connection, mostFrom.connectionBytes, guard, () => settle({ kind: 'flood', of: 'bytes' }))
}

/** What the head of a reply says, or its trailers. */
export function readHeaders(headers: Headers) {
  const { 'content-type': type, 'grpc-status': status, date } = headers
  const milliseconds = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return {
    grpc: status !== undefined || (typeof type === 'string' && type.startsWith('application/grpc')),
    grpcStatus: typeof status === 'string' && /^\d{1,3}$/.test(status) ? Number(status) : undefined,
    date: Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
  }
}

/** What an error of Node's HTTP says. */
export function readFailure(error: unknown): ExchangeOutcome {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code.startsWith('HPE_') || code.startsWith('ERR_HTTP2_')) return { kind: 'not-http', code: escapeText(code) }
  const failure = readTlsError(error)
  switch (failure.kind) {
    case 'not-tls':
      return { kind: 'not-http', code: 'NOT_TLS' }
    case 'failure':
      return { kind: 'not-http', code: failure.code }
    case 'reset':
    case 'closed':
    case 'alert':
      return failure
  }
}
