import { describeEndpoint } from './aws-steps.ts'
import { anywhere, type Finding } from './case.ts'
import type { AddressEvidence, Evidence } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { isAccepted, isHealthy, isResolved, triedAddresses } from './reading.ts'
import { shell } from './shell.ts'

/**
 * Seconds before a certificate's end at which its renewal is overdue. Zilliz Cloud's certificates are renewed 30 days
 * before their end (docs.zilliz.com/docs/faq-security).
 */
const renewalOverdue = 21 * 86_400

/** Seconds after which a step is slow; a lost packet is told apart, see `isRetransmitted`. */
const slow = { connect: 0.3, handshake: 1, reply: 1 }

/** Statuses that Zilliz Cloud is known to give to a request without credentials. */
const usualStatuses = new Set([200, 400, 401, 403, 404])

const atAddresses = (test: (address: AddressEvidence, at: number) => boolean) => (evidence: Evidence) =>
  triedAddresses(evidence)
    .filter(address => test(address, evidence.at))
    .map(({ address }) => address)

/**
 * Whether a connection was made by a repeated SYN: Linux sends it again after whole seconds, and the answer takes one
 * round trip more.
 */
const isRetransmitted = (seconds: number) => seconds >= 1 && seconds % 1 < 0.3

/** What is wrong on the way although a client gets to Zilliz Cloud, or could. */
export const pathFindings = [
  {
    id: 'address-fails',
    layer: 'tcp',
    severity: 'critical',
    about: ({ addresses, at }) => {
      const resolved = addresses.filter(isResolved)
      if (!resolved.some(address => isHealthy(address, at))) return []
      return resolved.filter(address => !isHealthy(address, at)).map(({ address }) => address)
    },
    meaning:
      'The host works on one address and not on another: clients that pick the other wait or fail. An interface endpoint has an address in each availability zone.',
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        {
          do: 'find the subnet that has the address, and look at its network ACL and routes',
          run: shell`aws ec2 describe-network-interfaces --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId} Name=interface-type,Values=vpc_endpoint --query "NetworkInterfaces[].{Address:PrivateIpAddress,Subnet:SubnetId,Zone:AvailabilityZone,Status:Status}"`
        },
        { do: 'if it is the service that has no target in that zone, ask Zilliz Cloud support' }
      ],
      gcp: ids => [gcp.describeEndpoint(ids), gcp.listRecords(ids)]
    }
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
    meaning: 'Zilliz Cloud answers on the endpoint itself: only the way from the host to its address is wrong.',
    remedy: anywhere(() => [{ do: 'look at zone and record, not at security groups or firewalls' }])
  },
  {
    id: 'syn-retransmitted',
    layer: 'tcp',
    severity: 'warning',
    about: atAddresses(({ path }) => path.tcp.kind === 'connected' && isRetransmitted(path.tcp.seconds)),
    meaning:
      'The first packet of a connection was lost, and only its repetition answered: packets get lost on the way.',
    remedy: anywhere(() => [
      {
        do: 'look for loss between clients and endpoint: a full connection table, an overloaded hop, a target that is going'
      }
    ])
  },
  {
    id: 'connect-slow',
    layer: 'tcp',
    severity: 'warning',
    about: atAddresses(
      ({ path: { tcp } }) => tcp.kind === 'connected' && tcp.seconds > slow.connect && !isRetransmitted(tcp.seconds)
    ),
    meaning: 'Connecting takes more than 0.3 seconds: the endpoint is far away, or the way to it is overloaded.',
    remedy: anywhere(() => [{ do: 'put clients and endpoint in the same region' }])
  },
  {
    id: 'handshake-slow',
    layer: 'tls',
    severity: 'warning',
    about: atAddresses(({ path }) => path.reached === 'tls' && path.tls.seconds > slow.handshake),
    meaning: 'The TLS handshake takes more than a second.',
    remedy: anywhere(() => [{ do: 'look for packet loss, and at the load of clients and cluster' }])
  },
  {
    id: 'reply-slow',
    layer: 'application',
    severity: 'warning',
    about: atAddresses(
      ({ path }) => path.reached === 'tls' && path.application.kind === 'reply' && path.application.seconds > slow.reply
    ),
    meaning: 'The cluster takes more than a second to answer a request that needs no work.',
    remedy: anywhere(() => [{ do: "look at the cluster's load in the console of Zilliz Cloud" }])
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
    meaning: 'The certificate ends in less than 21 days, and should have been renewed 30 days before its end.',
    remedy: anywhere(({ host }) => [{ do: `ask Zilliz Cloud support to renew the certificate of ${host}` }])
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
    meaning: 'The server answers with a status that Zilliz Cloud is not known to give to such a request.',
    remedy: anywhere(({ host, port }) => [
      { do: 'see who answers', run: shell`curl -sv --max-time 10 https://${host}:${port}/` }
    ])
  },
  {
    id: 'addresses-untried',
    layer: 'tcp',
    severity: 'info',
    about: ({ untried }) => untried,
    meaning: 'The host has more addresses than a round tries.',
    remedy: anywhere(() => [{ do: 'see whether the record should have that many' }])
  }
] as const satisfies readonly Finding[]
