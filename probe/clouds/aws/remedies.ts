import type { Remedies } from '../cloud.ts'
import { shell } from '../shell.ts'
import { comparePort, noneOfThese, redeploy } from '../steps.ts'
import { usualRemedies } from '../usual-remedies.ts'
import * as steps from './steps.ts'
import type { AwsIds } from './target.ts'

const clientRules = "the clients' security group and the network ACLs of both subnets"

/** What to do on AWS. */
export const remedies = {
  ...usualRemedies<AwsIds>(steps),
  'dangling-cname': ids => [
    redeploy('endpoint and record', ids),
    steps.describeEndpoint(ids),
    ...steps.pointRecord(ids)
  ],
  'endpoint-gone': ids => [
    steps.describeEndpoint(ids),
    redeploy('the endpoint', ids),
    { do: 'register the new endpoint id with Zilliz Cloud' }
  ],
  'cname-without-address': ids => [redeploy('the record', ids), steps.describeEndpoint(ids), ...steps.pointRecord(ids)],
  'dns-tcp-blocked': () => [{ do: `allow TCP port 53 to the resolver, as well as UDP, in ${clientRules}` }],
  'no-answer-to-syn': ids => [
    redeploy('endpoint and rules', ids),
    ...steps.openSecurityGroups(ids),
    {
      cause: 'Zilliz Cloud has not accepted the endpoint, or rejected it',
      do: 'register the endpoint id with Zilliz Cloud; its state must become `available`',
      run: shell`aws ec2 describe-vpc-endpoints --region ${ids.region} --vpc-endpoint-ids ${ids.endpointId} --query "VpcEndpoints[0].State" --output text`
    },
    { ...steps.checkNetworkAcls(ids), cause: 'a network ACL drops the packets or the answers' },
    {
      ...comparePort(ids),
      cause: 'the port is not the one that Zilliz Cloud allocated to this host'
    },
    {
      cause: noneOfThese,
      do: 'follow a packet from a client to the endpoint with Reachability Analyzer; it names what blocks it',
      run: shell`aws ec2 create-network-insights-path --region ${ids.region} --source <clients-network-interface-id> --destination ${ids.endpointId} --protocol tcp --destination-port ${ids.port}`
    }
  ],
  'tls-reset': ({ host }) => [
    { cause: 'AWS Network Firewall or a proxy filters by the name in TLS', do: `allow ${host} there` },
    { cause: "the service has no healthy target in the client's availability zone", do: 'ask Zilliz Cloud support' }
  ],
  'tls-silent': () => [
    {
      cause: 'a VPN, a transit gateway or an overlay has a smaller MTU and drops large packets without a message',
      do: 'lower the MTU or clamp the MSS there; endpoints carry packets of up to 8,500 bytes and send no ICMP'
    },
    { cause: 'a proxy or the service holds the connection without answering', do: 'ask Zilliz Cloud support' }
  ],
  'resolver-without-answer': ids => [
    ...steps.attachZone(ids),
    { do: 'if it answers NXDOMAIN from its cache, wait; Route 53 allows 15 minutes of negative caching' }
  ],
  'address-fails': ids => [
    steps.describeEndpoint(ids),
    {
      do: 'find the subnet that has the address, and check its network ACL and routes; the endpoint has an address in each availability zone',
      run: shell`aws ec2 describe-network-interfaces --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId} Name=interface-type,Values=vpc_endpoint --query "NetworkInterfaces[].{Address:PrivateIpAddress,Subnet:SubnetId,Zone:AvailabilityZone,Status:Status}"`
    },
    { do: 'if the service has no healthy target in that zone, ask Zilliz Cloud support' }
  ]
} satisfies Remedies<AwsIds>
