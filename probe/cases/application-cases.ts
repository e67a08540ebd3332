import { anywhere, type Case, type HostAndPort } from './case.ts'
import { furthest } from './client.ts'
import type { Evidence } from './evidence.ts'
import type { ApplicationObservation } from './observation.ts'
import { shell } from './shell.ts'

const exchange = (test: (seen: ApplicationObservation) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => path.reached === 'tls' && test(path.application))

const status = (test: (status: number) => boolean) => exchange(seen => seen.kind === 'reply' && test(seen.status))

const ask = ({ host, port }: HostAndPort) => ({
  do: 'send the same request by hand; a working link answers 400',
  run: shell`curl -sv --max-time 10 https://${host}:${port}/`
})

/** The link carries TLS to a server with a good certificate, but Zilliz Cloud does not answer over it. */
export const applicationCases = [
  {
    id: 'intercepted',
    layer: 'application',
    severity: 'critical',
    // Redirects, Proxy Authentication Required, Network Authentication Required (RFC 9110, RFC 6585).
    matches: status(code => (code >= 300 && code < 400) || code === 407 || code === 511),
    meaning: 'The reply is one that Zilliz Cloud does not send: a proxy or a portal answers in its place.',
    remedy: anywhere(target => [{ do: `let ${target.host} pass the proxy untouched` }, ask(target)])
  },
  {
    id: 'misdirected',
    layer: 'application',
    severity: 'critical',
    // Misdirected Request (RFC 9110 §15.5.20).
    matches: status(code => code === 421),
    meaning: 'The server says that it does not serve this host: the record leads to the endpoint of another service.',
    remedy: anywhere(target => [
      { do: `compare ${target.host} with the private link on the cluster's page` },
      ask(target)
    ])
  },
  {
    id: 'service-error',
    layer: 'application',
    severity: 'critical',
    matches: status(() => true),
    meaning:
      'The private link works, but the cluster behind it does not: it is suspended, resuming, in maintenance, or down.',
    remedy: anywhere(target => [{ do: "look at the cluster's status in the console of Zilliz Cloud" }, ask(target)])
  },
  {
    id: 'not-http',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'not-http'),
    meaning: 'What answers over TLS does not speak HTTP: another service answers.',
    remedy: anywhere(target => [
      { do: `compare port ${target.port} with the private link on the cluster's page` },
      ask(target)
    ])
  },
  {
    id: 'application-reset',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning: 'The connection is cut instead of an answer: the cluster is restarting, or a proxy ends it.',
    remedy: anywhere(target => [{ do: "look at the cluster's status in the console of Zilliz Cloud" }, ask(target)])
  },
  {
    id: 'application-silent',
    layer: 'application',
    severity: 'critical',
    matches: exchange(({ kind }) => kind === 'timeout'),
    meaning:
      'The link and its certificate are good, but a request gets no answer: the cluster is resuming or overloaded.',
    remedy: anywhere(target => [{ do: "look at the cluster's status in the console of Zilliz Cloud" }, ask(target)])
  }
] as const satisfies readonly Case[]
