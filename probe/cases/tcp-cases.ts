import { checkNetworkAcls, checkRoutes, describeEndpoint, listRecords, openSecurityGroups } from './aws-steps.ts'
import type { Case, HostAndPort, Step } from './case.ts'
import { furthest, isWithoutRoute } from './client.ts'
import type { Evidence, Path } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { listOwnRoutes } from './machine-steps.ts'
import { redeploy } from './redeploy.ts'
import { shell } from './shell.ts'

/** What connecting did on each address, if no address connects. */
const attempts = (test: (tcp: Extract<Path, { reached: 'nothing' }>['tcp']) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => path.reached === 'nothing' && test(path.tcp))

const comparePort = ({ port }: HostAndPort): Step => ({
  do: `compare port ${port} with the private link on the cluster's page in the Zilliz Cloud console`
})

/** No address of the host lets a client connect. */
export const tcpCases = [
  {
    id: 'no-answer-to-syn',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(({ kind }) => kind === 'timeout'),
    meaning:
      'Nothing answers the first packet of a connection. Several causes look the same to packets. The steps name them, the most likely first.',
    remedy: {
      aws: ids => [
        redeploy('endpoint and rules', ids),
        ...openSecurityGroups(ids),
        {
          cause: 'Zilliz Cloud has not accepted the endpoint, or rejected it',
          do: 'register the endpoint id with Zilliz Cloud; its state must become `available`',
          run: shell`aws ec2 describe-vpc-endpoints --region ${ids.region} --vpc-endpoint-ids ${ids.endpointId} --query "VpcEndpoints[0].State" --output text`
        },
        { ...checkNetworkAcls(ids), cause: 'a network ACL drops the packets or the answers' },
        {
          ...comparePort(ids),
          cause: 'the port is not the one that Zilliz Cloud allocated to this host'
        },
        {
          cause: 'none of these',
          do: 'follow a packet from a client to the endpoint with Reachability Analyzer; it names what blocks it',
          run: shell`aws ec2 create-network-insights-path --region ${ids.region} --source <clients-network-interface-id> --destination ${ids.endpointId} --protocol tcp --destination-port ${ids.port}`
        }
      ],
      gcp: ids => [
        redeploy('endpoint and firewall', ids),
        {
          ...gcp.describeEndpoint(ids),
          cause:
            'Zilliz Cloud has not accepted the endpoint, or rejected it: its status is PENDING, REJECTED or CLOSED',
          do: 'register the endpoint and the project id with Zilliz Cloud; its status must become ACCEPTED'
        },
        gcp.openFirewall(ids),
        {
          cause: 'the clients are in another region than the endpoint, and the endpoint does not allow global access',
          do: 'allow global access',
          run: shell`gcloud compute forwarding-rules update ${ids.forwardingRule} --project ${ids.project} --region ${ids.region} --allow-psc-global-access`
        },
        {
          cause: 'the clients are in a peered network; a Private Service Connect endpoint is not reachable from there',
          do: 'create an endpoint in their own network, or propagate the connection through Network Connectivity Center'
        },
        {
          ...comparePort(ids),
          cause: 'the port is not the one that Zilliz Cloud allocated to this host'
        },
        {
          cause: 'none of these',
          do: 'follow a packet from a client to the endpoint with a connectivity test; it names what blocks it',
          run: shell`gcloud network-management connectivity-tests create zilliz-privatelink --project ${ids.project} --source-instance <clients-instance> --destination-ip-address ${ids.endpointAddress} --destination-port ${ids.port} --protocol TCP`
        }
      ]
    }
  },
  {
    id: 'connection-refused',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(({ kind }) => kind === 'refused' || kind === 'reset'),
    meaning:
      'Something answers at the address and refuses the connection. No service listens on the port, or a firewall rejects it with a reset.',
    remedy: {
      aws: ids => [comparePort(ids), describeEndpoint(ids)],
      gcp: ids => [comparePort(ids), gcp.describeEndpoint(ids)]
    }
  },
  {
    id: 'network-unreachable',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(isWithoutRoute),
    meaning:
      'There is no route to the address. The machine or its subnet lacks one, or the record has an IPv6 address and the machine has no IPv6.',
    remedy: {
      aws: ids => [listOwnRoutes, checkRoutes(ids), listRecords(ids)],
      gcp: ids => [listOwnRoutes, gcp.checkRoutes(ids), gcp.listRecords(ids)]
    }
  },
  {
    id: 'no-route',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(({ kind }) => kind === 'unreachable'),
    meaning:
      'The network reports that it cannot deliver to the address. A firewall or a network policy rejects the connection, a route ends nowhere, or no machine has the address.',
    remedy: {
      aws: ids => [
        {
          cause: 'a firewall, a proxy or a network policy on the way rejects the connection with an ICMP message',
          do: `allow TCP ${ids.port} to the endpoint there; security groups and network ACLs drop packets and send no message`
        },
        { ...describeEndpoint(ids), cause: 'the endpoint was deleted, and no machine has its address' },
        { ...checkRoutes(ids), cause: 'a route to the address ends at something that does not forward' }
      ],
      gcp: ids => [
        {
          cause: 'a firewall, a proxy or a network policy on the way rejects the connection with an ICMP message',
          do: `allow TCP ${ids.port} to the endpoint there; firewall rules of Google Cloud drop packets and send no message`
        },
        { ...gcp.describeEndpoint(ids), cause: 'the endpoint was deleted, and no machine has its address' },
        { ...gcp.checkRoutes(ids), cause: 'a route to the address ends at something that does not forward' }
      ]
    }
  }
] as const satisfies readonly Case[]
