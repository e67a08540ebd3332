import { describe, expect } from 'vitest'
import { ProbeConfig } from '../../probe/target.ts'
import { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink } from './literals.ts'

const test = testWith('terraform')

const { hosts, ...stepOne } = awsLink
const [first, second] = [
  'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com',
  'in01-9c3d7e8f1a2b4c6-privatelink.aws-us-west-2.vectordb.zillizcloud.com'
]
const [subnetA = '', subnetB = ''] = awsLink.subnetIds
const subnetC = 'subnet-0a1b2c3d4e5f6071c'
const subnetOfB = 'subnet-0a1b2c3d4e5f6071d'
const otherVpc = 'vpc-0a1b2c3d4e5f60799'
const otherSubnet = 'subnet-0a1b2c3d4e5f6079a'

function newCloud(vpc: { dnsSupport?: boolean; dnsHostnames?: boolean } = {}) {
  return new AwsCloud({
    vpcs: [
      {
        id: awsLink.vpcId,
        cidrs: ['10.20.0.0/16', '10.21.0.0/16'],
        subnets: [
          { id: subnetA, cidr: '10.20.1.0/24', zone: 'us-west-2a', zoneId: 'usw2-az1' },
          { id: subnetB, cidr: '10.20.2.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' },
          { id: subnetC, cidr: '10.20.3.0/24', zone: 'us-west-2c', zoneId: 'usw2-az3' },
          { id: subnetOfB, cidr: '10.20.4.0/24', zone: 'us-west-2b', zoneId: 'usw2-az2' }
        ],
        ...vpc
      },
      {
        id: otherVpc,
        cidrs: ['10.99.0.0/16'],
        subnets: [{ id: otherSubnet, cidr: '10.99.1.0/24', zone: 'us-west-2c', zoneId: 'usw2-az3' }]
      }
    ]
  })
}

function environment(link: object, others: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links: { search: link, ...others } }
}

/** The rules as `port from range`, in order. */
function rulesOf(aws: AwsCloud) {
  return [...aws.securityGroupRules.values()]
    .map(({ direction, source, protocol, fromPort, toPort }) => {
      const range = source.cidrIpv4 ?? source.cidrIpv6
      return `${direction} ${protocol} ${fromPort}-${toPort} ${range}`
    })
    .sort()
}

describe.each([
  { zone: 'per-host', zones: [first, second], type: 'A' },
  { zone: 'parent', zones: ['vectordb.zillizcloud.com'], type: 'CNAME' }
])('with zone $zone', ({ zone, zones, type }) => {
  test('a link is validated, deployed, planned again without change, and destroyed', async () => {
    const aws = newCloud()
    const { terraform, deploy, plan } = await openDeployment(environment({ ...awsLink, zone }), { aws })

    expect(await terraform.validate()).toEqual([])
    const applied = await deploy(environment({ ...awsLink, zone }))
    expect(applied.errors).toEqual([])
    expect(applied.warnings).toEqual([])

    const [endpoint] = [...aws.vpcEndpoints.values()]
    const addresses = endpoint?.interfaces.map(({ address }) => address)
    const hostedZones = [...aws.hostedZones.values()].sort((a, b) => a.name.localeCompare(b.name))
    expect(hostedZones.map(({ name, vpcs }) => ({ name, vpcs }))).toEqual(
      zones.map(name => ({ name, vpcs: [{ id: awsLink.vpcId, region: 'us-west-2' }] }))
    )
    for (const host of [first, second]) {
      expect(aws.resolve(awsLink.vpcId, host)).toEqual({ kind: 'addresses', addresses })
      expect(aws.resolve(otherVpc, host)).toEqual({ kind: 'public', name: host })
    }
    expect(rulesOf(aws)).toEqual([
      'ingress tcp 19531-19531 10.20.0.0/16',
      'ingress tcp 19531-19531 10.21.0.0/16',
      'ingress tcp 19532-19532 10.20.0.0/16',
      'ingress tcp 19532-19532 10.21.0.0/16'
    ])

    const dnsName = endpoint?.names.find(name => name.zone === undefined)?.name
    const records = [first, second].map((name, index) => ({
      name,
      type,
      value: dnsName,
      zone: (hostedZones[index] ?? hostedZones[0])?.id
    }))
    const { register, links, probe_config } = applied.outputs
    expect(register).toEqual({
      search: {
        'Cloud Provider': 'AWS',
        Region: 'us-west-2',
        'VPC ID': awsLink.vpcId,
        'Subnet IDs': awsLink.subnetIds,
        'Your VPC Private Link ID': endpoint?.id
      }
    })
    expect(links).toEqual({ search: { connection_status: 'available', addresses, records } })
    expect(ProbeConfig.parse(JSON.parse(String(probe_config)))).toEqual({
      targets: records.map(({ name, zone }, index) => ({
        name: `test/search/${['in01-840ec44485bf25d', 'in01-9c3d7e8f1a2b4c6'][index]}`,
        environment: 'test',
        cloud: 'aws',
        region: 'us-west-2',
        host: name,
        port: [19531, 19532][index],
        vpcId: awsLink.vpcId,
        hostedZoneId: zone,
        endpointId: endpoint?.id,
        endpointDnsName: dnsName,
        securityGroupId: endpoint?.securityGroupIds[0]
      }))
    })

    expect((await plan(environment({ ...awsLink, zone }))).changes).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
    expect([aws.vpcEndpoints.size, aws.securityGroupRules.size, aws.hostedZones.size]).toEqual([0, 0, 0])
  })

  test('the second step adds hosts to the first and replaces nothing', async () => {
    const aws = newCloud()
    aws.acceptance = 'pending'
    const { deploy, plan } = await openDeployment(environment({ ...stepOne, zone }), { aws })

    const one = await deploy(environment({ ...stepOne, zone }))
    const [endpoint] = [...aws.vpcEndpoints.values()]
    expect(one.errors).toEqual([])
    expect(one.warnings.map(({ detail }) => detail)).toEqual([
      `test/search: ${endpoint?.id} is pendingAcceptance, not available. Enter the values of the output "register" in the Add Private Link dialog of Zilliz Cloud, which accepts the endpoint within about 5 minutes.`
    ])
    expect(rulesOf(aws)).toEqual([])
    expect([...aws.hostedZones.values()].map(({ name }) => name)).toEqual(
      zone === 'parent' ? ['vectordb.zillizcloud.com'] : []
    )
    expect(one.outputs.links).toMatchObject({ search: { connection_status: 'pendingAcceptance', records: [] } })
    expect(ProbeConfig.parse(JSON.parse(String(one.outputs.probe_config)))).toEqual({ targets: [] })

    aws.acceptance = 'granted'
    const planned = await plan(environment({ ...awsLink, zone }))
    expect(new Set(planned.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['create']))
    const two = await deploy(environment({ ...awsLink, zone }))
    expect([...two.errors, ...two.warnings]).toEqual([])
    expect([...aws.vpcEndpoints.keys()]).toEqual([endpoint?.id])
  })
})

test('what is added later replaces nothing', async () => {
  const aws = newCloud()
  const [host = ''] = hosts
  const narrow = { ...awsLink, hosts: [host], sources: ['10.20.0.0/16'] }
  const { deploy, plan } = await openDeployment(environment(narrow), { aws })
  await deploy(environment(narrow))

  const wider = { ...awsLink, sources: ['10.20.0.0/16', '10.40.0.0/16', 'fd00:40::/32'] }
  const moreHosts = await plan(environment(wider))
  expect(changesByKind(moreHosts)).toEqual([
    'create aws_route53_record',
    'create aws_route53_zone',
    'create aws_vpc_security_group_ingress_rule',
    'create aws_vpc_security_group_ingress_rule',
    'create aws_vpc_security_group_ingress_rule',
    'create aws_vpc_security_group_ingress_rule',
    'create aws_vpc_security_group_ingress_rule'
  ])
  await deploy(environment(wider))

  const everywhere = { ...wider, subnetIds: [...wider.subnetIds, subnetC] }
  expect(changesByKind(await plan(environment(everywhere)))).toEqual(['update aws_vpc_endpoint'])
  expect((await deploy(environment(everywhere))).errors).toEqual([])
  expect(aws.resolve(awsLink.vpcId, first)).toMatchObject({ addresses: { length: 3 } })

  const another = { another: { ...stepOne, vpcId: otherVpc, subnetIds: [otherSubnet] } }
  expect(changesByKind(await plan(environment(everywhere, another)))).toEqual([
    'create aws_security_group',
    'create aws_vpc_endpoint'
  ])
})

test('a host that is taken away takes its zone, record and rules along, and nothing else', async () => {
  const aws = newCloud()
  const { deploy, plan } = await openDeployment(environment(awsLink), { aws })
  await deploy(environment(awsLink))

  const fewer = environment({ ...awsLink, hosts: hosts.slice(1) })
  expect(changesByKind(await plan(fewer))).toEqual([
    'delete aws_route53_record',
    'delete aws_route53_zone',
    'delete aws_vpc_security_group_ingress_rule',
    'delete aws_vpc_security_group_ingress_rule'
  ])
  expect((await deploy(fewer)).errors).toEqual([])
  expect(aws.resolve(awsLink.vpcId, first)).toEqual({ kind: 'public', name: first })
  expect(aws.resolve(awsLink.vpcId, second)).toMatchObject({ kind: 'addresses' })
})

test('ranges of the VPC that are written down are the same rules', async () => {
  const aws = newCloud()
  const { deploy, plan } = await openDeployment(environment(awsLink), { aws })
  await deploy(environment(awsLink))

  const written = environment({ ...awsLink, sources: ['10.21.0.0/16', '10.20.0.0/16'] })
  expect((await plan(written)).changes).toEqual([])
})

test('links on one VPC share one parent zone, whichever comes or goes', async () => {
  const aws = newCloud()
  const search = { ...awsLink, zone: 'parent', hosts: hosts.slice(0, 1) }
  const papers = { ...awsLink, zone: 'parent', hosts: hosts.slice(1) }
  const { deploy, plan } = await openDeployment(environment(search, { papers }), { aws })
  expect((await deploy(environment(search, { papers }))).errors).toEqual([])
  expect([...aws.hostedZones.values()].map(({ name }) => name)).toEqual(['vectordb.zillizcloud.com'])

  const alone = { name: 'test', backend: { type: 'local' }, links: { papers } }
  expect(changesByKind(await plan(alone))).not.toContain('delete aws_route53_zone')
  expect((await deploy(alone)).errors).toEqual([])
  expect(aws.resolve(awsLink.vpcId, second)).toMatchObject({ kind: 'addresses' })
  expect(aws.resolve(awsLink.vpcId, first)).toEqual({ kind: 'nxdomain', zone: 'vectordb.zillizcloud.com' })
})

test('a parent zone hides the other names of Zilliz Cloud, and a zone for each host hides none', async () => {
  const other = 'in01-61e949d971f841b.aws-us-east-1.vectordb.zillizcloud.com'
  const aws = newCloud()
  const { deploy } = await openDeployment(environment({ ...awsLink, zone: 'parent' }), { aws })
  await deploy(environment({ ...awsLink, zone: 'parent' }))
  expect(aws.resolve(awsLink.vpcId, other)).toEqual({ kind: 'nxdomain', zone: 'vectordb.zillizcloud.com' })

  await deploy(environment(awsLink))
  expect(aws.resolve(awsLink.vpcId, other)).toEqual({ kind: 'public', name: other })
})

test('the record leads to the regional name, wherever AWS lists it', async () => {
  const aws = newCloud()
  aws.dnsEntryOrder = 'regional-first'
  const { deploy, plan } = await openDeployment(environment(awsLink), { aws })
  await deploy(environment(awsLink))

  aws.dnsEntryOrder = 'zonal-first'
  expect((await plan(environment(awsLink))).changes).toEqual([])
})

describe('what only AWS knows stops the deploy and says what to do', () => {
  test('a subnet of another VPC, before anything is made', async () => {
    const aws = newCloud()
    const link = { ...awsLink, subnetIds: [subnetA, otherSubnet] }
    const { plan } = await openDeployment(environment(link), { aws })
    const { errors } = await plan(environment(link))
    expect(errors.map(({ detail }) => detail)).toEqual([
      `test/search/network: ${otherSubnet} is in ${otherVpc}, not in ${awsLink.vpcId}. Name a subnet of the link's VPC.`
    ])
    expect(aws.calls).toEqual([])
  })

  test('two subnets of one availability zone, before anything is made', async () => {
    const aws = newCloud()
    const link = { ...awsLink, subnetIds: [subnetA, subnetB, subnetOfB] }
    const { plan } = await openDeployment(environment(link), { aws })
    const { errors } = await plan(environment(link))
    expect(errors.map(({ detail }) => detail)).toEqual([
      `test/search/endpoint: an interface endpoint takes one subnet for each availability zone, but ${subnetA} is in us-west-2a, ${subnetB} is in us-west-2b, ${subnetOfB} is in us-west-2b. Keep one of each zone.`
    ])
    expect(aws.calls).toEqual([])
  })

  test('a VPC without DNS hostnames, before anything is made', async () => {
    const aws = newCloud({ dnsHostnames: false })
    const { plan } = await openDeployment(environment(awsLink), { aws })
    const { errors } = await plan(environment(awsLink))
    expect(errors.map(({ detail }) => detail)).toEqual([
      `test/search/network: a private hosted zone answers in ${awsLink.vpcId} only with DNS on, but enableDnsSupport is true and enableDnsHostnames is false. Turn on DNS resolution and DNS hostnames in the VPC's settings.`
    ])
    expect(aws.calls).toEqual([])
  })

  test('an endpoint without a regional DNS name; the next deploy goes on from there', async () => {
    const aws = newCloud()
    aws.dnsEntryOrder = 'empty'
    const { deploy } = await openDeployment(environment(awsLink), { aws })
    const { errors } = await deploy(environment(awsLink))
    const [endpoint] = [...aws.vpcEndpoints.keys()]
    expect(new Set(errors.map(({ detail }) => detail))).toEqual(
      new Set([
        `test/search/endpoint: ${endpoint} (available) must have one regional DNS name, but AWS lists none. Deploy again in a minute, and if it stays so look at the endpoint in the Amazon VPC console.`
      ])
    )

    aws.dnsEntryOrder = 'zonal-first'
    expect((await deploy(environment(awsLink))).errors).toEqual([])
    expect([...aws.vpcEndpoints.keys()]).toEqual([endpoint])
    expect(aws.resolve(awsLink.vpcId, first)).toMatchObject({ kind: 'addresses' })
  })

  test('a zone of that name on the VPC already', async () => {
    const aws = newCloud()
    const one = await openDeployment(environment({ ...awsLink, zone: 'parent' }), { aws })
    await one.deploy(environment({ ...awsLink, zone: 'parent' }))

    const again = { ...environment({ ...stepOne, zone: 'parent' }), name: 'again' }
    const two = await openDeployment(again, { aws })
    const { errors } = await two.deploy(again)
    expect(errors.map(({ summary }) => summary)).toEqual([expect.stringContaining('ConflictingDomainExists')])
  })

  test('a record of that name in the zone already, which stays as it is', async () => {
    const aws = newCloud()
    const { deploy } = await openDeployment(environment({ ...stepOne, zone: 'parent' }), { aws })
    await deploy(environment({ ...stepOne, zone: 'parent' }))
    const [zone] = [...aws.hostedZones.values()]
    const byHand = { name: first, type: 'CNAME', ttl: 300, values: ['made.by.hand.example'] }
    zone?.records.push(byHand)

    const { errors } = await deploy(environment({ ...awsLink, zone: 'parent' }))
    expect(errors.map(({ summary }) => summary)).toEqual([expect.stringContaining('but it already exists')])
    expect(zone?.records).toContainEqual(byHand)
  })

  test('an endpoint that Zilliz Cloud rejects', async () => {
    const aws = newCloud()
    aws.acceptance = 'rejected'
    const { deploy } = await openDeployment(environment(awsLink), { aws })
    const { errors } = await deploy(environment(awsLink))
    expect(errors.map(({ summary }) => summary)).toEqual([expect.stringContaining("unexpected state 'rejected'")])
  })
})

test('an endpoint that is rejected later is reported by every plan, and nothing is replaced', async () => {
  const aws = newCloud()
  const { deploy, plan } = await openDeployment(environment(awsLink), { aws })
  await deploy(environment(awsLink))
  aws.acceptance = 'rejected'

  const { changes, warnings } = await plan(environment(awsLink))
  expect(changes).toEqual([])
  expect(warnings.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^test\/search: vpce-\w+ is rejected, not/)
  ])
})
