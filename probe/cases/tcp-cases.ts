import { describeEndpoint, listRecords, openSecurityGroups } from './aws-steps.ts'
import type { Case } from './case.ts'
import { furthest, unreachableSymptom } from './client.ts'
import type { Evidence, Path } from './evidence.ts'
import * as gcp from './gcp-steps.ts'
import { shell } from './shell.ts'

/** What connecting did on each address, if no address connects. */
const attempts = (test: (tcp: Extract<Path, { reached: 'nothing' }>['tcp']) => boolean) => (evidence: Evidence) =>
  furthest(evidence).some(({ path }) => path.reached === 'nothing' && test(path.tcp))

const isWithoutRoute = ({ code }: { readonly code: string }) => unreachableSymptom(code) === 'network_is_unreachable'

/** No address of the host lets a client connect. */
export const tcpCases = [
  {
    id: 'no-answer-to-syn',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(({ kind }) => kind === 'timeout'),
    meaning:
      'The name is right, but nothing answers the first packet of a connection. Several things look like this, and packets cannot tell them apart: the steps name them, the likeliest first.',
    remedy: {
      aws: ids => [
        ...openSecurityGroups(ids),
        {
          cause: 'Zilliz Cloud has not accepted the endpoint, or rejects it',
          do: 'register its id with Zilliz Cloud; its state must become `available`',
          run: shell`aws ec2 describe-vpc-endpoints --region ${ids.region} --vpc-endpoint-ids ${ids.endpointId} --query "VpcEndpoints[0].State" --output text`
        },
        {
          cause: 'a network ACL drops the packets, or the answers, which go to ports 1024-65535',
          do: "look at the network ACLs of the clients' and the endpoint's subnets",
          run: shell`aws ec2 describe-network-acls --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId}`
        },
        {
          cause: 'the port is not the one that Zilliz Cloud allocated to this host',
          do: `compare ${ids.port} with the private link on the cluster's page`
        },
        {
          cause: 'none of these',
          do: 'let Reachability Analyzer follow a packet from a client to the endpoint; it names what stops it',
          run: shell`aws ec2 create-network-insights-path --region ${ids.region} --source <clients-network-interface-id> --destination ${ids.endpointId} --protocol tcp --destination-port ${ids.port}`
        }
      ],
      gcp: ids => [
        {
          ...gcp.describeEndpoint(ids),
          cause: 'Zilliz Cloud has not accepted the endpoint, or rejects it: its status is PENDING, REJECTED or CLOSED',
          do: 'register the endpoint and the project id with Zilliz Cloud; its status must become ACCEPTED'
        },
        gcp.openFirewall(ids),
        {
          cause: 'the clients are in another region than the endpoint, which does not allow global access',
          do: 'allow it',
          run: shell`gcloud compute forwarding-rules update ${ids.forwardingRule} --project ${ids.project} --region ${ids.region} --allow-psc-global-access`
        },
        {
          cause: 'the clients are in a peered network, from which a Private Service Connect endpoint cannot be reached',
          do: 'make an endpoint in their own network, or propagate the connection through Network Connectivity Center'
        },
        {
          cause: 'none of these',
          do: 'let a connectivity test follow a packet from a client to the endpoint; it names what stops it',
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
    meaning: 'Something has the address, but does not listen on the port: the port or the address is wrong.',
    remedy: {
      aws: ids => [
        { do: `compare port ${ids.port} with the private link on the cluster's page` },
        describeEndpoint(ids)
      ],
      gcp: ids => [
        { do: `compare port ${ids.port} with the private link on the cluster's page` },
        gcp.describeEndpoint(ids)
      ]
    }
  },
  {
    id: 'network-unreachable',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(tcp => tcp.kind === 'unreachable' && isWithoutRoute(tcp)),
    meaning:
      'The machine has no route to the address. Its subnet lacks a route, or the record has an IPv6 address and the machine has no IPv6.',
    remedy: {
      aws: ids => [
        {
          do: 'list the routes of this machine, for IPv4 and IPv6',
          run: shell`ip route; ip -6 route`
        },
        {
          do: "check the route tables of the clients' subnets, and peering or transit gateways on the way",
          run: shell`aws ec2 describe-route-tables --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId}`
        },
        listRecords(ids)
      ],
      gcp: ids => [
        {
          do: 'list the routes of this machine, for IPv4 and IPv6',
          run: shell`ip route; ip -6 route`
        },
        {
          do: 'check the routes of the network',
          run: shell`gcloud compute routes list --project ${ids.project} --filter ${`network~/${ids.network}$`}`
        },
        gcp.listRecords(ids)
      ]
    }
  },
  {
    id: 'no-route',
    layer: 'tcp',
    severity: 'critical',
    matches: attempts(({ kind }) => kind === 'unreachable'),
    meaning:
      'The network reports that it cannot deliver to the address. No machine has the address, or a firewall or network ACL on the way rejects the connection.',
    remedy: {
      aws: ids => [
        describeEndpoint(ids),
        {
          do: "look at the routes of the clients' subnets, and at peering or transit gateways on the way",
          run: shell`aws ec2 describe-route-tables --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId}`
        }
      ],
      gcp: ids => [
        gcp.describeEndpoint(ids),
        {
          do: 'look at the routes of the network',
          run: shell`gcloud compute routes list --project ${ids.project} --filter ${`network~/${ids.network}$`}`
        }
      ]
    }
  }
] as const satisfies readonly Case[]
