import { anywhere, type Case, type HostAndPort, type Step } from './case.ts'
import { furthest } from './client.ts'
import type { Evidence, Path } from './evidence.ts'
import { type Established, isExpired, isNotYetValid, isTrusted } from './reading.ts'
import { shell } from './shell.ts'

type Handshake = Extract<Path, { reached: 'tcp' }>['tls']

/** The handshakes that failed, on the addresses on which clients get furthest. */
const handshake = (test: (seen: Handshake) => boolean) => (evidence: Evidence) =>
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

/** Whether a server asked for a certificate before it ended the handshake: before TLS 1.3 it has no alert for that. */
const asksForCertificate = handshake(seen => 'certificateRequested' in seen && seen.certificateRequested === true)

/** certificate_required (RFC 8446 §6.2). */
const wantsCertificate = alert(code => code === 116)

/** handshake_failure, protocol_version, insufficient_security (RFC 8446 §6.2). */
const disagreement = new Set([40, 70, 71])

const inspect = ({ host, port }: HostAndPort): Step => ({
  do: 'check which server answers, and with which certificate',
  run: shell`openssl s_client -connect ${host}:${port} -servername ${host} -showcerts </dev/null`
})

const compareHost = ({ host }: HostAndPort): Step => ({
  do: `compare ${host} with the private link on the cluster's page in the Zilliz Cloud console`
})

/** A client connects, but the handshake fails or the certificate is no good. */
export const tlsCases = [
  {
    id: 'not-tls',
    layer: 'tls',
    severity: 'critical',
    matches: handshake(({ kind }) => kind === 'not-tls'),
    meaning: 'The server does not speak TLS. The port is wrong, or a proxy or a portal answers in its place.',
    remedy: anywhere(({ port }) => [
      { do: `compare port ${port} with the private link on the cluster's page in the Zilliz Cloud console` }
    ])
  },
  {
    id: 'client-certificate-required',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => wantsCertificate(evidence) || asksForCertificate(evidence),
    meaning:
      'The server asks for a client certificate and then ends the connection. Zilliz Cloud does not ask for one: another service or a proxy answers.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'name-not-served',
    layer: 'tls',
    severity: 'critical',
    matches: alert(code => code === 112),
    meaning:
      'The server does not serve this host (alert unrecognized_name). The record points to another service, or the host is not served there.',
    remedy: anywhere(target => [compareHost(target), inspect(target)])
  },
  {
    id: 'tls-version-refused',
    layer: 'tls',
    severity: 'critical',
    matches: alert(code => disagreement.has(code)),
    meaning:
      'The server and the client have no TLS version or cipher in common. Zilliz Cloud speaks TLS 1.2 and 1.3: another service or a proxy answers.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'tls-refused',
    layer: 'tls',
    severity: 'critical',
    matches: evidence => alert(() => true)(evidence) || handshake(({ kind }) => kind === 'failure')(evidence),
    meaning: 'The TLS handshake fails. The evidence has the alert or the error.',
    remedy: anywhere(target => [inspect(target)])
  },
  {
    id: 'tls-reset',
    layer: 'tls',
    severity: 'critical',
    matches: handshake(({ kind }) => kind === 'reset' || kind === 'closed'),
    meaning:
      'The connection is cut after the client sends the name of the host. A firewall filters by that name, or the service has no healthy target.',
    remedy: {
      aws: ({ host }) => [
        { cause: 'AWS Network Firewall or a proxy filters by the name in TLS', do: `allow ${host} there` },
        { cause: "the service has no healthy target in the client's availability zone", do: 'ask Zilliz Cloud support' }
      ],
      gcp: ({ host }) => [
        { cause: 'Secure Web Proxy or Cloud NGFW filters by the name in TLS', do: `allow ${host} there` },
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
      'A client connects, but the server does not answer the first message of TLS. The network loses large packets, or nothing is behind the listener.',
    remedy: {
      aws: () => [
        {
          cause: 'a VPN, a transit gateway or an overlay has a smaller MTU and drops large packets without a message',
          do: 'lower the MTU or clamp the MSS there; endpoints carry packets of up to 8,500 bytes and send no ICMP'
        },
        { cause: 'a proxy or the service holds the connection without answering', do: 'ask Zilliz Cloud support' }
      ],
      gcp: () => [
        {
          cause: 'a VPN, an interconnect or an overlay has a smaller MTU and drops large packets without a message',
          do: 'lower the MTU or clamp the MSS there; the default MTU of a network is 1,460 bytes'
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
      'No authority that this machine trusts signed the certificate. Public authorities sign those of Zilliz Cloud: a proxy that inspects TLS, or another service, answers. The evidence has the issuer.',
    remedy: anywhere(target => [
      { do: `exempt ${target.host} from inspection, or add the proxy's authority to those that clients trust` },
      inspect(target)
    ])
  },
  {
    id: 'certificate-for-other-name',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(({ certificate: { coversHost } }) => coversHost === false),
    meaning:
      'The certificate is for other names. The record points to another service, or a proxy answers. The evidence has the names.',
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
    meaning: 'The certificate, or one that signed it, is past its last day.',
    remedy: anywhere(target => [
      { do: 'compare the clock of this machine with another clock' },
      inspect(target),
      { do: 'ask Zilliz Cloud support; it renews certificates 30 days before they expire' }
    ])
  },
  {
    id: 'certificate-not-yet-valid',
    layer: 'tls',
    severity: 'critical',
    matches: certificate(isNotYetValid),
    meaning: 'The certificate is before its first day. The usual reason: a clock is wrong.',
    remedy: anywhere(target => [{ do: 'compare the clock of this machine with another clock' }, inspect(target)])
  }
] as const satisfies readonly Case[]
