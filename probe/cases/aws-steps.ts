import type { Ids, Step } from './case.ts'
import { shell } from './shell.ts'

type Aws = Ids<'aws'>

/** Is the zone there, and does the VPC see it? */
export const associateZone = ({ region, vpcId, hostedZoneId }: Aws): readonly Step[] => [
  {
    do: 'see which private hosted zones this VPC is associated with',
    run: shell`aws route53 list-hosted-zones-by-vpc --vpc-region ${region} --vpc-id ${vpcId}`
  },
  {
    do: 'associate the zone of the private link with it',
    run: shell`aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${hostedZoneId} --vpc VPCRegion=${region},VPCId=${vpcId}`
  },
  {
    do: 'let the VPC resolve names of private zones: both attributes must be true',
    run: shell`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-support '{"Value":true}' && aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpcId} --enable-dns-hostnames '{"Value":true}'`
  },
  {
    do: "if the resolver is not the VPC's own (its second address, or 169.254.169.253), let it forward the name there",
    run: shell`aws route53resolver list-resolver-rules --region ${region}`
  }
]

/** Look at the records of the zone. */
export const listRecords = ({ hostedZoneId }: Aws): Step => ({
  do: 'look at the records of the zone, character by character',
  run: shell`aws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --query "ResourceRecordSets[?Type=='CNAME'||Type=='A'||Type=='AAAA']"`
})

/** Let the host's record lead to the endpoint. */
export const pointRecord = ({ host, hostedZoneId, endpointDnsName }: Aws): Step => ({
  do: "let the record lead to the endpoint's regional DNS name; at the apex of a zone named as the host, as an alias of type A, for a CNAME is not allowed there",
  run: shell`aws route53 change-resource-record-sets --hosted-zone-id ${hostedZoneId} --change-batch ${JSON.stringify({
    Changes: [
      {
        Action: 'UPSERT',
        ResourceRecordSet: { Name: host, Type: 'CNAME', TTL: 300, ResourceRecords: [{ Value: endpointDnsName }] }
      }
    ]
  })}`
})

/** What state is the endpoint in, and which names has it? */
export const describeEndpoint = ({ region, endpointId }: Aws): Step => ({
  do: 'look at the endpoint: it must exist, be `available`, and its first DNS entry is its regional name',
  run: shell`aws ec2 describe-vpc-endpoints --region ${region} --vpc-endpoint-ids ${endpointId} --query "VpcEndpoints[0].{State:State,Names:DnsEntries[].DnsName,Subnets:SubnetIds,Groups:Groups[].GroupId}"`
})

/** Why a VPC's resolver is silent or fails: it is not a matter of security groups. */
export const lookAtVpcResolver = ({ region, vpcId }: Aws): readonly Step[] => [
  {
    do: 'see which resolver the DHCP options of the VPC name: AmazonProvidedDNS, or servers of your own that must be alive',
    run: shell`aws ec2 describe-dhcp-options --region ${region} --dhcp-options-ids $(aws ec2 describe-vpcs --region ${region} --vpc-ids ${vpcId} --query "Vpcs[0].DhcpOptionsId" --output text)`
  },
  {
    do: 'see whether Route 53 Resolver DNS Firewall drops or overrides the name; AmazonProvidedDNS itself is not filtered by security groups or network ACLs, but drops what exceeds 1,024 packets a second and network interface',
    run: shell`aws route53resolver list-firewall-rule-group-associations --region ${region} --vpc-id ${vpcId}`
  }
]

/** Who answers for the name when a rule forwards it elsewhere? */
export const lookAtForwarding = ({ region }: Aws): Step => ({
  do: 'look at the Resolver rule for the name: its target addresses must be alive and must not forward it back',
  run: shell`aws route53resolver list-resolver-rules --region ${region} --query "ResolverRules[].{Name:DomainName,Type:RuleType,Targets:TargetIps}"`
})

/** Are packets to the endpoint let through? */
export const openSecurityGroups = ({ region, securityGroupId, port }: Aws): readonly Step[] => [
  {
    cause: "the endpoint's security group does not let the clients in",
    do: `allow TCP ${port} from the clients in it`,
    run: shell`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${securityGroupId} --protocol tcp --port ${port} --cidr <clients-cidr>`
  },
  {
    cause: "the clients' own security group does not let them out",
    do: `allow TCP ${port} to the endpoint's security group in it`,
    run: shell`aws ec2 authorize-security-group-egress --region ${region} --group-id <clients-security-group-id> --ip-permissions ${`IpProtocol=tcp,FromPort=${port},ToPort=${port},UserIdGroupPairs=[{GroupId=${securityGroupId}}]`}`
  }
]
