import { describe, expect } from 'vitest'
import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import type { SubnetSeed } from '../standin/aws/aws-seed.ts'
import { GoogleCloud } from '../standin/google/google-cloud.ts'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink } from './literals.ts'
import { awsHost, awsWorld } from './world.ts'

const test = testWith('terraform')

const [first = '', second = ''] = awsLink.subnetIds
const literal = (link: object) => ({ name: 'test', backend: { type: 'local' }, links: { search: link } })
const otherVpc = 'vpc-0a1b2c3d4e5f60799'
const theirGroup = 'sg-0a1b2c3d4e5f60718'

const dualStack = {
  id: first,
  cidr: '10.20.1.0/24',
  ipv6Cidr: '2600:1f14:abc:de01::/64',
  zone: 'us-west-2a',
  zoneId: 'usw2-az1'
}
const second4 = { id: second, cidr: '10.20.2.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' }
const second6 = { id: second, ipv6Cidr: '2600:1f14:abc:de02::/64', zone: 'us-west-2b', zoneId: 'usw2-az2' }

function cloud(...subnets: readonly SubnetSeed[]): AwsCloud {
  return new AwsCloud({
    vpcs: [
      { id: awsLink.vpcId, cidrs: ['10.20.0.0/16'], ipv6Cidr: '2600:1f14:abc:de00::/56', subnets },
      { id: otherVpc, cidrs: ['10.30.0.0/16'], subnets: [] }
    ],
    securityGroups: [{ id: theirGroup, vpcId: otherVpc }]
  })
}

describe('the plan stops before anything is made', () => {
  for (const { when, aws, link, lines } of [
    {
      when: 'an endpoint would be in an IPv6-only subnet',
      aws: () => cloud(dualStack, second6),
      link: awsLink,
      lines: [
        `test/search/network: ${second} must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.`
      ]
    },
    {
      when: 'an endpoint of both families would be in an IPv6-only subnet',
      aws: () => cloud(dualStack, second6),
      link: { ...awsLink, ipAddressType: 'dualstack' },
      lines: [
        `test/search/network: ${second} must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.`
      ]
    },
    {
      when: 'an endpoint of both families would be in a subnet without IPv6',
      aws: () => cloud(dualStack, second4),
      link: { ...awsLink, ipAddressType: 'dualstack' },
      lines: [
        `test/search/network: ${second} must have IPv6 addresses for ipAddressType: 'dualstack', got a subnet without an IPv6 range. Give it one, name another subnet, or choose ipAddressType: 'ipv4'.`
      ]
    },
    {
      when: 'a probe would be in an IPv6-only subnet',
      aws: () => cloud(dualStack, second6),
      link: {
        ...awsLink,
        subnetIds: [first],
        probe: { ...awsProbe, scrapeFrom: ['10.20.0.0/16'], subnetIds: [second] }
      },
      lines: [
        `test/search/probe/network: ${second} must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.`
      ]
    },
    {
      when: 'an endpoint would have a security group of another VPC attached',
      aws: () => cloud(dualStack, second4),
      link: { ...awsLink, extraSecurityGroupIds: [theirGroup] },
      lines: [
        `test/search/extra-security-groups: ${theirGroup} must be in ${awsLink.vpcId}, got a group of ${otherVpc}. Name a security group of the VPC of the link.`
      ]
    },
    {
      when: 'a probe would have a security group of another VPC attached',
      aws: () => cloud(dualStack, second4),
      link: { ...awsLink, probe: { ...awsProbe, scrapeFrom: ['10.20.0.0/16'], clientSecurityGroupIds: [theirGroup] } },
      lines: [
        `test/search/probe/client-security-groups: ${theirGroup} must be in ${awsLink.vpcId}, got a group of ${otherVpc}. Name a security group of the VPC of the link.`
      ]
    },
    {
      when: 'a security group is not there',
      aws: () => cloud(dualStack, second4),
      link: { ...awsLink, extraSecurityGroupIds: ['sg-0000000000000000f'] },
      lines: ['no matching EC2 Security Group found']
    }
  ]) {
    test(`where ${when}, on AWS`, async () => {
      const world = aws()
      const { deploy } = await openDeployment(literal(link), { aws: world })
      const { errors } = await deploy(literal(link))
      expect(errors.map(({ summary, detail }) => detail || summary)).toEqual(lines)
      expect(world.calls).toEqual([])
    })
  }

  for (const { when, stackType, change, line } of [
    {
      when: 'the subnet is IPv6-only',
      stackType: 'IPV6_ONLY' as const,
      change: {},
      line: 'test/search/network: subnet default must have IPv4 addresses, got an IPv6-only subnet. Name a subnet with an IPv4 range.'
    },
    {
      when: 'the address is not in the range of the subnet',
      stackType: 'IPV4_IPV6' as const,
      change: { address: '10.139.0.9' },
      line: 'test/search/network: address must be in the range of subnet default, 10.138.0.0/20, got 10.139.0.9. Give a free address of the subnet.'
    }
  ]) {
    test(`where ${when}, on Google Cloud`, async () => {
      const google = new GoogleCloud({
        project: gcpLink.project,
        networks: [{ name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20', stackType }] }]
      })
      const link = literal({ ...gcpLink, ...change })
      const { deploy } = await openDeployment(link, { google })
      expect((await deploy(link)).errors.map(({ detail }) => detail)).toEqual([line])
      expect(google.calls).toEqual([])
    })
  }
})

test('an endpoint gets IPv6 and loses it again, and is planned again without change each time', async () => {
  const world = awsWorld()
  const of = (ipAddressType: string) => literal({ ...awsLink, hosts: [`${awsHost}:19531`], ipAddressType })
  const { deploy, plan } = await openDeployment(of('ipv4'), { aws: world })
  for (const type of ['ipv4', 'dualstack', 'ipv4']) {
    const { errors } = await deploy(of(type))
    expect(errors).toEqual([])
    expect([...world.vpcEndpoints.values()]).toMatchObject([
      { ipAddressType: type, dnsOptions: { recordIpType: type } }
    ])
    expect(world.resolve(awsLink.vpcId, awsHost, 'AAAA').kind).toBe(type === 'ipv4' ? 'nodata' : 'addresses')
    expect((await plan(of(type))).changes).toEqual([])
  }
  expect(changesByKind(await plan(of('dualstack')))).toContain('update aws_vpc_endpoint')
})
