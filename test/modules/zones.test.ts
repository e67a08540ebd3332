import { describe, expect } from 'vitest'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, gcpLink } from './literals.ts'
import {
  awsHost,
  awsWorld,
  farTheirVpc,
  farVpc,
  gcpHost,
  googleWorld,
  internalZone,
  ownZone,
  peerVpcId,
  profile,
  publicZone,
  spokeNetworks,
  stagingVpcId,
  theirVpc,
  theirZone,
  vpcRoleArns
} from './world.ts'

const test = testWith('terraform')

function environment(link: object) {
  return { name: 'test', backend: { type: 'local' }, links: { search: link } }
}

const aws = { ...awsLink, hosts: [`${awsHost}:19531`] }
const gcp = { ...gcpLink, hosts: [`${gcpHost}:443`] }
const otherCluster = 'in01-0000000000000ff.aws-us-west-2.vectordb.zillizcloud.com'

describe('the way from a parent zone to a zone for each host', () => {
  test('never leaves a host unresolved on AWS, not between any two calls', async () => {
    const cloud = awsWorld()
    const parent = environment({ ...aws, zone: 'parent' })
    const { deploy, plan } = await openDeployment(parent, { aws: cloud })
    await deploy(parent)
    const before = cloud.resolve(awsLink.vpcId, awsHost)
    expect(before).toMatchObject({ kind: 'addresses', addresses: { length: 2 } })

    const seen: unknown[] = []
    const calls: string[] = []
    cloud.onChange = ({ action }) => {
      calls.push(action)
      seen.push(cloud.resolve(awsLink.vpcId, awsHost))
    }
    for (const link of [
      { ...aws, zone: 'prepare-per-host', stagingVpcId },
      { ...aws, zone: 'switch-to-per-host', stagingVpcId },
      { ...aws, zone: 'per-host' }
    ]) {
      expect((await deploy(environment(link))).errors).toEqual([])
      expect((await plan(environment(link))).changes).toEqual([])
    }
    expect(calls).toContain('AssociateVPCWithHostedZone')
    expect(calls).toContain('DeleteHostedZone')
    expect(seen.filter(answer => JSON.stringify(answer) !== JSON.stringify(before))).toEqual([])
    // And what the parent zone hid is back.
    expect(cloud.resolve(awsLink.vpcId, otherCluster)).toEqual({ kind: 'public', name: otherCluster })
  })

  test('never leaves a host unresolved on Google Cloud, not between any two calls', async () => {
    const cloud = googleWorld()
    const parent = environment({ ...gcp, zone: 'parent' })
    const { deploy, plan } = await openDeployment(parent, { google: cloud })
    await deploy(parent)
    const before = cloud.resolve('default', gcpHost)
    expect(before).toMatchObject({ kind: 'addresses' })

    const seen: unknown[] = []
    cloud.onChange = () => seen.push(cloud.resolve('default', gcpHost))
    for (const zone of ['prepare-per-host', 'switch-to-per-host', 'per-host']) {
      expect((await deploy(environment({ ...gcp, zone }))).errors).toEqual([])
      expect((await plan(environment({ ...gcp, zone }))).changes).toEqual([])
    }
    expect(seen.length).toBeGreaterThan(3)
    expect(seen.filter(answer => JSON.stringify(answer) !== JSON.stringify(before))).toEqual([])
  })

  test('has a gap when it is taken in one deploy, which is why there are steps', async () => {
    const cloud = awsWorld()
    const parent = environment({ ...aws, zone: 'parent' })
    const { deploy } = await openDeployment(parent, { aws: cloud })
    await deploy(parent)
    const seen: string[] = []
    cloud.onChange = () => seen.push(cloud.resolve(awsLink.vpcId, awsHost).kind)
    await deploy(environment({ ...aws, zone: 'per-host' }))
    expect(seen.filter(kind => kind !== 'addresses')).not.toEqual([])
  })
})

describe('the host of on-demand clusters, which is also its public name', () => {
  const onDemand = (site: string) => `proj-0a1b2c3d4e5f60718293a4.${site}.api.zillizcloud.com`

  test('is answered on AWS where the link is and publicly elsewhere, beside other hosts', async () => {
    const host = onDemand('aws-us-west-2')
    const cloud = awsWorld()
    const link = environment({ ...aws, hosts: [...aws.hosts, `https://${host}`] })
    const { terraform, deploy, plan } = await openDeployment(link, { aws: cloud })
    const { outputs, errors } = await deploy(link)
    expect(errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, host)).toEqual(cloud.resolve(awsLink.vpcId, awsHost))
    expect(cloud.resolve(stagingVpcId, host)).toEqual({ kind: 'public', name: host })
    expect(JSON.parse(String(outputs.probe_config)).targets).toMatchObject([
      { host: awsHost, port: 19531 },
      { name: 'test/search/proj-0a1b2c3d4e5f60718293a4', host, port: 443 }
    ])
    expect((await plan(link)).changes).toEqual([])
    expect((await deploy(environment(aws))).errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, host)).toEqual({ kind: 'public', name: host })
    expect((await terraform.destroy()).errors).toEqual([])
  })

  test('is answered on Google Cloud by a zone of its own', async () => {
    const host = onDemand('gcp-us-west1')
    const cloud = googleWorld()
    const link = environment({ ...gcp, hosts: [...gcp.hosts, `https://${host}`] })
    const { deploy, plan } = await openDeployment(link, { google: cloud })
    expect((await deploy(link)).errors).toEqual([])
    expect(cloud.resolve('default', host)).toEqual(cloud.resolve('default', gcpHost))
    expect((await plan(link)).changes).toEqual([])
  })

  test('is answered in an existing zone that it belongs to', async () => {
    const host = onDemand('aws-us-west-2')
    const zone = { id: 'Z0666666666ABCDEFGHIJ', name: 'aws-us-west-2.api.zillizcloud.com', vpcs: [awsLink.vpcId] }
    const cloud = awsWorld(zone)
    const link = environment({ ...aws, hosts: [`https://${host}`], zone: 'existing', zoneId: zone.id })
    const { deploy } = await openDeployment(link, { aws: cloud })
    expect((await deploy(link)).errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, host)).toMatchObject({ kind: 'addresses' })
  })
})

test('hosts resolve in more VPCs than the link has, and nowhere else', async () => {
  const cloud = awsWorld()
  const link = environment({ ...aws, zoneVpcs: [{ vpcId: peerVpcId, region: 'us-west-2' }] })
  const { deploy } = await openDeployment(link, { aws: cloud })
  expect((await deploy(link)).errors).toEqual([])
  expect(cloud.resolve(peerVpcId, awsHost)).toEqual(cloud.resolve(awsLink.vpcId, awsHost))
  expect(cloud.resolve(stagingVpcId, awsHost)).toEqual({ kind: 'public', name: awsHost })
})

describe('VPCs of other accounts and regions', () => {
  const peer = { vpcId: peerVpcId, region: 'us-west-2' }
  const shared = (zone: string, zoneVpcs: readonly object[], roles: readonly string[] = vpcRoleArns) => ({
    ...environment({ ...aws, zone, ...(zoneVpcs.length === 0 ? {} : { zoneVpcs }) }),
    aws: roles.length === 0 ? {} : { vpcRoleArns: roles }
  })

  for (const zone of ['per-host', 'parent']) {
    test(`see the hosts of zone: '${zone}', come and go one by one, and go with the last of them and their roles`, async () => {
      const cloud = awsWorld()
      const seenIn = () =>
        [awsLink.vpcId, peerVpcId, farVpc.vpcId, theirVpc.vpcId, farTheirVpc.vpcId].filter(
          vpcId => cloud.resolve(vpcId, awsHost).kind === 'addresses'
        )
      const first = shared(zone, [theirVpc, farVpc])
      const { terraform, deploy, plan } = await openDeployment(first, { aws: cloud })
      expect((await deploy(first)).errors).toEqual([])
      expect(seenIn()).toEqual([awsLink.vpcId, farVpc.vpcId, theirVpc.vpcId])
      expect((await plan(first)).changes).toEqual([])

      const all = shared(zone, [theirVpc, farVpc, farTheirVpc, peer])
      expect(changesByKind(await plan(all))).toEqual([
        'create aws_route53_vpc_association_authorization',
        'create aws_route53_zone_association',
        'create aws_route53_zone_association'
      ])
      expect((await deploy(all)).errors).toEqual([])
      expect(seenIn()).toEqual([awsLink.vpcId, peerVpcId, farVpc.vpcId, theirVpc.vpcId, farTheirVpc.vpcId])
      expect((await plan(all)).changes).toEqual([])

      const fewer = shared(zone, [farVpc, farTheirVpc, peer])
      expect(changesByKind(await plan(fewer))).toEqual([
        'delete aws_route53_vpc_association_authorization',
        'delete aws_route53_zone_association'
      ])
      expect((await deploy(fewer)).errors).toEqual([])
      expect(seenIn()).toEqual([awsLink.vpcId, peerVpcId, farVpc.vpcId, farTheirVpc.vpcId])

      // The last of another account: the zone associates its own VPCs by itself again.
      const own = shared(zone, [peer])
      const seen: (readonly string[])[] = []
      cloud.onChange = () => seen.push(seenIn())
      expect((await deploy(own)).errors).toEqual([])
      expect(seen.filter(vpcs => !vpcs.includes(awsLink.vpcId) || !vpcs.includes(peerVpcId))).toEqual([])
      expect(seenIn()).toEqual([awsLink.vpcId, peerVpcId])
      expect((await plan(own)).changes).toEqual([])
      const noRole = shared(zone, [peer], [])
      expect((await plan(noRole)).changes).toEqual([])
      expect((await deploy(noRole)).errors).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
      expect([...cloud.hostedZones.keys()]).toEqual([])
    })
  }

  test('join VPCs of the account, which are never unresolved meanwhile', async () => {
    const cloud = awsWorld()
    const before = shared('per-host', [peer, farVpc])
    const { terraform, deploy, plan } = await openDeployment(before, { aws: cloud })
    expect((await deploy(before)).errors).toEqual([])
    const seen: string[] = []
    cloud.onChange = () => seen.push(cloud.resolve(peerVpcId, awsHost).kind, cloud.resolve(farVpc.vpcId, awsHost).kind)
    const both = shared('per-host', [peer, farVpc, theirVpc])
    expect((await deploy(both)).errors).toEqual([])
    expect((await plan(both)).changes).toEqual([])
    expect((await deploy(before)).errors).toEqual([])
    expect((await plan(before)).changes).toEqual([])
    expect(new Set(seen)).toEqual(new Set(['addresses']))
    expect(cloud.resolve(theirVpc.vpcId, awsHost).kind).toBe('public')
    // All that leaves at once, with VPCs of both kinds.
    expect((await deploy(both)).errors).toEqual([])
    expect((await deploy(shared('per-host', []))).errors).toEqual([])
    expect((await plan(shared('per-host', []))).changes).toEqual([])
    expect(cloud.resolve(peerVpcId, awsHost).kind).toBe('public')
    expect((await deploy(both)).errors).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
  })

  test('are left as they are, with a word, by a deploy that has no role to remove them', async () => {
    const cloud = awsWorld()
    const { deploy, plan } = await openDeployment(shared('per-host', [theirVpc]), { aws: cloud })
    expect((await deploy(shared('per-host', [theirVpc]))).errors).toEqual([])
    const { errors } = await deploy(shared('per-host', [], []))
    expect(errors.map(({ summary }) => summary)).toEqual(['Provider configuration not present'])
    expect(errors[0]?.detail).toContain('vpcRoleArns-210987654321')
    expect(cloud.resolve(theirVpc.vpcId, awsHost).kind).toBe('addresses')
    expect((await deploy(shared('per-host', []))).errors).toEqual([])
    expect((await plan(shared('per-host', [], []))).changes).toEqual([])
  })

  for (const { whose, zone, zoneRoleArn } of [
    { whose: 'of the account', zone: ownZone, zoneRoleArn: undefined },
    { whose: 'of another account', zone: theirZone, zoneRoleArn: 'arn:aws:iam::210987654321:role/dns' }
  ]) {
    test(`see an existing zone ${whose}`, async () => {
      const cloud = awsWorld({ ...zone, vpcs: [stagingVpcId] })
      const link = (zoneVpcs: readonly object[]) => ({
        ...environment({
          ...aws,
          zone: 'existing',
          zoneId: zone.id,
          associateZone: true,
          zoneVpcs,
          ...(zoneRoleArn === undefined ? {} : { zoneRoleArn })
        }),
        aws: { vpcRoleArns }
      })
      const { terraform, deploy, plan } = await openDeployment(link([farTheirVpc]), { aws: cloud })
      expect((await deploy(link([farTheirVpc]))).errors).toEqual([])
      expect(cloud.resolve(farTheirVpc.vpcId, awsHost)).toEqual(cloud.resolve(awsLink.vpcId, awsHost))
      expect(cloud.resolve(farTheirVpc.vpcId, awsHost).kind).toBe('addresses')
      expect((await plan(link([farTheirVpc]))).changes).toEqual([])
      expect(changesByKind(await plan(link([])))).toEqual([
        'delete aws_route53_vpc_association_authorization',
        'delete aws_route53_zone_association'
      ])
      expect((await terraform.destroy()).errors).toEqual([])
      expect(cloud.hostedZones.get(zone.id)?.vpcs.map(({ id }) => id)).toEqual([stagingVpcId])
    })
  }
})

for (const { when, made, zone } of [
  { when: 'in a zone for each host', made: [], zone: { zone: 'per-host' } },
  { when: 'in the parent zone', made: [], zone: { zone: 'parent' } },
  { when: 'in an existing zone', made: [ownZone], zone: { zone: 'existing', zoneId: ownZone.id } },
  {
    when: 'in an existing zone of another account',
    made: [theirZone],
    zone: {
      zone: 'existing',
      zoneId: theirZone.id,
      associateZone: true,
      zoneRoleArn: 'arn:aws:iam::210987654321:role/dns'
    }
  }
]) {
  test(`hosts ${when} resolve in the VPCs of a Route 53 Profile, of another account, from the first deploy until they leave it`, async () => {
    const cloud = awsWorld(...made)
    const [spoke = ''] = profile.vpcs
    const without = environment({ ...aws, ...zone })
    const link = environment({ ...aws, ...zone, profileId: profile.id })
    const { terraform, deploy, plan } = await openDeployment(link, { aws: cloud })
    expect((await deploy(link)).errors).toEqual([])
    expect(cloud.resolve(spoke, awsHost)).toEqual(cloud.resolve(awsLink.vpcId, awsHost))
    expect(cloud.resolve(spoke, awsHost)).toMatchObject({ kind: 'addresses', addresses: { length: 2 } })
    expect((await plan(link)).changes).toEqual([])

    expect(changesByKind(await plan(without))).toEqual(['delete aws_route53profiles_resource_association'])
    expect((await deploy(without)).errors).toEqual([])
    expect(cloud.resolve(spoke, awsHost)).toEqual({ kind: 'public', name: awsHost })
    expect((await deploy(link)).errors).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
    expect(cloud.profiles.get(profile.id)?.zones.size).toBe(0)
  })
}

test('hosts resolve in more networks than the link has, and nowhere else', async () => {
  const cloud = googleWorld()
  const link = environment({ ...gcp, zoneNetworks: ['projects/search-test/global/networks/other'] })
  const { deploy } = await openDeployment(link, { google: cloud })
  expect((await deploy(link)).errors).toEqual([])
  expect(cloud.resolve('other', gcpHost)).toEqual(cloud.resolve('default', gcpHost))
})

describe('spoke networks with DNS peering', () => {
  const [first = '', second = '', third = ''] = spokeNetworks
  const one = { project: 'spoke-one-123', networks: [first] }
  const two = { project: 'spoke-two-123', networks: [third] }

  for (const zone of ['per-host', 'parent']) {
    test(`ask for the hosts of zone: '${zone}' in the network of the link, come and go one by one`, async () => {
      const cloud = googleWorld()
      const shared = (...zonePeerings: readonly object[]) => environment({ ...gcp, zone, zonePeerings })
      const seenIn = () =>
        ['default', ...spokeNetworks].filter(network => cloud.resolve(network, gcpHost).kind === 'addresses')
      const { terraform, deploy, plan } = await openDeployment(shared(one, two), { google: cloud })
      const answers = new Set<string>()
      cloud.onChange = () => {
        for (const network of spokeNetworks) answers.add(cloud.resolve(network, gcpHost).kind)
      }
      expect((await deploy(shared(one, two))).errors).toEqual([])
      expect(seenIn()).toEqual(['default', first, third])
      if (zone === 'per-host') expect(answers).toEqual(new Set(['public', 'addresses']))
      expect((await plan(shared(one, two))).changes).toEqual([])
      expect([...cloud.managedZones.values()].map(({ project, peer }) => [project, peer]).sort()).toEqual([
        ['search-test', undefined],
        ['spoke-one-123', 'projects/search-test/global/networks/default'],
        ['spoke-two-123', 'projects/search-test/global/networks/default']
      ])

      const more = { ...one, networks: [first, second] }
      expect(changesByKind(await plan(shared(more, two)))).toEqual(['update google_dns_managed_zone'])
      expect((await deploy(shared(more, two))).errors).toEqual([])
      expect(seenIn()).toEqual(['default', ...spokeNetworks])
      expect(changesByKind(await plan(shared(more)))).toEqual(['delete google_dns_managed_zone'])
      expect((await deploy(shared(more))).errors).toEqual([])
      expect(seenIn()).toEqual(['default', first, second])
      expect((await deploy(shared())).errors).toEqual([])
      expect(seenIn()).toEqual(['default'])
      expect((await plan(environment({ ...gcp, zone }))).changes).toEqual([])
      expect((await deploy(shared(two))).errors).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
      expect([...cloud.managedZones.keys()]).toEqual([])
    })
  }

  test('are never without the hosts on the way from a parent zone to a zone for each host', async () => {
    const cloud = googleWorld()
    const step = (zone: string) => environment({ ...gcp, zone, zonePeerings: [one] })
    const { deploy, plan } = await openDeployment(step('parent'), { google: cloud })
    await deploy(step('parent'))
    const seen: string[] = []
    cloud.onChange = () => seen.push(cloud.resolve(first, gcpHost).kind)
    for (const zone of ['prepare-per-host', 'switch-to-per-host', 'per-host']) {
      expect((await deploy(step(zone))).errors).toEqual([])
      expect((await plan(step(zone))).changes).toEqual([])
    }
    expect(seen.length).toBeGreaterThan(5)
    expect(new Set(seen)).toEqual(new Set(['addresses']))
  })
})

test('a dual-stack endpoint answers in both families', async () => {
  const cloud = awsWorld()
  const link = environment({ ...aws, ipAddressType: 'dualstack' })
  const { deploy } = await openDeployment(link, { aws: cloud })
  const { outputs, errors } = await deploy(link)
  expect(errors).toEqual([])
  expect(cloud.resolve(awsLink.vpcId, awsHost, 'AAAA')).toMatchObject({ kind: 'addresses', addresses: { length: 2 } })
  expect(outputs.links).toMatchObject({ search: { addresses: { length: 4 } } })
})

describe('an existing zone', () => {
  const existing = { ...aws, zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' }

  test('gets the record and is left otherwise as it is', async () => {
    const cloud = awsWorld(ownZone)
    const { terraform, deploy } = await openDeployment(environment(existing), { aws: cloud })
    expect((await deploy(environment(existing))).errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'addresses' })
    await terraform.destroy()
    expect([...cloud.hostedZones.keys()]).toContain('Z0123456789ABCDEFGHIJ')
    expect(cloud.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'nxdomain' })
  })

  test('of another account gets the record by the role that its owner gave, and answers in the VPC', async () => {
    const cloud = awsWorld(theirZone)
    const theirs = {
      ...existing,
      zoneId: 'Z0999999999ABCDEFGHIJ',
      zoneRoleArn: 'arn:aws:iam::210987654321:role/dns',
      associateZone: true
    }
    const { terraform, deploy } = await openDeployment(environment(theirs), { aws: cloud })
    expect((await deploy(environment(theirs))).errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'addresses' })
    expect((await terraform.destroy()).errors).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, awsHost)).toEqual({ kind: 'public', name: awsHost })
  })

  for (const { when, link, line } of [
    {
      when: 'is public',
      link: { ...existing, zoneId: 'Z0888888888ABCDEFGHIJ' },
      line: 'test/existing-zone-search: Z0888888888ABCDEFGHIJ is a public zone, example.com. Name a private one, because a record there would tell everyone your addresses.'
    },
    {
      when: 'does not hold the host',
      link: {
        ...existing,
        serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0',
        serviceRegion: 'us-east-1',
        hosts: ['in01-1.aws-us-east-1.vectordb.zillizcloud.com:19531']
      },
      line: 'test/search/host-in01-1: in01-1.aws-us-east-1.vectordb.zillizcloud.com is not in the zone Z0123456789ABCDEFGHIJ, which is aws-us-west-2.vectordb.zillizcloud.com. Name a zone that the host belongs to.'
    }
  ]) {
    test(`stops the plan when it ${when}, before anything is made`, async () => {
      const cloud = awsWorld(ownZone, publicZone)
      const { plan } = await openDeployment(environment(link), { aws: cloud })
      expect((await plan(environment(link))).errors.map(({ detail }) => detail)).toEqual([line])
      expect(cloud.calls).toEqual([])
    })
  }

  test('on Google Cloud gets the record, in whichever project it is', async () => {
    const cloud = googleWorld(internalZone)
    const link = { ...gcp, zone: 'existing', zoneName: 'internal', zoneProject: 'net-host-123' }
    const { deploy } = await openDeployment(environment(link), { google: cloud })
    expect((await deploy(environment(link))).errors).toEqual([])
    expect(cloud.resolve('default', gcpHost)).toMatchObject({ kind: 'addresses' })
  })
})

test('without a zone no record is made, and the probe receives no zone', async () => {
  const cloud = awsWorld()
  const link = environment({ ...aws, zone: 'none' })
  const { deploy } = await openDeployment(link, { aws: cloud })
  const { outputs } = await deploy(link)
  expect(cloud.calls.filter(({ action }) => action.includes('HostedZone') || action.includes('RecordSets'))).toEqual([])
  expect(JSON.parse(String(outputs.probe_config)).targets).toMatchObject([{ host: awsHost, port: 19531 }])
  expect(JSON.parse(String(outputs.probe_config)).targets[0]).not.toHaveProperty('hostedZoneId')
})

test('changing to an existing zone changes nothing but zone and record', async () => {
  const cloud = awsWorld(ownZone)
  const { deploy, plan } = await openDeployment(environment(aws), { aws: cloud })
  await deploy(environment(aws))
  const moved = environment({ ...aws, zone: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' })
  expect(changesByKind(await plan(moved))).toEqual([
    'create aws_route53_record',
    'delete aws_route53_record',
    'delete aws_route53_zone'
  ])
})
