import { duration } from '../words/seen.ts'
import { describeEndpoint } from './aws-steps.ts'
import { anywhere, type Finding } from './case.ts'
import { isWithoutRoute } from './client.ts'
import type { AddressEvidence, Evidence, Path } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { staleAddresses } from './name-findings.ts'
import { isAccepted, isHealthy, isResolved, triedAddresses } from './reading.ts'
import { shell } from './shell.ts'

/**
 * Seconds before a certificate's end at which its renewal is overdue. Zilliz Cloud's certificates are renewed 30 days
 * before their end (docs.zilliz.com/docs/faq-security).
 */
const renewalOverdue = 21 * 86_400

/** Seconds after which a step is slow. A lost packet is a separate finding, see `isRetransmitted`. */
const slow = { connect: 0.3, handshake: 1, reply: 1 }

/** Statuses that Zilliz Cloud is known to give to a request without credentials. */
const usualStatuses = new Set([200, 400, 401, 403, 404])

const atAddresses = (test: (address: AddressEvidence, at: number) => boolean) => (evidence: Evidence) =>
  triedAddresses(evidence)
    .filter(address => test(address, evidence.at))
    .map(({ address }) => address)

/** The same, with the seconds that it took. */
const slowAt = (seconds: (path: Path) => number | undefined) => (evidence: Evidence) =>
  triedAddresses(evidence).flatMap(({ address, path }) => {
    const took = seconds(path)
    return took === undefined ? [] : [`${address} (${duration(took)})`]
  })

/**
 * Whether a connection was made by a repeated SYN: Linux sends it again after whole seconds, and the answer takes one
 * round trip more.
 */
const isRetransmitted = (seconds: number) => seconds >= 1 && seconds % 1 < 0.3

/** Whether this machine has no route to an address. A client's libc then sorts it last, and no client waits for it. */
const hasNoRoute = ({ path: { tcp } }: AddressEvidence) => isWithoutRoute(tcp)

/** The addresses on which clients fail though others work; but for those that `stale-address` is about. */
function failing(evidence: Evidence, test: (address: AddressEvidence) => boolean): readonly string[] {
  const resolved = evidence.addresses.filter(isResolved)
  if (!resolved.some(address => isHealthy(address, evidence.at))) return []
  const stale = staleAddresses(evidence)
  return resolved
    .filter(seen => !isHealthy(seen, evidence.at) && !stale.includes(seen.address) && test(seen))
    .map(({ address }) => address)
}

/** What is wrong on the way although a client gets to Zilliz Cloud, or could. */
export const pathFindings = [
  {
    id: 'address-fails',
    layer: 'tcp',
    severity: 'critical',
    about: evidence => failing(evidence, address => !hasNoRoute(address)),
    meaning:
      'The host works on one address and fails on another. Clients that choose the other one wait or fail. On AWS, the endpoint has an address in each availability zone.',
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        {
          do: 'find the subnet that has the address, and check its network ACL and routes',
          run: shell`aws ec2 describe-network-interfaces --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId} Name=interface-type,Values=vpc_endpoint --query "NetworkInterfaces[].{Address:PrivateIpAddress,Subnet:SubnetId,Zone:AvailabilityZone,Status:Status}"`
        },
        { do: 'if the service has no healthy target in that zone, ask Zilliz Cloud support' }
      ],
      gcp: ids => [gcp.describeEndpoint(ids), gcp.listRecords(ids)]
    }
  },
  {
    id: 'address-without-route',
    layer: 'tcp',
    severity: 'info',
    about: evidence => failing(evidence, hasNoRoute),
    meaning:
      'This machine has no route to one of the addresses, such as an IPv6 address on a machine without IPv6. Clients use the others.',
    remedy: anywhere(() => [{ do: 'list the routes of this machine', run: shell`ip route; ip -6 route` }])
  },
  {
    id: 'endpoint-answers',
    layer: 'tcp',
    severity: 'info',
    about: evidence => {
      const { addresses, at } = evidence
      if (triedAddresses(evidence).some(address => isHealthy(address, at))) return []
      return addresses.filter(address => !isResolved(address) && isHealthy(address, at)).map(({ address }) => address)
    },
    meaning: 'Zilliz Cloud answers at the endpoint itself. Only the resolution of the host to its address is wrong.',
    remedy: anywhere(() => [{ do: 'check zone and record; security groups and firewalls are good' }])
  },
  {
    id: 'syn-retransmitted',
    layer: 'tcp',
    severity: 'warning',
    about: atAddresses(({ path }) => path.tcp.kind === 'connected' && isRetransmitted(path.tcp.seconds)),
    meaning: 'The first packet of a connection was lost, and its repetition was answered. The network loses packets.',
    remedy: anywhere(() => [
      {
        do: 'check for packet loss between clients and endpoint: a full connection table, an overloaded hop, a target that is being replaced'
      }
    ])
  },
  {
    id: 'connect-slow',
    layer: 'tcp',
    severity: 'warning',
    about: slowAt(({ tcp }) =>
      tcp.kind === 'connected' && tcp.seconds > slow.connect && !isRetransmitted(tcp.seconds) ? tcp.seconds : undefined
    ),
    meaning: 'A connection takes more than 0.3 seconds. The endpoint is far away, or the network is overloaded.',
    remedy: anywhere(() => [{ do: 'put clients and endpoint in the same region' }])
  },
  {
    id: 'handshake-slow',
    layer: 'tls',
    severity: 'warning',
    about: slowAt(path => (path.reached === 'tls' && path.tls.seconds > slow.handshake ? path.tls.seconds : undefined)),
    meaning: 'The TLS handshake takes more than a second.',
    remedy: anywhere(() => [{ do: 'check for packet loss, and the load of clients and cluster' }])
  },
  {
    id: 'reply-slow',
    layer: 'application',
    severity: 'warning',
    about: slowAt(path =>
      path.reached === 'tls' && path.application.kind === 'reply' && path.application.seconds > slow.reply
        ? path.application.seconds
        : undefined
    ),
    meaning: 'The cluster takes more than a second to answer a request that needs no work.',
    remedy: anywhere(() => [{ do: "check the cluster's load in the Zilliz Cloud console" }])
  },
  {
    id: 'certificate-ends-soon',
    layer: 'tls',
    severity: 'warning',
    about: atAddresses(
      ({ path }, at) =>
        path.reached === 'tls' &&
        isAccepted(path.tls, at) &&
        path.tls.certificate.notAfter !== undefined &&
        path.tls.certificate.notAfter - at < renewalOverdue
    ),
    meaning:
      'The certificate expires in less than 21 days. Zilliz Cloud renews certificates 30 days before they expire.',
    remedy: anywhere(({ host }) => [{ do: `ask Zilliz Cloud support to renew the certificate of ${host}` }])
  },
  {
    id: 'certificate-by-common-name',
    layer: 'tls',
    severity: 'info',
    about: atAddresses(({ path }) => path.reached === 'tls' && path.tls.certificate.coversHost === 'common-name'),
    meaning:
      'The certificate has the host in its common name only. Python, curl and gRPC accept that; Go and browsers do not.',
    remedy: anywhere(({ host }) => [{ do: `reissue the certificate with ${host} as a subject alternative name` }])
  },
  {
    id: 'tls-inspected',
    layer: 'tls',
    severity: 'warning',
    about: atAddresses(
      ({ path }, at) => path.reached === 'tls' && isAccepted(path.tls, at) && path.tls.trustedBy === 'system'
    ),
    meaning:
      'An authority that this machine trusts, but that is no public one, signed the certificate. A proxy inspects TLS. Clients without that authority, such as those in containers, reject the certificate.',
    remedy: anywhere(({ host }) => [
      { do: `exempt ${host} from inspection, or add the proxy's authority to every client's trust store` }
    ])
  },
  {
    id: 'unusual-status',
    layer: 'application',
    severity: 'info',
    about: atAddresses((address, at) => {
      const { path } = address
      if (!isHealthy(address, at) || path.reached !== 'tls' || path.application.kind !== 'reply') return false
      return !path.application.grpc && !usualStatuses.has(path.application.status)
    }),
    meaning: 'The server answers with a status that Zilliz Cloud is not known to return for such a request.',
    remedy: anywhere(({ host, port }) => [
      { do: 'check which server answers', run: shell`curl -sv --max-time 10 https://${host}:${port}/` }
    ])
  },
  {
    id: 'addresses-untried',
    layer: 'tcp',
    severity: 'info',
    about: ({ untried }) => untried,
    meaning: 'The host has more addresses than the probe tries in a round.',
    remedy: anywhere(() => [{ do: 'check whether the record should have that many addresses' }])
  }
] as const satisfies readonly Finding[]
