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
    redeploy('the endpoint and the record', ids),
    steps.describeEndpoint(ids),
    ...steps.pointRecord(ids)
  ],
  'endpoint-gone': ids => [
    steps.describeEndpoint(ids),
    redeploy('the endpoint', ids),
    { do: 'Register the id of the new endpoint with Zilliz Cloud.' }
  ],
  'cname-without-address': ids => [redeploy('the record', ids), steps.describeEndpoint(ids), ...steps.pointRecord(ids)],
  'dns-tcp-blocked': () => [{ do: `Allow TCP port 53 to the resolver, as well as UDP, in ${clientRules}.` }],
  'no-answer-to-syn': ids => [
    redeploy('the endpoint and its rules', ids),
    ...steps.openSecurityGroups(ids),
    {
      cause: 'Zilliz Cloud has not accepted the endpoint, or rejected it.',
      do: 'Register the endpoint id with Zilliz Cloud. The state of the endpoint must become `available`.',
      run: shell`aws ec2 describe-vpc-endpoints --region ${ids.region} --vpc-endpoint-ids ${ids.endpointId} --query "VpcEndpoints[0].State" --output text`
    },
    { ...steps.checkNetworkAcls(ids), cause: 'A network ACL drops the packets or the answers.' },
    {
      ...comparePort(ids),
      cause: 'Zilliz Cloud allocated another port to this host.'
    },
    {
      cause: noneOfThese,
      do: 'Trace a packet from a client to the endpoint with Reachability Analyzer. It names what blocks the packet.',
      run: shell`aws ec2 create-network-insights-path --region ${ids.region} --source <clients-network-interface-id> --destination ${ids.endpointId} --protocol tcp --destination-port ${ids.port}`
    }
  ],
  'tls-reset': ({ host }) => [
    { cause: 'AWS Network Firewall or a proxy filters by the name in TLS.', do: `Allow ${host} there.` },
    { cause: "The service has no healthy target in the client's availability zone.", do: 'Ask Zilliz Cloud support.' }
  ],
  'tls-silent': () => [
    {
      cause: 'A VPN, a transit gateway or an overlay has a smaller MTU and drops large packets without a message.',
      do: 'Lower the MTU or clamp the MSS there. Endpoints carry packets of up to 8,500 bytes and send no ICMP.'
    },
    { cause: 'A proxy or the service accepts the connection but does not answer.', do: 'Ask Zilliz Cloud support.' }
  ],
  'resolver-without-answer': ids => [
    ...steps.attachZone(ids),
    { do: 'If the resolver answers NXDOMAIN from its cache, wait. Route 53 allows 15 minutes of negative caching.' }
  ],
  'address-fails': ids => [
    steps.describeEndpoint(ids),
    {
      do: 'Find the subnet that has the address, and check its network ACL and routes. The endpoint has an address in each availability zone.',
      run: shell`aws ec2 describe-network-interfaces --region ${ids.region} --filters Name=vpc-id,Values=${ids.vpcId} Name=interface-type,Values=vpc_endpoint --query "NetworkInterfaces[].{Address:PrivateIpAddress,Subnet:SubnetId,Zone:AvailabilityZone,Status:Status}"`
    },
    { do: 'If the service has no healthy target in that zone, ask Zilliz Cloud support.' }
  ]
} satisfies Remedies<AwsIds>
