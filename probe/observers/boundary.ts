import { inspect } from 'node:util'
import { escapeName, escapeProse } from '../facts/escape.ts'
import type {
  ApplicationObservation,
  Crashed,
  DnsObservation,
  LibcObservation,
  TcpObservation,
  TlsObservation
} from '../facts/observation.ts'
import { observeApplication } from './application.ts'
import { isCertificateRequested } from './certificate-request.ts'
import { observeDns } from './dns.ts'
import type { ObserveLibc } from './libc.ts'
import { observeTcp } from './tcp.ts'
import { observeTls } from './tls.ts'
import { secondsSince } from './within.ts'

/** The observers that a round asks, but for libc, which is asked in a process of its own. */
export interface Observers {
  readonly dns: typeof observeDns
  readonly tcp: typeof observeTcp
  readonly tls: typeof observeTls
  readonly application: typeof observeApplication
  readonly certificateRequest: typeof isCertificateRequested
}

/** Receives what an observer threw. It is a bug of the probe: log it loudly. */
export type OnBug = (bug: unknown) => void

/** The observers as they are, without the boundary. */
export const observers: Observers = {
  dns: observeDns,
  tcp: observeTcp,
  tls: observeTls,
  application: observeApplication,
  certificateRequest: isCertificateRequested
}

/**
 * The one boundary around observers: whatever they throw becomes an observation of the kind `crashed`, so that a bug
 * that one peer can reach costs the verdict on that peer and nothing else. An aborted round still rejects.
 */
export function boundaryAround({ dns, tcp, tls, application, certificateRequest }: Observers, onBug: OnBug): Observers {
  return {
    dns: (query, limit) =>
      attempt(
        limit.signal,
        onBug,
        () => dns(query, limit),
        fault => crashedDns(query, fault)
      ),
    tcp: (destination, limit) =>
      attempt(
        limit.signal,
        onBug,
        () => tcp(destination, limit),
        fault => {
          const { address, port } = destination
          return {
            observation: { layer: 'tcp', address, port, ...fault } satisfies TcpObservation,
            connection: undefined
          }
        }
      ),
    tls: (handshake, limit) =>
      attempt(
        limit.signal,
        onBug,
        () => tls(handshake, limit),
        fault => ({
          observation: { layer: 'tls', ...fault } satisfies TlsObservation,
          connection: undefined
        })
      ),
    application: (exchange, limit) =>
      attempt(
        limit.signal,
        onBug,
        () => application(exchange, limit),
        fault => {
          return { layer: 'application', ...fault } satisfies ApplicationObservation
        }
      ),
    certificateRequest: (greeting, limit) =>
      attempt(
        limit.signal,
        onBug,
        () => certificateRequest(greeting, limit),
        () => false
      )
  }
}

/** The same around libc's observer. */
export function boundaryAroundLibc(observe: ObserveLibc, onBug: OnBug): ObserveLibc {
  return (host, limit, resolved) =>
    attempt<LibcObservation | undefined>(
      limit.signal,
      onBug,
      () => observe(host, limit, resolved),
      fault => {
        return { layer: 'dns', at: Date.now() / 1000, ...fault } satisfies LibcObservation
      }
    )
}

/** What is left of a question whose observer failed. */
export function crashedDns(
  { question, resolver }: Parameters<typeof observeDns>[0],
  fault: Crashed & { readonly seconds: number }
): DnsObservation {
  return {
    layer: 'dns',
    resolver: resolver.name,
    question: { ...question, name: escapeName(question.name) },
    queries: 0,
    resent: 0,
    answered: undefined,
    strays: 0,
    transport: 'udp',
    ...fault
  }
}

/** What was thrown, as a fact. */
export function crash(bug: unknown): Crashed {
  const text = bug instanceof Error ? `${bug.name}: ${bug.message}` : inspect(bug)
  return { kind: 'crashed', error: escapeProse(text, 200) }
}

async function attempt<T>(
  signal: AbortSignal,
  onBug: OnBug,
  look: () => Promise<T>,
  crashed: (fault: Crashed & { readonly seconds: number }) => T
): Promise<T> {
  const start = performance.now()
  try {
    return await look()
  } catch (bug) {
    signal.throwIfAborted()
    onBug(bug)
    return crashed({ ...crash(bug), seconds: secondsSince(start) })
  }
}
