import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import type { AwsIds } from './target.ts'

/** What a deploy restores, besides the zone, for the VPC to use it. */
export const attachment = 'association'

/** Check that the zone exists and that the VPC uses it. */
export const attachZone = ({ region, vpcId, hostedZoneId }: AwsIds): readonly Step[] => [
  {
    do: 'list the private hosted zones that this VPC is associated with',
    run: shell`aws route53 list-hosted-zones-by-vpc --vpc-region ${region} --vpc-id ${vpcId}`
  },
  {
    do: 'associate the zone of the private link with this VPC',
    run: shell`aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${hostedZoneId} --vpc VPCRegion=${region},VPCId=${vpcId}`
  },
  {
    do: 'enable DNS support and DNS hostnames on the VPC; private zones need both',
    run: shell`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-support '{"Value":true}' && aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-hostnames '{"Value":true}'`
  },
  {
    do: "if clients use a resolver other than the VPC's own (its second address, or 169.254.169.253), forward the name from there to the VPC's resolver; from outside the VPC, forward it to an inbound endpoint of Route 53 Resolver",
    run: shell`aws route53resolver list-resolver-rules --region ${region}`
  }
]

/** Read the records of the zone. */
export const listRecords = ({ hostedZoneId }: AwsIds): Step => ({
  do: 'compare the records of the zone with the host, character by character',
  run: shell`aws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --query "ResourceRecordSets[?Type=='CNAME'||Type=='A'||Type=='AAAA']"`
})

/** Point the host's record to the endpoint: an alias at the apex of a zone, where a CNAME is not allowed, else a CNAME. */
export const pointRecord = ({ host, hostedZoneId, endpointDnsName }: AwsIds): readonly Step[] => [
  {
    do: "if the zone is a parent of the host, point a CNAME record to the endpoint's regional DNS name",
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
    do: 'if the zone is named after the host, create an alias record of type A to the endpoint instead; Route 53 rejects a CNAME there'
  }
]

/** Read the endpoint's state and names. */
export const describeEndpoint = ({ region, endpointId }: AwsIds): Step => ({
  do: 'check that the endpoint exists and is `available`; its first DNS entry is its regional name',
  run: shell`aws ec2 describe-vpc-endpoints --region ${region} --vpc-endpoint-ids ${endpointId} --query "VpcEndpoints[0].{State:State,Names:DnsEntries,Subnets:SubnetIds,Groups:Groups[].GroupId}"`
})

/** The resolver of every VPC. */
export const ownResolver = "the VPC's own resolver, 169.254.169.253"

/** What that resolver takes. */
export const resolverLimits =
  'its limits: AmazonProvidedDNS drops more than 1,024 packets a second for each network interface'

/** The domain of the names of endpoints. */
export const aliasDomain = 'the domain of the target: `vpce.amazonaws.com`'

/** Let the name pass the network's DNS filter. */
export const allowInDnsFilter = ({ region, vpcId, host }: AwsIds): Step => ({
  do: `allow ${host} in Route 53 Resolver DNS Firewall`,
  run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
})

/** Find out why a VPC's resolver is silent or fails. Security groups do not filter it. */
export const checkResolver = ({ region, vpcId }: AwsIds): readonly Step[] => [
  {
    do: 'check which resolver the DHCP options of the VPC name: AmazonProvidedDNS, or servers of your own that must be running',
    run: shell`aws ec2 describe-dhcp-options --region ${region} --dhcp-options-ids $(aws ec2 describe-vpcs --region ${region} --vpc-ids ${vpcId} --query "Vpcs[0].DhcpOptionsId" --output text)`
  },
  {
    do: 'check whether Route 53 Resolver DNS Firewall drops or overrides the name',
    run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
  },
  {
    do: 'check the query rate: AmazonProvidedDNS drops more than 1,024 packets a second for each network interface'
  }
]

/** Read the rules that forward the name. */
export const checkForwarding = ({ region }: AwsIds): Step => ({
  do: 'check the Resolver rule for the name: its targets must be running and must not forward the name back',
  run: shell`aws route53resolver list-resolver-rules --region ${region} --query "ResolverRules[].{Name:DomainName,Type:RuleType,Targets:TargetIps}"`
})

/** What becomes of a rule that is made by hand. */
export const duplicate =
  'until the next deploy only: remove the rule before it, or the deploy fails with InvalidPermission.Duplicate'

/** Open both security groups. */
export const openSecurityGroups = ({ region, securityGroupId, port }: AwsIds): readonly Step[] => [
  {
    cause: "the endpoint's security group does not allow the clients in",
    do: `allow TCP ${port} from the clients, ${duplicate}`,
    run: shell`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${securityGroupId} --protocol tcp --port ${port} --cidr <clients-cidr>`
  },
  {
    cause: "the clients' own security group does not allow them out",
    do: `allow TCP ${port} to the endpoint's security group, ${duplicate}`,
    run: shell`aws ec2 authorize-security-group-egress --region ${region} --group-id <clients-security-group-id> --ip-permissions ${`IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${securityGroupId}}]`}`
  }
]

/** Read the network ACLs. */
export const checkNetworkAcls = ({ region, vpcId }: AwsIds): Step => ({
  do: "check the network ACLs of the clients' and the endpoint's subnets, for both directions; answers go to ports 1024-65535",
  run: shell`aws ec2 describe-network-acls --region ${region} --filters Name=vpc-id,Values=${vpcId}`
})

/** What drops packets without a message. */
export const silentFilters = 'security groups and network ACLs'

/** Read the route tables. */
export const checkRoutes = ({ region, vpcId }: AwsIds): Step => ({
  do: "check the route tables of the clients' subnets, and peering or transit gateways on the way",
  run: shell`aws ec2 describe-route-tables --region ${region} --filters Name=vpc-id,Values=${vpcId}`
})
