import { anywhere, type Case, type HostAndPort } from './case.ts'
import { furthest } from './client.ts'
import type { Evidence } from './evidence.ts'
import { type Established, isExpired, isNotYetValid, isTrusted } from './reading.ts'
import { shell } from './shell.ts'

/** The handshakes that failed, on the addresses on which clients get furthest. */
const handshake =
  (test: (seen: { readonly kind: string; readonly alert?: number }) => boolean) => (evidence: Evidence) =>
    furthest(evidence).some(({ path }) => path.reached === 'tcp' && test(path.tls))

/** The certificates that a client rejects, on the addresses on which clients get furthest. */
const certificate = (test: (tls: Established, at: number) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => path.reached === 'tls' && test(path.tls, evidence.at))

/** An alert may come after the handshake as well: in TLS 1.3 the client is done before the server has judged it. */
const alert = (test: (alert: number) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => {
    const last = path.reached === 'tls' ? path.application : path.reached === 'tcp' ? path.tls : undefined
    return last?.kind === 'alert' && test(last.alert)
  })

/** handshake_failure, protocol_version, insufficient_security (RFC 8446 §6.2). */
const disagreement = new Set([40, 70, 71])

const inspect = ({ host, port }: HostAndPort) => ({
  do: 'see who answers, and with which certificate',
  run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -showcerts </dev/null`
})

/** A client connects, but the handshake fails or the certificate is no good. */
export const tlsCases = [
  {
    id: 'not-tls',
    layer: 'tls',
    severity: 'critical',
    matches: handshake(({ kind }) => kind === 'not-tls'),
    meaning: 'What answers does not speak TLS: the port is wrong, or a proxy or a portal stands in between.',
    remedy: anywhere(({ port }) => [{ do: `compare port ${port} with the private link on the cluster's page` }])
  },
  {
    id: 'client-certificate-required',
    layer: 'tls',
    severity: 'critical',
    matches: alert(code => code === 116),
    meaning: 'The server wants a certificate of the client, which Zilliz Cloud does not: another service answers.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'name-not-served',
    layer: 'tls',
    severity: 'critical',
    matches: alert(code => code === 112),
    meaning: 'The server does not serve this host (alert unrecognized_name): the record leads to another service.',
    remedy: anywhere(target => [
      { do: `compare ${target.host} with the private link on the cluster's page` },
      inspect(target)
    ])
  },
  {
    id: 'tls-version-refused',
    layer: 'tls',
    severity: 'critical',
    matches: alert(code => disagreement.has(code)),
    meaning:
      'Client and server find no version or cipher of TLS in common. Zilliz Cloud speaks TLS 1.2 and 1.3: something else answers, or stands in between.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'tls-refused',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => alert(() => true)(evidence) || handshake(({ kind }) => kind === 'failure')(evidence),
    meaning: 'The TLS handshake fails; the evidence has the alert or error.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'tls-reset',
    layer: 'tls',
    severity: 'critical',
    matches: handshake(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning:
      'The connection is cut as soon as the client names the host: a firewall that filters by name, or a service behind the endpoint without a healthy target.',
    remedy: {
      aws: ({ host }) => [
        { cause: 'AWS Network Firewall or a proxy filters by the name in TLS', do: `let ${host} pass` },
        { cause: "the service has no healthy target in the client's availability zone", do: 'ask Zilliz Cloud support' }
      ],
      gcp: ({ host }) => [
        { cause: 'Secure Web Proxy or Cloud NGFW filters by the name in TLS', do: `let ${host} pass` },
        { cause: 'the producer drops the connection', do: 'ask Zilliz Cloud support' }
      ]
    }
  },
  {
    id: 'tls-silent',
    layer: 'tls',
    severity: 'critical',
    matches: handshake(({ kind }) => kind === 'timeout'),
    meaning:
      "A client connects, but gets no answer to the first message of TLS: large packets are lost on the way (it is bigger than a connection's other packets), or nobody is behind the listener.",
    remedy: {
      aws: () => [
        {
          cause: 'a hop with a smaller MTU (VPN, transit gateway, overlay) drops large packets without a word',
          do: 'lower the MTU or clamp the MSS there; endpoints carry 8,500 octets and send no ICMP'
        },
        { cause: 'a proxy or the service holds the connection without answering', do: 'ask Zilliz Cloud support' }
      ],
      gcp: () => [
        {
          cause: 'a hop with a smaller MTU (VPN, interconnect, overlay) drops large packets without a word',
          do: 'lower the MTU or clamp the MSS there; a network has 1,460 octets unless told otherwise'
        },
        { cause: 'a proxy or the service holds the connection without answering', do: 'ask Zilliz Cloud support' }
      ]
    }
  },
  {
    id: 'certificate-untrusted',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(tls => !isTrusted(tls)),
    meaning:
      "Nobody the probe trusts has signed the certificate. Zilliz Cloud's are signed by public authorities: a proxy that inspects TLS, or another service, answers. The evidence has the issuer.",
    remedy: anywhere(target => [
      { do: `exempt ${target.host} from inspection, or give the clients the proxy's authority to trust` },
      inspect(target)
    ])
  },
  {
    id: 'certificate-for-other-name',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(({ certificate: { coversHost } }) => !coversHost),
    meaning: 'The certificate is not for this host: the record leads to another service. The evidence has its names.',
    remedy: anywhere(target => [
      { do: 'compare the names in the certificate with the host, and the record with the endpoint' },
      inspect(target)
    ])
  },
  {
    id: 'certificate-expired',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(isExpired),
    meaning: 'The certificate is past its last day.',
    remedy: anywhere(target => [
      { do: "compare the probe's clock with another one" },
      inspect(target),
      { do: 'ask Zilliz Cloud support: it renews certificates 30 days before their end' }
    ])
  },
  {
    id: 'certificate-not-yet-valid',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(isNotYetValid),
    meaning: 'The certificate is before its first day; more likely than not, a clock is wrong.',
    remedy: anywhere(target => [{ do: "compare the probe's clock with another one" }, inspect(target)])
  }
] as const satisfies readonly Case[]
