import { App } from 'cdktf'
import { expect, test } from 'vitest'
import { AwsLinkOptions, readAwsLink } from '../../../modules/aws/link.ts'
import { EnvironmentOptions } from '../../../modules/environment/environment.ts'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { EnvironmentStack } from '../../../modules/environment/stack.ts'
import { GcpLinkOptions, readGcpLink } from '../../../modules/gcp/link.ts'
import { MistakesError } from '../../../modules/mistakes.ts'
import { awsLink, awsProbe, environment, gcpLink, gcpProbe } from '../literals.ts'

function linesOf(...literals: readonly unknown[]): readonly string[] {
  try {
    readEnvironments(literals)
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'

test('environments without a mistake are read, hosts parsed and defaults in place', () => {
  const literal = { ...environment, links: { search: { ...awsLink, hosts: [`${host}:19531`] } } }
  expect(EnvironmentOptions.parse(literal)).toEqual({
    name: 'test',
    backend: { type: 'local' },
    tags: {},
    labels: {},
    protect: [],
    links: {
      search: {
        ...awsLink,
        ipAddressType: 'ipv4',
        allowAnySource: false,
        clientSecurityGroupIds: [],
        extraSecurityGroupIds: [],
        tags: {},
        adoptZoneIds: {},
        adoptRecords: [],
        hosts: [
          {
            name: host,
            port: 19531,
            cluster: 'in01-840ec44485bf25d',
            names: 'cluster',
            cloud: 'aws',
            region: 'us-west-2'
          }
        ]
      }
    }
  })
})

test('a link that has been read has of its zone what that kind has, and nothing else', () => {
  const zoneVpcs = [{ vpcId: 'vpc-0a1b2c3d4e5f60799', region: 'us-west-2' }]
  const aws = (more: object) => readAwsLink(AwsLinkOptions.parse({ ...awsLink, ...more })).zone
  expect(aws({ zoneVpcs })).toEqual({ kind: 'per-host', zoneVpcs })
  expect(aws({ zone: 'none' })).toEqual({ kind: 'none' })
  const zoneId = 'Z0123456789ABCDEFGHIJ'
  expect(aws({ zone: 'existing', zoneId })).toEqual({ kind: 'existing', zoneId, zoneVpcs: [] })
  const stagingVpcId = 'vpc-0a1b2c3d4e5f607ff'
  expect(aws({ zone: 'prepare-per-host', stagingVpcId })).toEqual({
    kind: 'prepare-per-host',
    stagingVpcId,
    zoneVpcs: []
  })
  const gcp = (more: object) => readGcpLink(GcpLinkOptions.parse({ ...gcpLink, ...more })).zone
  expect(gcp({})).toEqual({ kind: 'per-host', zoneNetworks: [], zonePeerings: [] })
  expect(gcp({ zone: 'existing', zoneName: 'internal' })).toEqual({ kind: 'existing', zoneName: 'internal' })
})

test('links are read in the order in which they are written, whatever their clouds are', () => {
  const links = { third: gcpLink, first: { ...awsLink, vpcId: 'vpc-0a1b2c3d4e5f60799' }, second: awsLink }
  const [read] = readEnvironments([{ ...environment, links }])
  expect(Object.keys(read?.links ?? {})).toEqual(['third', 'first', 'second'])
})

test('a link without hosts is step one, and no mistake', () => {
  const { hosts: _, ...stepOne } = awsLink
  expect(linesOf({ ...environment, links: { search: stepOne } })).toEqual([])
})

for (const { when, change, line } of [
  {
    when: 'its region has the cloud in front',
    change: { region: 'aws-us-west-2' },
    line: `region: must be AWS's own spelling, got "aws-us-west-2". Write us-west-2.`
  },
  {
    when: 'its Route 53 Profile is given by its name',
    change: { profileId: 'hub' },
    line: 'profileId: must be the id of a Route 53 Profile such as rp-0a1b2c3d4e5f6071, got "hub". Copy it from the profile\'s page in the Route 53 console.'
  },
  {
    when: 'a Route 53 Profile would get no zone',
    change: { zone: 'none', profileId: 'rp-0a1b2c3d4e5f6071' },
    line: "profileId: has no meaning with zone: 'none'. Remove it, or choose zone: 'parent', 'per-host', 'existing'."
  },
  {
    when: 'its own VPC is among more VPCs',
    change: { zoneVpcs: [{ vpcId: awsLink.vpcId, region: 'us-west-2' }] },
    line: `zoneVpcs[0].vpcId: is the link's own VPC, got "${awsLink.vpcId}". Remove it here.`
  },
  {
    when: 'its staging VPC is among more VPCs',
    change: {
      zone: 'prepare-per-host',
      stagingVpcId: 'vpc-0a1b2c3d4e5f607ff',
      zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f607ff', region: 'us-west-2' }]
    },
    line: 'zoneVpcs[0].vpcId: is the stagingVpcId, got "vpc-0a1b2c3d4e5f607ff". Remove it here.'
  },
  {
    when: 'a VPC of another account comes during a migration',
    change: {
      zone: 'switch-to-per-host',
      stagingVpcId: 'vpc-0a1b2c3d4e5f607ff',
      zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f607aa', region: 'us-west-2', accountId: '210987654321' }]
    },
    line: 'zoneVpcs[0].accountId: has no meaning with zone: \'switch-to-per-host\', got "210987654321". Remove the VPC until the migration to per-host is done.'
  },
  {
    when: 'a VPC of another account is not associated with an existing zone',
    change: {
      zone: 'existing',
      zoneId: 'Z0123456789ABCDEFGHIJ',
      zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f607aa', region: 'us-west-2', accountId: '210987654321' }]
    },
    line: 'zoneVpcs[0].accountId: has no meaning without associateZone: true, got "210987654321". Add that, or remove the VPC.'
  },
  {
    when: 'a VPC is of an account without a role',
    change: { zoneVpcs: [{ vpcId: 'vpc-0a1b2c3d4e5f607aa', region: 'us-west-2', accountId: '345678901234' }] },
    line: 'zoneVpcs[0].accountId: must be an account of which aws.vpcRoleArns has a role, got "345678901234". Add a role of that account, or remove accountId if the account is the environment\'s own.'
  },
  {
    when: 'its region is a zone',
    change: { region: 'us-west-2a' },
    line: 'region: must be an AWS region such as us-west-2, got "us-west-2a". Give the region, not a zone of it.'
  },
  {
    when: 'its service is of another region',
    change: { serviceName: 'com.amazonaws.vpce.us-east-2.vpce-svc-0123456789abcdef0', hosts: [] },
    line: 'serviceName: is a service of us-east-2, but the link is in us-west-2, got "com.amazonaws.vpce.us-east-2.vpce-svc-0123456789abcdef0". Give the service of us-west-2.'
  },
  {
    when: 'its service name is cut short',
    change: { serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123' },
    line: 'serviceName: must be an endpoint service name such as com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0, got "com.amazonaws.vpce.us-west-2.vpce-svc-0123". Copy it from the Add Private Link dialog of Zilliz Cloud.'
  },
  {
    when: "the guide's placeholder is left in its service name",
    change: { serviceName: 'com.amazonaws.vpce.<region_name>.vpce-svc-0123456789abcdef0' },
    line: 'serviceName: still holds the placeholder <region_name>, got "com.amazonaws.vpce.<region_name>.vpce-svc-0123456789abcdef0". Put the real value in its place.'
  },
  {
    when: "its VPC id is the guide's example",
    change: { vpcId: 'vpc-xxxxxxxxxxxx' },
    line: 'vpcId: must be a VPC id such as vpc-0a1b2c3d4e5f60718, got "vpc-xxxxxxxxxxxx". Copy it from the column VPC ID of the Amazon VPC console.'
  },
  {
    when: 'its VPC id is missing',
    change: { vpcId: undefined },
    line: 'vpcId: is missing. Give a string.'
  },
  {
    when: 'one of its subnets is a VPC',
    change: { subnetIds: ['subnet-0a1b2c3d4e5f6071a', 'vpc-0a1b2c3d4e5f60718'] },
    line: 'subnetIds[1]: must be a subnet id such as subnet-0a1b2c3d4e5f60718, got "vpc-0a1b2c3d4e5f60718". Copy it from the column Subnet ID of the Amazon VPC console.'
  },
  {
    when: 'a subnet is named twice',
    change: { subnetIds: ['subnet-0a1b2c3d4e5f6071a', 'subnet-0a1b2c3d4e5f6071a'] },
    line: 'subnetIds[1]: names subnet-0a1b2c3d4e5f6071a again. Remove it: subnetIds[0] has it already.'
  },
  {
    when: 'it has no subnets',
    change: { subnetIds: [] },
    line: 'subnetIds: must not be empty. Give one subnet for each availability zone that your clients run in.'
  },
  {
    when: 'it has one subnet, not in a list',
    change: { subnetIds: 'subnet-0a1b2c3d4e5f6071a' },
    line: 'subnetIds: must be a list, got "subnet-0a1b2c3d4e5f6071a"'
  },
  {
    when: 'it writes no zone down',
    change: { zone: undefined },
    line: 'zone: is missing. Choose "parent", "prepare-per-host", "switch-to-per-host", "per-host", "existing" or "none".'
  },
  {
    when: 'its zone is of no known kind',
    change: { zone: 'vectordb.zillizcloud.com' },
    line: 'zone: must be "parent", "prepare-per-host", "switch-to-per-host", "per-host", "existing" or "none", got "vectordb.zillizcloud.com"'
  },
  {
    when: 'a key is misspelled',
    change: { source: ['10.0.0.0/16'] },
    line: 'unknown key "source". Did you mean "sources"?'
  },
  {
    when: 'a key is unheard of',
    change: { availability: 'high' },
    line: 'unknown key "availability". Known keys are cloud, region, serviceName, serviceRegion, vpcId, subnetIds, endpoint, ipAddressType, hosts, zilliz, sources, allowAnySource, clientSecurityGroupIds, extraSecurityGroupIds, zone, zoneId, zoneRoleArn, associateZone, zoneVpcs, profileId, stagingVpcId, tags, timeouts, notificationTopicArn, probe, adoptEndpointId, adoptZoneIds, adoptRecords.'
  },
  {
    when: 'a source is an address',
    change: { sources: ['10.20.30.40'] },
    line: 'sources[0]: must be an address range such as 10.20.0.0/16, got "10.20.30.40". Give the network and its prefix length.'
  },
  {
    when: 'a source is a range written loosely',
    change: { sources: ['10/8'] },
    line: 'sources[0]: must be an address range such as 10.20.0.0/16, got "10/8". Give the network and its prefix length.'
  },
  {
    when: 'a source has bits beyond its prefix',
    change: { sources: ['10.20.30.40/16'] },
    line: 'sources[0]: must be a network, not an address in it, got "10.20.30.40/16". Write 10.20.0.0/16.'
  },
  {
    when: 'a source is named twice, in two spellings',
    change: { sources: ['fd00:20::/32', 'FD00:0020:0::/32'] },
    line: 'sources[1]: names fd00:20::/32 again. Remove it: sources[0] has it already.'
  },
  {
    when: 'its list of sources is empty',
    change: { sources: [] },
    line: 'sources: must not be empty. Omit the key to allow the whole VPC.'
  },
  {
    when: 'it lets in every IPv4 address without saying so',
    change: { sources: ['0.0.0.0/0'] },
    line: 'sources[0]: allows inbound traffic from every address, got "0.0.0.0/0". Name your own ranges, or set allowAnySource: true if that is meant.'
  },
  {
    when: 'it lets in every IPv6 address without saying so',
    change: { sources: ['10.0.0.0/8', '::/0'] },
    line: 'sources[1]: allows inbound traffic from every address, got "::/0". Name your own ranges, or set allowAnySource: true if that is meant.'
  },
  {
    when: 'its service region is its own region',
    change: { serviceRegion: 'us-west-2' },
    line: `serviceRegion: is the link's own region, got "us-west-2". Leave it out, it is for a service elsewhere.`
  },
  {
    when: 'its service is not of the service region',
    change: { serviceRegion: 'us-east-1' },
    line: 'serviceName: is a service of us-west-2, but the link is to a service in us-east-1, got "com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0". Give the service of us-east-1.'
  },
  {
    when: 'a source is a cut security group',
    change: { sources: ['sg-1234'] },
    line: 'sources[0]: must be a security group id such as sg-0a1b2c3d4e5f60718, got "sg-1234". Copy it from the column Security group ID of the Amazon VPC console.'
  },
  {
    when: 'an existing zone is not named',
    change: { zone: 'existing' },
    line: "zoneId: is missing. It is required with zone: 'existing'."
  },
  {
    when: "its zone's id is with the guide's path",
    change: { zone: 'existing', zoneId: '/hosted_zone/Z0123456789ABCDEFGHIJ' },
    line: 'zoneId: must be the id alone, got "/hosted_zone/Z0123456789ABCDEFGHIJ". Write Z0123456789ABCDEFGHIJ.'
  },
  {
    when: 'it names a zone and makes its own',
    change: { zoneId: 'Z0123456789ABCDEFGHIJ' },
    line: "zoneId: has no meaning with zone: 'per-host'. Remove it, or choose zone: 'existing'."
  },
  {
    when: 'it prepares zones without a VPC to stage them in',
    change: { zone: 'prepare-per-host' },
    line: "stagingVpcId: is missing. It is required with zone: 'prepare-per-host'."
  },
  {
    when: 'it prepares zones in its own VPC',
    change: { zone: 'prepare-per-host', stagingVpcId: awsLink.vpcId },
    line: 'stagingVpcId: is the link\'s own VPC, got "vpc-0a1b2c3d4e5f60718". Name one in which no client asks for the hosts.'
  },
  {
    when: 'a role is no ARN',
    change: { zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ', zoneRoleArn: 'dns' },
    line: 'zoneRoleArn: must be the ARN of a role such as arn:aws:iam::123456789012:role/dns, got "dns". Copy it from the role\'s page in the IAM console.'
  },
  {
    when: 'a timeout has no unit',
    change: { timeouts: { create: '20' } },
    line: 'timeouts.create: must be a duration such as 20m, got "20". Give a number with s, m or h behind it.'
  },
  {
    when: 'it notifies a queue',
    change: { notificationTopicArn: 'arn:aws:sqs:us-west-2:123456789012:endpoints' },
    line: 'notificationTopicArn: must be the ARN of an SNS topic such as arn:aws:sns:us-west-2:123456789012:endpoints, got "arn:aws:sqs:us-west-2:123456789012:endpoints". Copy it from the topic\'s page in the Amazon SNS console.'
  },
  {
    when: 'a host is in another region than the service',
    change: { hosts: ['in01-840ec44485bf25d.aws-us-east-1.vectordb.zillizcloud.com:19531'] },
    line: 'hosts[0]: is in aws-us-east-1, but the service of this link is in aws-us-west-2, got "in01-840ec44485bf25d.aws-us-east-1.vectordb.zillizcloud.com". Put it on a link to aws-us-east-1.'
  },
  {
    when: 'a host is on another cloud than the service',
    change: { hosts: ['in01-61e949d971f841b.gcp-us-west1.vectordb.zillizcloud.com:443'] },
    line: 'hosts[0]: is in gcp-us-west1, but the service of this link is in aws-us-west-2, got "in01-61e949d971f841b.gcp-us-west1.vectordb.zillizcloud.com". Put it on a link to gcp-us-west1.'
  },
  {
    when: 'a cluster is named twice',
    change: { hosts: [`${host}:19531`, `https://${host}:19532`] },
    line: `hosts[1]: names cluster in01-840ec44485bf25d again, got "${host}". Remove it: hosts[0] has it already.`
  }
]) {
  test(`a link on AWS is refused with one line when ${when}`, () => {
    const aws = { vpcRoleArns: ['arn:aws:iam::210987654321:role/network'] }
    const literal = { ...environment, aws, links: { search: { ...awsLink, ...change } } }
    const separator = line.startsWith('unknown') ? ': ' : '.'
    expect(linesOf(literal)).toEqual([`test: links.search${separator}${line}`])
  })
}

for (const { when, given, line } of [
  {
    when: "holds the guide's ${REGION_ID}",
    given: 'in0001-vpce.${REGION_ID}.vectordb.zillizcloud.com:19531',
    line: 'still holds the placeholder ${REGION_ID}, got "in0001-vpce.${REGION_ID}.vectordb.zillizcloud.com:19531". Put the real value in its place.'
  },
  {
    when: "ends in the guide's space",
    given: `${host}:19531 `,
    line: `must not hold spaces, got "${host}:19531 ". Remove them.`
  },
  {
    when: "is the guide's example",
    given: 'in0001-vpcexxxx.aws-us-west-2.vectordb.zillizcloud.com:19531',
    line: 'is the example of a guide, got "in0001-vpcexxxx.aws-us-west-2.vectordb.zillizcloud.com:19531". Put the private link of your own cluster in its place.'
  },
  {
    when: 'lacks aws- before its region',
    given: 'in01-840ec44485bf25d.us-west-2.vectordb.zillizcloud.com:19531',
    line: 'lacks the cloud before its region, got "in01-840ec44485bf25d.us-west-2.vectordb.zillizcloud.com:19531". Zilliz Cloud writes aws-us-west-2, not us-west-2.'
  },
  {
    when: 'lacks gcp- before its region',
    given: 'in01-61e949d971f841b.us-west1.vectordb.zillizcloud.com:443',
    line: 'lacks the cloud before its region, got "in01-61e949d971f841b.us-west1.vectordb.zillizcloud.com:443". Zilliz Cloud writes gcp-us-west1, not us-west1.'
  },
  {
    when: 'is on Azure',
    given: 'in01-61e949d971f841b.az-eastus.vectordb.zillizcloud.com:19530',
    line: 'is on a cloud that this project does not deploy to, got "in01-61e949d971f841b.az-eastus.vectordb.zillizcloud.com:19530". Hosts of aws- and gcp- regions are supported.'
  },
  {
    when: 'is reached by http',
    given: `http://${host}:19531`,
    line: `must be reached by https, got "http://${host}:19531". Zilliz Cloud accepts TLS only.`
  },
  {
    when: 'has a path behind it',
    given: `https://${host}:19531/v2/vectordb`,
    line: `must be host:port and nothing behind it, got "https://${host}:19531/v2/vectordb". Remove the path.`
  },
  {
    when: 'has no port',
    given: host,
    line: `has no port, got "${host}". Append the one that Zilliz Cloud shows at the end of the private link.`
  },
  {
    when: 'has a port beyond 65535',
    given: `${host}:70000`,
    line: `must end in a port from 1 to 65535, got "${host}:70000". Zilliz Cloud shows it at the end of the private link.`
  },
  {
    when: 'has port 0',
    given: `${host}:0`,
    line: `must end in a port from 1 to 65535, got "${host}:0". Zilliz Cloud shows it at the end of the private link.`
  },
  {
    when: 'has a port that is no number',
    given: `${host}:https`,
    line: `must end in a port from 1 to 65535, got "${host}:https". Zilliz Cloud shows it at the end of the private link.`
  },
  {
    when: 'has capitals',
    given: 'In01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19531',
    line: 'must be in lower case, got "In01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:19531". Write it as Zilliz prints it.'
  },
  {
    when: "is the endpoint's name, not Zilliz Cloud's",
    given: 'vpce-0ce90d01341533a5c-ngbqfdnj.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com:19531',
    line: 'must be <cluster>.<cloud>-<region>.vectordb.zillizcloud.com:<port> or <project>.<cloud>-<region>.api.zillizcloud.com, got "vpce-0ce90d01341533a5c-ngbqfdnj.vpce-svc-0b62964bfd0edfb74.us-west-2.vpce.amazonaws.com:19531". Copy the private link from the cluster\'s page.'
  },
  {
    when: 'is a serverless cluster',
    given: 'in05-61e949d971f841b.serverless.gcp-us-west1.vectordb.zillizcloud.com:443',
    line: 'is a serverless cluster, which has no private link, got "in05-61e949d971f841b.serverless.gcp-us-west1.vectordb.zillizcloud.com:443". Give the host of a dedicated cluster.'
  },
  {
    when: 'is a global cluster',
    given: 'glo-61e949d971f841b.global-cluster.vectordb.zillizcloud.com:443',
    line: 'is the endpoint of a global cluster, which has no private link, got "glo-61e949d971f841b.global-cluster.vectordb.zillizcloud.com:443". Give the private link of each member cluster, and change the address of the clients after a failover.'
  },
  {
    when: 'is a BYOC cluster',
    given: 'in01-61e949d971f841b-internal.aws-us-west-2.byoc.vectordb.zillizcloud.com:19530',
    line: 'is a cluster in your own cloud account (BYOC), whose endpoint service is your own and not Zilliz Cloud\'s, got "in01-61e949d971f841b-internal.aws-us-west-2.byoc.vectordb.zillizcloud.com:19530". Connect to it as the BYOC pages of Zilliz Cloud describe. The probe accepts it as a target of a config, with host, port, cloud and region.'
  },
  {
    when: 'is below the name of project endpoints and names no project',
    given: 'search.aws-us-west-2.api.zillizcloud.com',
    line: 'must be <cluster>.<cloud>-<region>.vectordb.zillizcloud.com:<port> or <project>.<cloud>-<region>.api.zillizcloud.com, got "search.aws-us-west-2.api.zillizcloud.com". Copy the private link from the cluster\'s page.'
  },
  { when: 'is no text', given: 19531, line: 'must be a string, got 19531' }
]) {
  test(`a link is refused with one line when a host ${when}`, () => {
    const literal = { ...environment, links: { search: { ...awsLink, hosts: [given] } } }
    expect(linesOf(literal)).toEqual([`test: links.search.hosts[0]: ${line}`])
  })
}

for (const { when, change, line } of [
  {
    when: 'its own network is among more networks',
    change: { zoneNetworks: ['projects/search-test/global/networks/default'] },
    line: 'zoneNetworks[0]: is the link\'s own network, got "projects/search-test/global/networks/default". Remove it here.'
  },
  {
    when: 'a spoke is bound to the zone and peers with it',
    change: {
      zoneNetworks: ['projects/spoke-one-123/global/networks/spoke-0'],
      zonePeerings: [{ project: 'spoke-one-123', networks: ['projects/spoke-one-123/global/networks/spoke-0'] }]
    },
    line: 'zonePeerings[0].networks[0]: is in zoneNetworks already, got "projects/spoke-one-123/global/networks/spoke-0". Remove one.'
  },
  {
    when: 'a spoke peers by zones of two projects',
    change: {
      zonePeerings: ['spoke-one-123', 'spoke-two-123'].map(project => ({
        project,
        networks: ['projects/spoke-one-123/global/networks/spoke-0']
      }))
    },
    line: 'zonePeerings[1].networks[0]: is in zonePeerings[0] already, got "projects/spoke-one-123/global/networks/spoke-0". Remove one.'
  },
  {
    when: 'a project has two peerings',
    change: {
      zonePeerings: [0, 1].map(index => ({
        project: 'spoke-one-123',
        networks: [`projects/spoke-one-123/global/networks/spoke-${index}`]
      }))
    },
    line: 'zonePeerings[1]: names spoke-one-123 again. Put the networks into zonePeerings[0].'
  },
  {
    when: 'a peering has no network',
    change: { zonePeerings: [{ project: 'spoke-one-123', networks: [] }] },
    line: 'zonePeerings[0].networks: must not be empty. Give the paths of networks.'
  },
  {
    when: 'others answer its hosts, so that no zone peers',
    change: {
      zone: 'existing',
      zoneName: 'internal',
      zonePeerings: [{ project: 'spoke-one-123', networks: ['projects/spoke-one-123/global/networks/spoke-0'] }]
    },
    line: "zonePeerings: has no meaning with zone: 'existing'. Remove it, or choose zone: 'parent', 'prepare-per-host', 'switch-to-per-host', 'per-host'."
  },
  {
    when: 'a peering zone would have a longer name than Google Cloud takes',
    change: {
      endpointPrefix: 'zilliz-of-the-search-team-in-the-west',
      zonePeerings: [{ project: 'spoke-one-123', networks: ['projects/spoke-one-123/global/networks/spoke-0'] }]
    },
    line: 'endpointPrefix: makes the name zilliz-of-the-search-team-in-the-west-in01-61e949d971f841b-peering, 3 characters longer than the 63 that Google Cloud takes, got "zilliz-of-the-search-team-in-the-west". Shorten it.'
  },
  {
    when: 'its region has the cloud in front',
    change: { region: 'gcp-us-west1' },
    line: `region: must be Google's own spelling, got "gcp-us-west1". Write us-west1.`
  },
  {
    when: 'its region is spelled as AWS does',
    change: { region: 'us-west-1' },
    line: 'region: must be a Google Cloud region such as us-west1, got "us-west-1". Give the region of your subnet.'
  },
  {
    when: 'its project is a number',
    change: { project: '123456789012' },
    line: 'project: must be a Google Cloud project id such as my-project-123, got "123456789012". Copy the ID, not the name or number, from the Google Cloud dashboard.'
  },
  {
    when: "its project is the guide's placeholder",
    change: { project: '{{project-id}}' },
    line: 'project: still holds the placeholder {{project-id}}, got "{{project-id}}". Put the real value in its place.'
  },
  {
    when: 'its service attachment is a bare name',
    change: { serviceAttachment: 'vdc-prod-us-west1' },
    line: 'serviceAttachment: must be a service attachment such as projects/vendor/regions/us-west1/serviceAttachments/name, got "vdc-prod-us-west1". Copy it from the Add Private Link dialog of Zilliz Cloud.'
  },
  {
    when: 'its service attachment is of another region',
    change: {
      serviceAttachment: 'projects/vdc-prod/regions/us-east4/serviceAttachments/vdc-prod-us-east4',
      hosts: []
    },
    line: 'serviceAttachment: is in us-east4, but the link is in us-west1, got "projects/vdc-prod/regions/us-east4/serviceAttachments/vdc-prod-us-east4". A connection does not cross regions, so put the endpoint in a subnet of us-east4, with globalAccess: true for clients elsewhere.'
  },
  {
    when: 'a host is in another region than the service attachment',
    change: { hosts: ['in01-61e949d971f841b.gcp-us-east4.vectordb.zillizcloud.com:443'] },
    line: 'hosts[0]: is in gcp-us-east4, but the service of this link is in gcp-us-west1, got "in01-61e949d971f841b.gcp-us-east4.vectordb.zillizcloud.com". Put it on a link to gcp-us-east4.'
  },
  {
    when: 'its network is no name',
    change: { network: 'My VPC' },
    line: 'network: must not hold spaces, got "My VPC". Remove them.'
  },
  {
    when: 'its subnet is given by its path',
    change: { subnetwork: 'regions/us-west1/subnetworks/default' },
    line: `subnetwork: must be the name of a subnet such as default, got "regions/us-west1/subnetworks/default". Copy it from the network's page, tab Subnets.`
  },
  {
    when: 'its endpoint prefix has capitals',
    change: { endpointPrefix: 'Zilliz' },
    line: 'endpointPrefix: must be lower-case letters, digits and hyphens, with a letter first, such as zilliz, got "Zilliz". Give the prefix that you enter in the Add Private Link dialog of Zilliz Cloud.'
  },
  {
    when: 'its endpoint prefix makes a name longer than Google Cloud takes',
    change: { endpointPrefix: 'the-vector-search-of-the-research-department-one' },
    line: 'endpointPrefix: makes the name the-vector-search-of-the-research-department-one-in01-61e949d971f841b, 6 characters longer than the 63 that Google Cloud takes, got "the-vector-search-of-the-research-department-one". Shorten it.'
  },
  {
    when: 'its list of SSH target tags is empty',
    change: { iapSshTargetTags: [] },
    line: 'iapSshTargetTags: must not be empty. Omit the key if no test VM needs SSH.'
  },
  {
    when: 'it lets out tags and service accounts',
    change: { egressTargetTags: ['client'], egressTargetServiceAccounts: ['a@search-test.iam.gserviceaccount.com'] },
    line: 'egressTargetServiceAccounts: cannot be used with egressTargetTags. Remove one of them: Google Cloud accepts only one in a rule.'
  },
  {
    when: 'its egress priority is beyond 65535',
    change: { egressPriority: 70000 },
    line: 'egressPriority: must be from 0 to 65535. The lower number comes first.'
  },
  {
    when: 'its address is a name',
    change: { address: 'zilliz' },
    line: 'address: must be an IPv4 address such as 10.138.0.5, got "zilliz". Take a free one of the subnet.'
  },
  {
    when: 'another network is given by its name',
    change: { zoneNetworks: ['other'] },
    line: 'zoneNetworks[0]: must be the path of a VPC network such as projects/my-project-123/global/networks/default, got "other". Put its project and name in.'
  },
  {
    when: 'its service account is a user',
    change: { egressTargetServiceAccounts: ['ann@example.com'] },
    line: 'egressTargetServiceAccounts[0]: must be the e-mail address of a service account such as search@my-project-123.iam.gserviceaccount.com, got "ann@example.com". Copy it from the page Service accounts.'
  },
  {
    when: 'an existing zone is not named',
    change: { zone: 'existing' },
    line: "zoneName: is missing. It is required with zone: 'existing'."
  },
  {
    when: 'it adopts what it cannot',
    change: { adopt: ['firewall'] },
    line: 'adopt[0]: must be "endpoint", "zone" or "records", got "firewall"'
  },
  {
    when: 'a key is one of AWS',
    change: { vpcId: 'vpc-0a1b2c3d4e5f60718' },
    line: 'unknown key "vpcId". Known keys are cloud, project, networkProject, region, serviceAttachment, network, subnetwork, endpoint, endpointPrefix, endpointName, address, addressName, globalAccess, hosts, zilliz, egressPriority, egressTargetTags, egressTargetServiceAccounts, iapSshTargetTags, zone, zoneName, zoneProject, zoneNetworks, zonePeerings, probe, labels, timeouts, adopt.'
  }
]) {
  test(`a link on Google Cloud is refused with one line when ${when}`, () => {
    const literal = { ...environment, links: { papers: { ...gcpLink, ...change } } }
    const separator = line.startsWith('unknown') ? ': ' : '.'
    expect(linesOf(literal)).toEqual([`test: links.papers${separator}${line}`])
  })
}

for (const { when, change, line } of [
  {
    when: 'its backend is missing',
    change: { backend: undefined },
    line: 'test: backend: is missing. Give an object.'
  },
  {
    when: 'one account has two roles for its VPCs',
    change: {
      aws: { vpcRoleArns: ['network', 'dns'].map(role => `arn:aws:iam::210987654321:role/${role}`) }
    },
    line: 'test: aws.vpcRoleArns[1]: names arn:aws:iam::210987654321:role/dns, a second role of the account 210987654321. Remove one of them: vpcRoleArns[0] is of that account already.'
  },
  {
    when: 'its backend is of no known type',
    change: { backend: { type: 'consul' } },
    line: 'test: backend.type: must be "local", "s3" or "gcs", got "consul"'
  },
  {
    when: 'a link is on a cloud that it does not know',
    change: { links: { search: { ...awsLink, cloud: 'azure' } } },
    line: 'test: links.search.cloud: must be "aws" or "gcp", got "azure"'
  },
  {
    when: 'a link has a name with capitals',
    change: { links: { Search: awsLink } },
    line: 'test: links.Search: must be a name of up to 40 lower-case letters, digits and hyphens such as search, got "Search". It keys the link\'s resources, so keep it once it is deployed.'
  },
  {
    when: 'a tag holds a placeholder',
    change: { tags: { CostCenter: '${COST_CENTER}' } },
    line: 'test: tags.CostCenter: must be a tag value such as search-team, got "${COST_CENTER}". AWS accepts up to 256 letters, digits, spaces and _.:/=+-@. Keys with the prefix aws: are reserved.'
  },
  {
    when: 'a label has capitals',
    change: { labels: { team: 'Search' } },
    line: 'test: labels.team: must be a label value such as search-team, got "Search". Google Cloud accepts up to 63 lower-case letters, digits, _ and -.'
  },
  {
    when: 'it protects a link that is not there',
    change: { protect: ['search', 'serach'] },
    line: 'test: protect[1]: names a link that is not there, got "serach". Put the link back, or take its name out to let the deploy destroy it.'
  },
  {
    when: 'an account it may touch is written with hyphens',
    change: { aws: { allowedAccountIds: ['1234-5678-9012'] } },
    line: 'test: aws.allowedAccountIds[0]: must be an account id of 12 digits such as 123456789012, got "1234-5678-9012". Copy it from the console\'s account menu, without the hyphens.'
  },
  {
    when: 'a key is unknown',
    change: { region: 'us-west-2' },
    line: 'test: unknown key "region". Known keys are name, backend, aws, gcp, tags, labels, protect, links.'
  }
]) {
  test(`an environment is refused with one line when ${when}`, () => {
    expect(linesOf({ ...environment, ...change })).toEqual([line])
  })
}

test('an environment without a name is called by its place', () => {
  expect(linesOf({ ...environment, name: undefined })).toEqual(['environments[0]: name: is missing. Give a string.'])
})

test('two environments of one name are refused', () => {
  expect(linesOf(environment, environment)).toEqual([
    'test: name: is that of another environment too, got "test". Give each its own.'
  ])
})

test('every mistake of every environment is reported at once', () => {
  const mistaken = {
    ...environment,
    links: {
      search: {
        ...awsLink,
        vpcId: 'vpc-1',
        hosts: [host, 'in01-a.aws-us-east-1.vectordb.zillizcloud.com:1'],
        colour: 1
      },
      papers: { ...gcpLink, project: 'x', network: '' }
    }
  }
  const lines = linesOf(mistaken, { ...mistaken, name: 'other' })
  expect(lines.map(line => line.slice(0, line.indexOf(' ', line.indexOf(': ') + 2)))).toEqual(
    ['test', 'other'].flatMap(name => [
      `${name}: links.search.vpcId:`,
      `${name}: links.search.hosts[0]:`,
      `${name}: links.search:`,
      `${name}: links.search.hosts[1]:`,
      `${name}: links.papers.project:`,
      `${name}: links.papers.network:`
    ])
  )
})

for (const given of ['us-gov-west-1', 'ap-southeast-7', 'mx-central-1']) {
  test(`a region of AWS that the guide does not name is accepted: ${given}`, () => {
    const serviceName = `com.amazonaws.vpce.${given}.vpce-svc-0123456789abcdef0`
    expect(linesOf({ ...environment, links: { a: { ...awsLink, region: given, serviceName, hosts: [] } } })).toEqual([])
  })
}

for (const given of ['northamerica-northeast2', 'europe-west12', 'africa-south1']) {
  test(`a region of Google Cloud that the guide does not name is accepted: ${given}`, () => {
    const serviceAttachment = `projects/vdc-prod/regions/${given}/serviceAttachments/vdc-prod`
    expect(
      linesOf({ ...environment, links: { a: { ...gcpLink, region: given, serviceAttachment, hosts: [] } } })
    ).toEqual([])
  })
}

test('every address is let in when that is said on purpose', () => {
  const open = { ...awsLink, sources: ['0.0.0.0/0', '::/0'], allowAnySource: true }
  expect(linesOf({ ...environment, links: { search: open } })).toEqual([])
})

test('a link is refused with one line when the stack has something else of its name', async () => {
  const app = new App()
  const links = {
    search: { ...awsLink, zone: 'parent', probe: awsProbe },
    papers: { ...gcpLink, zone: 'parent', probe: gcpProbe },
    theirs: { ...awsLink, hosts: [], zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' },
    ours: { ...awsLink, serviceName: undefined, hosts: [], zone: 'none', zilliz: { projectId: 'proj-0a1b2c3d' } }
  }
  const [read] = readEnvironments([{ ...environment, links }])
  if (read === undefined) throw new Error('the environment was not read')
  const stack = await EnvironmentStack.addTo(app, read)
  const ids = stack.node.children.map(({ node }) => node.id)
  // Others cannot be the name of a link, which has letters, digits and hyphens.
  const taken = ids.filter(id => !Object.keys(links).includes(id) && /^[a-z][a-z0-9-]*$/.test(id))
  expect(taken.length).toBeGreaterThan(8)
  for (const name of taken) {
    expect(linesOf({ ...environment, links: { [name]: awsLink } })).toEqual([
      `test: links.${name}: must not have a name that the stack itself uses, got "${name}". Choose another, such as search.`
    ])
  }
})
