import { Agent as SecureAgent } from 'node:https'
import { getCACertificates } from 'node:tls'
import { isModuleMissing } from '../causes/configuration.ts'
import { escapeProse } from '../facts/escape.ts'
import { inTime } from '../observers/in-time.ts'
import type { ExportMetricsRequest } from './request.ts'

/** Not imported by name, because that would load undici, as where the probe serves HTTP. */
const { Agent: PlainAgent } = process.getBuiltinModule('node:http')

/** Where metrics are pushed to. */
export interface Receiver {
  readonly url: string
  /** The value of the header `Authorization`. `undefined` for none. */
  readonly authorization: string | undefined
  /** Authorities to trust in addition to those of the system, in PEM. */
  readonly authorities: string | undefined
}

/** What became of a request. */
export type Delivered =
  | { readonly kind: 'accepted' }
  /** The receiver refused this request, whole or in part. It may accept another. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The receiver did not answer in time, or said that it is not ready. */
  | { readonly kind: 'unavailable'; readonly reason: string }

/** Sends one request at a time, again where that may help. */
export interface Delivery {
  /** Always resolves, within the deadline. */
  readonly send: (request: ExportMetricsRequest, signal: AbortSignal) => Promise<Delivered>
  /** Ends every connection. */
  readonly close: () => void
}

const client = '@opentelemetry/otlp-exporter-base'

/** The package that sends is not installed. It is an optional peer, because few need it. */
export class OtlpClientMissing extends Error {
  override readonly name = 'OtlpClientMissing'
  constructor() {
    super(`to push metrics, install the client of OTLP: npm install ${client}`)
  }
}

const encoder = new TextEncoder()
const mostReason = 300

/**
 * Loads what sends.
 *
 * @param deadlineMs for a request, with all that is done to send it again
 * @throws OtlpClientMissing
 */
export async function openDelivery(
  { url, authorization, authorities }: Receiver,
  deadlineMs: number
): Promise<Delivery> {
  const { createOtlpHttpExportDelegate, CompressionAlgorithm } = await load()
  const agent = url.startsWith('https:')
    ? new SecureAgent({ keepAlive: true, ca: [...getCACertificates('default'), ...(authorities ? [authorities] : [])] })
    : new PlainAgent({ keepAlive: true })
  /** What the receiver did not take of the last request. */
  let partial: string | undefined
  const serializer = {
    serializeRequest: (request: ExportMetricsRequest) => encoder.encode(JSON.stringify(request)),
    deserializeResponse: (bytes: Uint8Array) => {
      partial = partialRefusal(bytes)
      return {}
    }
  }
  const delegate = createOtlpHttpExportDelegate(
    {
      url,
      headers: async () => ({ 'content-type': 'application/json', ...(authorization && { authorization }) }),
      agentFactory: () => agent,
      compression: CompressionAlgorithm.GZIP,
      timeoutMillis: deadlineMs,
      concurrencyLimit: 1
    },
    serializer,
    'otlp_http_json_metric_exporter',
    { name: 'metric_data_point', countItems: () => 1 },
    undefined
  )
  return {
    send: async (request, signal) => {
      partial = undefined
      const exported = new Promise<Delivered>(resolve =>
        delegate.export(request, ({ error }) => resolve(error === undefined ? taken(partial) : failed(error)))
      )
      // The client's own deadline limits silence only: a receiver that sends a byte from time to time could hold it forever.
      const inside = await inTime(exported, { ms: deadlineMs + 1000, signal }).catch(() => undefined)
      if (inside !== undefined) return inside.value
      agent.destroy()
      return { kind: 'unavailable', reason: `no whole answer within ${deadlineMs / 1000} s` }
    },
    close: () => agent.destroy()
  }
}

async function load() {
  try {
    const [{ createOtlpHttpExportDelegate }, { CompressionAlgorithm }] = await Promise.all([
      import('@opentelemetry/otlp-exporter-base/node-http'),
      import('@opentelemetry/otlp-exporter-base')
    ])
    return { createOtlpHttpExportDelegate, CompressionAlgorithm }
  } catch (error) {
    if (isModuleMissing(error)) throw new OtlpClientMissing()
    throw error
  }
}

function taken(partial: string | undefined): Delivered {
  return partial === undefined ? { kind: 'accepted' } : { kind: 'refused', reason: partial }
}

function failed(error: Error): Delivered {
  const status = 'code' in error && typeof error.code === 'number' ? error.code : undefined
  const detail = 'data' in error && typeof error.data === 'string' ? error.data.trim() : ''
  const words = [status === undefined ? '' : `HTTP ${status}`, error.message, detail].filter(each => each !== '')
  const reason = escapeProse(words.join(': '), mostReason)
  return { kind: status === undefined || status === 401 || status === 403 ? 'unavailable' : 'refused', reason }
}

/** `partial_success` of an `ExportMetricsServiceResponse`. */
function partialRefusal(bytes: Uint8Array): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(Buffer.from(bytes).toString('utf8'))
    const { rejectedDataPoints = 0, errorMessage = '' } = partialSuccess ?? {}
    if (Number(rejectedDataPoints) === 0) return undefined
    return escapeProse(`${rejectedDataPoints} samples refused: ${errorMessage}`, mostReason)
  } catch {
    // An answer without a body is a success, too.
    return undefined
  }
}
