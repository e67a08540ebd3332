import { anywhere, type Case, type HostAndPort, type Step } from './case.ts'
import { furthest } from './client.ts'
import type { Evidence } from './evidence.ts'
import type { ApplicationObservation } from './observation.ts'
import { isAnswer, isOfProxy } from './reading.ts'
import { shell } from './shell.ts'

const exchange = (test: (seen: ApplicationObservation) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => path.reached === 'tls' && test(path.application))

const status = (test: (status: number) => boolean) => exchange(seen => seen.kind === 'reply' && test(seen.status))

const request = ({ host, port }: HostAndPort): Step => ({
  do: 'send a request by hand; a working link answers 400',
  run: shell`curl -sv --max-time 10 https://${host}:${port}/`
})

const checkCluster: Step = { do: "check the cluster's status in the Zilliz Cloud console" }

/** The link carries TLS to a server with a good certificate, but Zilliz Cloud does not answer over it. */
export const applicationCases = [
  {
    id: 'intercepted',
    layer: 'application',
    severity: 'critical',
    matches: status(isOfProxy),
    meaning: 'The reply is one that Zilliz Cloud does not send. A proxy or a portal answers in its place.',
    remedy: anywhere(target => [{ do: `exempt ${target.host} from the proxy` }, request(target)])
  },
  {
    id: 'misdirected',
    layer: 'application',
    severity: 'critical',
    // Misdirected Request (RFC 9110 §15.5.20).
    matches: status(code => code === 421),
    meaning:
      'The server reports that it does not serve this host. The record points to the endpoint of another service.',
    remedy: anywhere(target => [
      { do: `compare ${target.host} with the private link on the cluster's page in the Zilliz Cloud console` },
      request(target)
    ])
  },
  {
    id: 'service-error',
    layer: 'application',
    severity: 'critical',
    matches: exchange(seen => seen.kind === 'reply' && !isAnswer(seen)),
    meaning:
      'The link works, but the service behind it reports an error. The cluster is suspended, resuming, in maintenance or down, or a proxy in front of it has no healthy target.',
    remedy: anywhere(target => [checkCluster, request(target)])
  },
  {
    id: 'request-refused',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'stream-reset' || kind === 'goaway'),
    meaning:
      'The server speaks HTTP/2 and refuses the request (RST_STREAM or GOAWAY). The cluster is restarting or overloaded, or a proxy ends the request. The evidence has the code.',
    remedy: anywhere(target => [checkCluster, request(target)])
  },
  {
    id: 'not-http',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'not-http' || kind === 'flood'),
    meaning: 'The server speaks TLS, but what it sends is not an HTTP reply. Another service answers.',
    remedy: anywhere(target => [
      { do: `compare port ${target.port} with the private link on the cluster's page in the Zilliz Cloud console` },
      request(target)
    ])
  },
  {
    id: 'application-reset',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning: 'The connection is cut before the answer. The cluster is restarting, or a proxy ends the connection.',
    remedy: anywhere(target => [checkCluster, request(target)])
  },
  {
    id: 'application-silent',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'timeout'),
    meaning:
      'A request gets no answer, though the connection and its certificate are good. The cluster is resuming or overloaded, or a proxy holds the request.',
    remedy: anywhere(target => [checkCluster, request(target)])
  },
  // Last: whatever else stops a request stops gRPC and REST alike.
  {
    id: 'grpc-unsupported',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => furthest(evidence).some(({ path }) => path.reached === 'tls' && path.tls.alpn !== 'h2'),
    meaning:
      'The server does not offer HTTP/2 in the TLS handshake (ALPN). The SDKs use gRPC, which needs it; REST still works. A proxy that speaks HTTP/1.1 only, or another service, answers.',
    remedy: anywhere(target => [
      { do: `exempt ${target.host} from the proxy, or enable HTTP/2 there` },
      {
        do: 'check which protocol the server chooses',
        run: shell`openssl s_client -connect ${target.host}:${target.port} -servername ${target.host} -alpn h2 </dev/null`
      }
    ])
  }
] as const satisfies readonly Case[]
