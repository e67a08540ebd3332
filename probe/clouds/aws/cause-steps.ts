import type { ConfirmedCause } from '../../causes/inquiry.ts'
import { shell } from '../shell.ts'
import type { Step } from '../step.ts'
import { redeploy } from '../steps.ts'
import type { AwsCauseId } from './configuration/causes.ts'
import * as steps from './steps.ts'
import type { AwsIds } from './target.ts'

/** What to do about a cause. `about` has the objects that prove it, the first one first. */
type CauseRemedy = (ids: AwsIds, about: readonly string[]) => readonly Step[]

/** What to do on AWS about a cause that is confirmed. */
export function stepsForAwsCause({ id, about }: ConfirmedCause, ids: AwsIds): readonly Step[] {
  return Object.hasOwn(remedies, id) ? remedies[id as AwsCauseId](ids, about) : []
}

const describeRouteTable: CauseRemedy = ({ region }, [table = '<route-table-id>']) => [
  {
    do: 'Add or correct the route between the VPCs of the clients and the endpoint.',
    run: shell`aws ec2 describe-route-tables --region ${region} --route-table-ids ${table}`
  }
]

const describeAcl: CauseRemedy = ({ region, port }, [acl = '<network-acl-id>']) => [
  {
    do: `In network ACL ${acl}, allow TCP ${port} to the endpoint and TCP 1024-65535 back to the clients. Give these rules lower numbers than the rules that deny the traffic.`,
    run: shell`aws ec2 describe-network-acls --region ${region} --network-acl-ids ${acl}`
  }
]

const fixRecord: CauseRemedy = (ids, [zone]) => {
  const inZone = { ...ids, hostedZoneId: zone ?? ids.hostedZoneId }
  return [redeploy('the record', ids), steps.listRecords(inZone), ...steps.pointRecord(inZone)]
}

const enable = (
  attribute: 'support' | 'hostnames',
  { region, vpcId }: AwsIds,
  [vpc = vpcId]: readonly string[]
): Step => ({
  do: `Enable DNS ${attribute} on the VPC. Private zones need both DNS support and DNS hostnames.`,
  run:
    attribute === 'support'
      ? shell`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpc} --enable-dns-support ${'{"Value":true}'}`
      : shell`aws ec2 modify-vpc-attribute --region ${region} --vpc-id ${vpc} --enable-dns-hostnames ${'{"Value":true}'}`
})

const disassociateRule: CauseRemedy = ({ region, vpcId, host }, [rule = '<resolver-rule-id>', vpc = vpcId]) => [
  {
    do: `Ask the owner of the Resolver rule to forward ${host} to the VPC's resolver, or to exclude it.`,
    run: shell`aws route53resolver get-resolver-rule --region ${region} --resolver-rule-id ${rule}`
  },
  {
    do: 'Alternatively, check that no other name needs the rule, and disassociate it from the VPC.',
    run: shell`aws route53resolver disassociate-resolver-rule --region ${region} --resolver-rule-id ${rule} --vpc-id ${vpc}`
  }
]

const checkConnection: CauseRemedy = (ids, [endpoint]) => [
  {
    do: 'Register the endpoint id with Zilliz Cloud. The state of the endpoint must become `available`.',
    run: shell`aws ec2 describe-vpc-endpoints --region ${ids.region} --vpc-endpoint-ids ${endpoint ?? ids.endpointId} --query "VpcEndpoints[0].State" --output text`
  }
]

const replaceEndpoint: CauseRemedy = (ids, [endpoint]) => [
  redeploy('the endpoint', ids),
  steps.describeEndpoint({ ...ids, endpointId: endpoint ?? ids.endpointId }),
  { do: 'Register the id of the new endpoint with Zilliz Cloud.' }
]

/** A command for one address. */
const asRange = (address: string) => (address.includes(':') ? `${address}/128` : `${address}/32`)

const remedies: Readonly<Record<AwsCauseId, CauseRemedy>> = {
  'credentials-of-another-account': () => [
    {
      do: 'Use credentials of the account that has the VPC of the link.',
      run: shell`aws sts get-caller-identity`
    }
  ],
  'endpoint-deleted': replaceEndpoint,
  'endpoint-rejected': (ids, about) => [
    ...checkConnection(ids, about),
    { do: 'If Zilliz Cloud rejects it again, replace the endpoint. A rejected connection stays rejected.' }
  ],
  'endpoint-pending-acceptance': checkConnection,
  'endpoint-failed': replaceEndpoint,
  'dns-support-disabled': (ids, about) => [enable('support', ids, about)],
  'dns-hostnames-disabled': (ids, about) => [enable('hostnames', ids, about)],
  'dns-firewall-rule': ({ region, host }, [group = '<firewall-rule-group-id>']) => [
    {
      do: `Allow ${host} and the endpoint's name in that rule group. Give the rule a priority before the rule that blocks the name.`,
      run: shell`aws route53resolver list-firewall-rules --region ${region} --firewall-rule-group-id ${group}`
    }
  ],
  'resolver-rule-forwards': disassociateRule,
  'zone-not-associated': (ids, [zone = ids.hostedZoneId, vpc = ids.vpcId]) => [
    redeploy(`the zone and its ${steps.attachment}`, ids),
    {
      do: 'Associate the zone of the private link with the VPC.',
      run: shell`aws route53 associate-vpc-with-hosted-zone --hosted-zone-id ${zone} --vpc VPCRegion=${ids.region},VPCId=${vpc}`
    }
  ],
  'zone-overridden': ({ host, endpointDnsName }, [zone = '<hosted-zone-id>']) => [
    {
      do: `Ask the owner of that zone to add a CNAME record for ${host} to ${endpointDnsName}, or to disassociate the zone from the VPC.`,
      run: shell`aws route53 get-hosted-zone --id ${zone}`
    }
  ],
  'no-record': fixRecord,
  'record-of-other-type': fixRecord,
  'record-to-another-endpoint': fixRecord,
  'record-to-one-zone': fixRecord,
  'endpoint-name-overridden': (_, [object = '<hosted-zone-id>']) => [
    {
      do: `Exclude \`vpce.amazonaws.com\` from ${object}. Only AWS answers for the names of endpoints.`
    }
  ],
  'dhcp-names-other-servers': (ids, [options = '<dhcp-options-id>']) => [
    {
      do: `Forward ${ids.host} and \`vpce.amazonaws.com\` from these servers to the VPC's resolver, or set AmazonProvidedDNS in the DHCP options.`,
      run: shell`aws ec2 describe-dhcp-options --region ${ids.region} --dhcp-options-ids ${options}`
    }
  ],
  'resolver-outside-vpc': ids => [
    { do: `Use ${steps.ownResolver}, or a resolver that forwards ${ids.host} to it.` },
    { do: 'Check which resolver this machine uses.', run: shell`cat /etc/resolv.conf` }
  ],
  'security-group-detached': (ids, [endpoint = ids.endpointId, group = ids.securityGroupId]) => [
    redeploy('the security group of the endpoint', ids),
    {
      do: 'Attach the security group of the link to the endpoint.',
      run: shell`aws ec2 modify-vpc-endpoint --region ${ids.region} --vpc-endpoint-id ${endpoint} --add-security-group-ids ${group}`
    }
  ],
  'endpoint-eni-sg-rules-mismatch': (ids, [group = ids.securityGroupId, client]) => [
    redeploy('the endpoint and its rules', ids),
    {
      do: `If clients are in ranges or groups that the environment does not list, add them to its \`sources\`.`
    },
    {
      do: `In an emergency, allow TCP ${ids.port} from the clients. ${steps.removeBeforeDeploy}`,
      run: ingress(ids, group, client)
    }
  ],
  'client-eni-sg-rules-mismatch': (ids, [group = '<clients-security-group-id>']) => [
    redeploy('the rules of the groups in `clientSecurityGroupIds`', ids),
    {
      do: `In an emergency, allow TCP ${ids.port} to the endpoint's security group. ${steps.removeBeforeDeploy}`,
      run: shell`aws ec2 authorize-security-group-egress --region ${ids.region} --group-id ${group} --ip-permissions ${`IpProtocol=tcp,FromPort=${ids.port},ToPort=${ids.port},UserIdGroupPairs=[{GroupId=${ids.securityGroupId}}]`}`
    }
  ],
  'subnet-acl-restriction': describeAcl,
  'subnet-acl-of-some-ports': describeAcl,
  'no-route-to-destination': describeRouteTable,
  'endpoint-not-in-zone': ids => [
    {
      do: 'If the service of Zilliz Cloud is in that availability zone, add a subnet of the zone to `subnetIds` of the link, and deploy.',
      run: shell`npm run deploy -- ${ids.environment}`
    }
  ],
  // Configuration does not confirm these.
  'port-not-allocated': () => [],
  'dropped-on-the-way': () => [],
  'filtered-by-name': () => [],
  'no-healthy-target-in-zone': () => [],
  'smaller-mtu-on-the-way': () => [],
  'held-by-service': () => [],
  'resolver-rate-limit': () => [],
  'rebind-protection': () => []
}

function ingress({ region, port }: AwsIds, group: string, client: string | undefined) {
  if (client?.includes(':')) {
    return shell`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${group} --ip-permissions ${`IpProtocol=tcp,FromPort=${port},ToPort=${port},Ipv6Ranges=[{CidrIpv6=${asRange(client)}}]`}`
  }
  return shell`aws ec2 authorize-security-group-ingress --region ${region} --group-id ${group} --protocol tcp --port ${port} --cidr ${client === undefined ? '<clients-cidr>' : asRange(client)}`
}
