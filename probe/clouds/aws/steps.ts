import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import type { AwsIds } from './target.ts'

/** What connects a zone to a VPC. */
export const attachment = 'association with the VPC'

/** Check that the zone exists and that the VPC uses it. */
export const attachZone = ({ region, vpcId, hostedZoneId }: AwsIds): readonly Step[] => [
  {
    do: 'List the private hosted zones that are associated with this VPC.',
    run: shell`aws route53 list-hosted-zones-by-vpc --vpc-region ${region} --vpc-id ${vpcId}`
  },
  {
    do: 'Associate the zone of the private link with this VPC.',
    run: shell`aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${hostedZoneId} --vpc VPCRegion=${region},VPCId=${vpcId}`
  },
  {
    do: 'Enable DNS support and DNS hostnames on the VPC. Private zones need both.',
    run: shell`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-support '{"Value":true}' && aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-hostnames '{"Value":true}'`
  },
  {
    do: "If clients use a resolver other than the VPC's own (its second address, or 169.254.169.253), forward the name from there to the VPC's resolver. If clients are outside the VPC, forward it to an inbound endpoint of Route 53 Resolver.",
    run: shell`aws route53resolver list-resolver-rules --region ${region}`
  }
]

/** Read the records of the zone. */
export const listRecords = ({ hostedZoneId }: AwsIds): Step => ({
  do: 'Compare the records of the zone with the host, character by character.',
  run: shell`aws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --query "ResourceRecordSets[?Type=='CNAME'||Type=='A'||Type=='AAAA']"`
})

/** Point the host's record to the endpoint: an alias at the apex of a zone, where a CNAME is not allowed, else a CNAME. */
export const pointRecord = ({ host, hostedZoneId, endpointDnsName }: AwsIds): readonly Step[] => [
  {
    do: "If the zone is a parent of the host, create a CNAME record that points to the endpoint's regional DNS name.",
    run: shell`aws route53 change-resource-record-sets --hosted-zone-id ${hostedZoneId} --change-batch ${JSON.stringify(
      {
        Changes: [
          {
            Action: 'UPSERT',
            ResourceRecordSet: { Name: host, Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: endpointDnsName }] }
          }
        ]
      }
    )}`
  },
  {
    do: 'If the zone is named after the host, create an alias record of type A to the endpoint instead. Route 53 rejects a CNAME there.'
  }
]

/** Read the endpoint's state and names. */
export const describeEndpoint = ({ region, endpointId }: AwsIds): Step => ({
  do: 'Check that the endpoint exists and is `available`. Its first DNS entry is its regional name.',
  run: shell`aws ec2 describe-vpc-endpoints --region ${region} --vpc-endpoint-ids ${endpointId} --query "VpcEndpoints[0].{State:State,Names:DnsEntries,Subnets:SubnetIds,Groups:Groups[].GroupId}"`
})

/** The resolver of every VPC. */
export const ownResolver = "the VPC's own resolver, 169.254.169.253"

/** How many queries that resolver takes. */
export const resolverLimits =
  'Check the query rate: AmazonProvidedDNS accepts 1,024 packets a second from each network interface and drops the rest.'

/** The domain of the names of endpoints. */
export const aliasDomain = 'the domain of the target: `vpce.amazonaws.com`'

/** Allow the name in the network's DNS filter. */
export const allowInDnsFilter = ({ region, vpcId, host }: AwsIds): Step => ({
  do: `Allow ${host} in Route 53 Resolver DNS Firewall.`,
  run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
})

/** Find out why a VPC's resolver is silent or fails. Security groups do not filter it. */
export const checkResolver = ({ region, vpcId }: AwsIds): readonly Step[] => [
  {
    do: 'Check which resolver the DHCP options of the VPC name. If they name your own servers instead of AmazonProvidedDNS, these must be running.',
    run: shell`aws ec2 describe-dhcp-options --region ${region} --dhcp-options-ids $(aws ec2 describe-vpcs --region ${region} --vpc-ids ${vpcId} --query "Vpcs[0].DhcpOptionsId" --output text)`
  },
  {
    do: 'Check whether Route 53 Resolver DNS Firewall drops or overrides the name.',
    run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
  },
  { do: resolverLimits }
]

/** Read the rules that forward the name. */
export const checkForwarding = ({ region }: AwsIds): Step => ({
  do: 'Check the Resolver rule for the name. Its targets must be running and must not forward the name back.',
  run: shell`aws route53resolver list-resolver-rules --region ${region} --query "ResolverRules[].{Name:DomainName,Type:RuleType,Targets:TargetIps}"`
})

/** What to do about a rule that is made by hand. */
export const removeBeforeDeploy =
  'The next deploy does not know this rule. Remove it before you deploy, or the deploy fails with InvalidPermission.Duplicate.'

/** Open both security groups. */
export const openSecurityGroups = ({ region, securityGroupId, port }: AwsIds): readonly Step[] => [
  {
    cause: "The endpoint's security group does not allow inbound traffic from the clients.",
    do: `Allow TCP ${port} from the clients. ${removeBeforeDeploy}`,
    run: shell`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${securityGroupId} --protocol tcp --port ${port} --cidr <clients-cidr>`
  },
  {
    cause: "The clients' security group does not allow outbound traffic to the endpoint.",
    do: `Allow TCP ${port} to the endpoint's security group. ${removeBeforeDeploy}`,
    run: shell`aws ec2 authorize-security-group-egress --region ${region} --group-id <clients-security-group-id> --ip-permissions ${`IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${securityGroupId}}]`}`
  }
]

/** Read the network ACLs. */
export const checkNetworkAcls = ({ region, vpcId }: AwsIds): Step => ({
  do: "Check the network ACLs of the clients' and the endpoint's subnets, in both directions. Answers go to ports 1024-65535.",
  run: shell`aws ec2 describe-network-acls --region ${region} --filters Name=vpc-id,Values=${vpcId}`
})

/** What drops packets without a message. */
export const silentFilters = 'Security groups and network ACLs'

/** Read the route tables. */
export const checkRoutes = ({ region, vpcId }: AwsIds): Step => ({
  do: "Check the route tables of the clients' subnets. Check VPC peerings and transit gateways on the path.",
  run: shell`aws ec2 describe-route-tables --region ${region} --filters Name=vpc-id,Values=${vpcId}`
})
