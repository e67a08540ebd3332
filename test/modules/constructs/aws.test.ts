import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import {
  App,
  DataTerraformRemoteStateLocal,
  Fn,
  propertyAccess,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
  Token
} from 'cdktf'
import { Construct } from 'constructs'
import { describe, expect, onTestFinished, test as plain } from 'vitest'
import { z } from 'zod'
import { ParentHostedZone } from '../../../modules/aws/parent-hosted-zone.ts'
import { AwsPrivateLink } from '../../../modules/aws/private-link.ts'
import type { AwsPrivateLinkProps } from '../../../modules/aws/private-link-props.ts'
import { AwsTarget } from '../../../probe/clouds/aws/target.ts'
import { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { openApp, openStack } from '../../standin/small-stack.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink } from '../literals.ts'
import { awsHost, awsWorld, ownZone, profile, stagingVpcId, theirZone, zillizProject, zillizWorld } from '../world.ts'
import { comesAndGoes, mistakesOf, remoteState, synthesized, warningsOf } from './own-stack.ts'

const test = testWith('terraform')

const region = 'us-west-2'
const { vpcId, subnetIds, serviceName } = awsLink
const [firstSubnet = '', secondSubnet = ''] = subnetIds
const host = `https://${awsHost}:19531`
const written = { region, vpcId, subnetIds, serviceName, hosts: [host], zone: 'per-host' } as const

/** A VPC with two subnets and clients, made by the user. */
function network(stack: TerraformStack) {
  const vpc = new Vpc(stack, 'vpc', { cidrBlock: '10.50.0.0/16', enableDnsHostnames: true })
  const subnets = ['a', 'b'].map(
    (letter, index) =>
      new Subnet(stack, `subnet-${letter}`, {
        vpcId: vpc.id,
        cidrBlock: `10.50.${index}.0/24`,
        availabilityZone: `${region}${letter}`
      })
  )
  const group = (name: string) => new SecurityGroup(stack, name, { vpcId: vpc.id, name })
  return { vpc, subnets, group }
}

const empty = () => new AwsCloud({ vpcs: [] })

describe('an AWS private link in a stack of your own', () => {
  test('has in its attributes what comes next', async () => {
    const aws = awsWorld()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const link = new AwsPrivateLink(stack, 'search', written)
      new TerraformOutput(stack, 'made', {
        value: {
          endpointId: link.endpointId,
          securityGroupId: link.securityGroupId,
          dnsName: link.dnsName,
          addresses: link.addresses,
          connectionStatus: link.connectionStatus,
          records: link.records,
          uris: link.uris,
          targets: link.targets
        }
      })
    })
    await comesAndGoes(opened, ({ made }) => {
      const [endpoint] = [...aws.vpcEndpoints.values()]
      const dnsName = endpoint?.names.find(({ zone }) => zone === undefined)?.name
      const [zone] = [...aws.hostedZones.values()]
      expect(made).toEqual({
        endpointId: endpoint?.id,
        securityGroupId: endpoint?.securityGroupIds[0],
        dnsName,
        addresses: endpoint?.interfaces.map(({ address }) => address),
        connectionStatus: 'available',
        records: [{ name: awsHost, type: 'A', value: dnsName, zone: zone?.id }],
        uris: { 'in01-840ec44485bf25d': host },
        targets: [
          {
            name: 'small/search/in01-840ec44485bf25d',
            environment: 'small',
            stack: 'small',
            cloud: 'aws',
            region,
            host: awsHost,
            port: 19531,
            vpcId,
            hostedZoneId: zone?.id,
            endpointId: endpoint?.id,
            endpointDnsName: dnsName,
            securityGroupId: endpoint?.securityGroupIds[0]
          }
        ]
      })
    })
    expect(aws.vpcEndpoints.size + aws.hostedZones.size + aws.securityGroupRules.size).toBe(0)
  })

  plain('uses the provider that it is given for everything, and another for a zone of another account', () => {
    const { resource, data } = synthesized(stack => {
      const provider = new AwsProvider(stack, 'network', { region, alias: 'network' })
      const dns = new AwsProvider(stack, 'dns', { region, alias: 'dns' })
      const zone = { kind: 'existing', zoneId: theirZone.id, associate: true, provider: dns } as const
      const link = new AwsPrivateLink(stack, 'search', {
        ...written,
        zone,
        provider,
        clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
        notificationTopicArn: 'arn:aws:sns:us-west-2:123456789012:endpoints'
      })
      link.allowFrom(['10.60.0.0/16'])
      link.addHost(awsLink.hosts[1] ?? '')
    })
    const providers = Object.entries({ ...resource, ...data }).flatMap(([type, made]) =>
      Object.values(made).map(({ provider }) => `${type} ${provider}`)
    )
    const theirs = ['aws_route53_record', 'aws_route53_vpc_association_authorization', 'aws_route53_zone']
    expect(providers.length).toBeGreaterThan(10)
    expect(providers.filter(each => each !== `${each.split(' ')[0]} aws.network`)).toEqual(
      providers.filter(each => theirs.includes(each.split(' ')[0] ?? ''))
    )
    expect(new Set(providers.map(each => each.split(' ')[1]))).toEqual(new Set(['aws.network', 'aws.dns']))
  })

  test('takes hosts and clients that are added later as those that it is made with', async () => {
    const aws = awsWorld()
    const all = { ...written, hosts: awsLink.hosts, sources: ['10.20.0.0/16', '10.60.0.0/16', 'sg-0a1b2c3d4e5f60718'] }
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      new AwsPrivateLink(stack, 'search', all)
    })
    expect((await opened.apply()).errors).toEqual([])
    await opened.rebuild(stack => {
      new AwsProvider(stack, 'aws', { region })
      const link = new AwsPrivateLink(stack, 'search', { ...written, sources: ['10.20.0.0/16'] })
      link.allowFrom(['10.60.0.0/16'])
      link.addHost(awsLink.hosts[1] ?? '')
      link.allowFrom({ securityGroupIds: ['sg-0a1b2c3d4e5f60718'] })
    })
    const { changes, errors } = await opened.plan()
    expect({ changes, errors }).toEqual({ changes: [], errors: [] })
  })

  test('shares a zone with a link of the same id in another construct, and names both so that the probe reads them', async () => {
    const aws = awsWorld()
    const opened = await openApp({ aws }, app => {
      const stack = new TerraformStack(app, 'Team_Search2')
      new AwsProvider(stack, 'aws', { region })
      const zone = new ParentHostedZone(stack, 'names', { vpcs: [{ vpcId, region }] })
      const links = awsLink.hosts.map((url, index) => {
        const scope = new Construct(stack, ['Alpha', 'Beta'][index] ?? '')
        return new AwsPrivateLink(scope, 'search', { ...written, hosts: [url], zone })
      })
      new TerraformOutput(stack, 'targets', { value: links.flatMap(({ targets }) => targets) })
      return stack
    })
    aws.acceptance = 'pending'
    const { warnings, errors, outputs } = await opened.apply()
    expect(errors).toEqual([])
    expect(warnings.map(({ detail }) => detail.split(':')[0]).sort()).toEqual([
      'Team_Search2/Alpha/search',
      'Team_Search2/Beta/search'
    ])
    expect([...aws.hostedZones.values()].map(({ name }) => name)).toEqual(['vectordb.zillizcloud.com'])
    expect(z.array(AwsTarget).parse(outputs.targets)).toMatchObject([
      { name: 'team-search2/alpha-search/in01-840ec44485bf25d', environment: 'team-search2', stack: 'Team_Search2' },
      { name: 'team-search2/beta-search/in01-9c3d7e8f1a2b4c6', environment: 'team-search2', stack: 'Team_Search2' }
    ])
    expect((await opened.destroy()).errors).toEqual([])
  })

  test('registers by the API of Zilliz Cloud, and takes a host that is written down in addition', async () => {
    const [aws, zilliz] = [awsWorld(), zillizWorld()]
    const opened = await openStack({ aws, zilliz }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const project = new TerraformVariable(stack, 'project', { type: 'string', default: zillizProject })
      const { serviceName: _, ...byApi } = written
      const link = new AwsPrivateLink(stack, 'search', {
        ...byApi,
        hosts: [],
        zilliz: { projectId: project.stringValue, clusters: ['in01-840ec44485bf25d'] }
      })
      link.addHost(awsLink.hosts[1] ?? '')
      link.allowFrom({ securityGroupIds: ['sg-0a1b2c3d4e5f60718'] })
      new TerraformOutput(stack, 'uris', { value: link.uris })
    })
    await comesAndGoes(opened, ({ uris }) => {
      expect(uris).toEqual({ 'in01-840ec44485bf25d': host, 'in01-9c3d7e8f1a2b4c6': awsLink.hosts[1] })
      const ports = [...aws.securityGroupRules.values()].map(({ fromPort }) => fromPort)
      expect(ports.sort()).toEqual([19531, 19531, 19532, 19532])
    })
  })

  test('allows the VPC and more where no sources are given', async () => {
    const aws = awsWorld()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      new AwsPrivateLink(stack, 'search', written).allowFrom(['10.20.0.0/16', '10.60.0.0/16'])
    })
    await comesAndGoes(opened, () => {
      const ranges = [...aws.securityGroupRules.values()].map(({ source }) => source.cidrIpv4)
      expect(ranges.sort()).toEqual(['10.20.0.0/16', '10.60.0.0/16'])
    })
  })
})

describe('VPCs of other accounts', () => {
  const theirs = (stack: TerraformStack, accountId: string) =>
    new AwsProvider(stack, `account-${accountId}`, {
      alias: `account-${accountId}`,
      region,
      assumeRole: [{ roleArn: `arn:aws:iam::${accountId}:role/network` }]
    })

  for (const kind of ['per-host', 'parent'] as const) {
    test(`of the same stack see the hosts of zone ${kind}, and go one by one`, async () => {
      const aws = awsWorld()
      const build = (spokes: readonly string[]) => (stack: TerraformStack) => {
        new AwsProvider(stack, 'aws', { region })
        const providers = { 'spoke-a': theirs(stack, '210987654321'), 'spoke-b': theirs(stack, '345678901234') }
        const own = new Vpc(stack, 'own', { cidrBlock: '10.80.0.0/16', enableDnsHostnames: true })
        const vpcs = Object.entries(providers).map(([name, provider], index) => {
          const vpc = new Vpc(stack, name, { provider, cidrBlock: `10.9${index}.0.0/16`, enableDnsHostnames: true })
          return { name, vpcId: vpc.id, region, provider }
        })
        const profileId = new TerraformVariable(stack, 'profile', { type: 'string', default: profile.id }).stringValue
        const zoneVpcs = [
          ...vpcs.filter(({ name }) => spokes.includes(name)).map(({ name: _, ...vpc }) => vpc),
          { vpcId: own.id, region }
        ]
        new AwsPrivateLink(stack, 'search', { ...written, zone: { kind, zoneVpcs, profileId } })
      }
      const opened = await openStack({ aws }, build(['spoke-a', 'spoke-b']))
      expect((await opened.apply()).errors).toEqual([])
      const accountsThatSee = () =>
        [...aws.vpcs.values()]
          .filter(
            ({ id, cidrs }) =>
              cidrs.some(cidr => /^10\.[89]\d\./.test(cidr)) && aws.resolve(id, awsHost).kind === 'addresses'
          )
          .map(({ accountId }) => accountId)
          .sort()
      expect(accountsThatSee()).toEqual(['123456789012', '210987654321', '345678901234'])
      expect(aws.resolve(profile.vpcs[0] ?? '', awsHost).kind).toBe('addresses')
      expect((await opened.plan()).changes).toEqual([])

      await opened.rebuild(build(['spoke-b']))
      const { changes } = await opened.plan()
      expect(changes.map(({ address, actions }) => [address.replace(/\..*/, ''), ...actions])).toEqual([
        ['aws_route53_vpc_association_authorization', 'delete'],
        ['aws_route53_zone_association', 'delete']
      ])
      expect((await opened.apply()).errors).toEqual([])
      await opened.rebuild(build([]))
      expect((await opened.apply()).errors).toEqual([])
      expect(accountsThatSee()).toEqual(['123456789012'])
      expect((await opened.plan()).changes).toEqual([])
      expect((await opened.destroy()).errors).toEqual([])
    })
  }
})

describe('tokens', () => {
  test('VPC, subnets and security groups of the same stack', async () => {
    const aws = empty()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets, group } = network(stack)
      const clients = group('clients')
      new AwsPrivateLink(stack, 'search', {
        ...written,
        vpcId: vpc.id,
        subnetIds: subnets.map(({ id }) => id),
        sources: { ipv4: [vpc.cidrBlock, '10.60.0.0/16'], securityGroupIds: { clients: clients.id } },
        clientSecurityGroupIds: [clients.id],
        extraSecurityGroupIds: [group('extra').id]
      })
    })
    await comesAndGoes(opened, () => {
      const [endpoint] = [...aws.vpcEndpoints.values()]
      expect(endpoint?.interfaces.length).toBe(2)
      expect(endpoint?.securityGroupIds.length).toBe(2)
      const inbound = [...aws.securityGroupRules.values()].filter(({ direction }) => direction === 'ingress')
      expect(inbound.map(({ source }) => source.cidrIpv4 ?? 'group').sort()).toEqual([
        '10.50.0.0/16',
        '10.60.0.0/16',
        'group'
      ])
    })
  })

  test('a change of the VPC, a subnet and a security group in place leaves the link alone', async () => {
    const build = (tags: Readonly<Record<string, string>>) => (stack: TerraformStack) => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets, group } = network(stack)
      const clients = group('clients')
      for (const made of [vpc, clients, ...subnets]) made.tags = tags
      new AwsPrivateLink(stack, 'search', {
        ...written,
        vpcId: vpc.id,
        subnetIds: subnets.map(({ id }) => id),
        sources: { ipv4: [vpc.cidrBlock], securityGroupIds: [clients.id] },
        clientSecurityGroupIds: [clients.id],
        extraSecurityGroupIds: [clients.id]
      })
    }
    const opened = await openStack({ aws: empty() }, build({ team: 'search' }))
    expect((await opened.apply()).errors).toEqual([])
    await opened.rebuild(build({ team: 'papers' }))
    const { changes } = await opened.plan()
    expect(changes.map(({ address, actions }) => [address, ...actions])).toEqual([
      ['aws_security_group.clients', 'update'],
      ['aws_subnet.subnet-a', 'update'],
      ['aws_subnet.subnet-b', 'update'],
      ['aws_vpc.vpc', 'update']
    ])
  })

  test('whole lists of known length, whose elements are known only at apply', async () => {
    const aws = empty()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets, group } = network(stack)
      const listOf = (...ids: readonly string[]) => Token.asList(Fn.concat(ids.map(id => [id])))
      const groups = listOf(group('clients').id, group('batch').id)
      new AwsPrivateLink(stack, 'search', {
        ...written,
        vpcId: vpc.id,
        subnetIds: listOf(...subnets.map(({ id }) => id)),
        sources: { ipv4: listOf(vpc.cidrBlock), securityGroupIds: groups },
        clientSecurityGroupIds: groups,
        extraSecurityGroupIds: groups
      })
    })
    await comesAndGoes(opened, () => {
      const [endpoint] = [...aws.vpcEndpoints.values()]
      expect(endpoint?.interfaces.length).toBe(2)
      expect(endpoint?.securityGroupIds.length).toBe(3)
      const directions = [...aws.securityGroupRules.values()].map(({ direction }) => direction)
      expect(directions.sort()).toEqual(['egress', 'egress', 'ingress', 'ingress', 'ingress'])
    })
  })

  test('tags as one token: a variable, the tags of a resource, and both merged', async () => {
    const aws = empty()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets } = network(stack)
      vpc.tags = { team: 'network' }
      const given = { type: 'map(string)', default: { cost: '7' } }
      const variable = new TerraformVariable(stack, 'tags', given)
      const tagged = (id: string, tags: AwsPrivateLinkProps['tags']) =>
        new AwsPrivateLink(stack, id, {
          ...written,
          vpcId: vpc.id,
          subnetIds: subnets.map(({ id }) => id),
          hosts: [],
          sources: { ipv4: [vpc.cidrBlock] },
          zone: 'none',
          tags
        })
      tagged('variable', variable.value)
      tagged('resource', vpc.tags)
      tagged('merged', Fn.merge([variable.value, { Name: 'merged', vpc: vpc.id }]))
    })
    await comesAndGoes(opened, () => {
      const [vpc] = [...aws.vpcs.values()]
      const tags = [...aws.vpcEndpoints.values()].map(({ tags }) => [tags.Name, tags])
      expect(Object.fromEntries(tags)).toEqual({
        'zilliz-small-variable': { Name: 'zilliz-small-variable', cost: '7' },
        merged: { Name: 'merged', cost: '7', vpc: vpc?.id },
        'zilliz-small-resource': { Name: 'zilliz-small-resource', team: 'network' }
      })
    })
  })

  test('values of variables as they come, in place of a text and of a list', async () => {
    const aws = awsWorld()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const variable = (id: string, type: string, value: unknown) =>
        new TerraformVariable(stack, id, { type, default: value }).value
      new AwsPrivateLink(stack, 'search', {
        ...written,
        vpcId: variable('vpc', 'string', vpcId),
        subnetIds: variable('subnets', 'list(string)', subnetIds),
        sources: { ipv4: Fn.lookup({ clients: ['10.60.0.0/16'] }, 'clients', []) }
      })
    })
    await comesAndGoes(opened, () => {
      const [endpoint] = [...aws.vpcEndpoints.values()]
      expect([endpoint?.vpcId, endpoint?.interfaces.length]).toEqual([vpcId, subnetIds.length])
      expect([...aws.securityGroupRules.values()].map(({ source }) => source.cidrIpv4)).toEqual(['10.60.0.0/16'])
    })
  })

  test('whole lists and elements of remote state, of variables and of functions', async () => {
    const aws = awsWorld(ownZone)
    const path = await remoteState({
      region,
      vpc_id: vpcId,
      subnet_ids: subnetIds,
      group_ids: ['sg-0a1b2c3d4e5f60718', 'sg-0a1b2c3d4e5f60719'],
      zone_id: ownZone.id,
      service: serviceName
    })
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const remote = new DataTerraformRemoteStateLocal(stack, 'network', { path })
      const ranges = new TerraformVariable(stack, 'ranges', { type: 'list(string)', default: ['10.60.0.0/16'] })
      const lists = new TerraformVariable(stack, 'lists', {
        type: 'map(string)',
        default: { s3: 'pl-68a54001', documents: 'fd00:20::/32' }
      })
      const groups = remote.getList('group_ids')
      const seen = new DataAwsVpc(stack, 'vpc', { id: vpcId })
      new AwsPrivateLink(stack, 'search', {
        region: remote.getString('region'),
        vpcId: remote.getString('vpc_id'),
        subnetIds: remote.getList('subnet_ids'),
        serviceName: remote.getString('service'),
        hosts: [host],
        zone: { kind: 'existing', zoneId: remote.getString('zone_id') },
        sources: {
          ipv4: ranges.listValue,
          ipv6: [Token.asString(Fn.lookup(lists.value, 'documents', ''))],
          securityGroupIds: groups,
          prefixListIds: { s3: Token.asString(Fn.lookup(lists.value, 's3', '')) }
        },
        clientSecurityGroupIds: groups,
        extraSecurityGroupIds: [Token.asString(Fn.element(groups, 1))]
      })
      new AwsPrivateLink(stack, 'listed', {
        ...written,
        hosts: [awsLink.hosts[1] ?? ''],
        vpcId: remote.getString('vpc_id'),
        subnetIds: [Token.asString(Fn.element(remote.getList('subnet_ids'), 0)), secondSubnet],
        sources: {
          ipv4: Token.asList(propertyAccess(seen.fqn, ['cidr_block_associations', '*', 'cidr_block'])),
          securityGroupIds: [Token.asString(Fn.element(groups, 0)), 'sg-0a1b2c3d4e5f60719']
        },
        extraSecurityGroupIds: groups
      })
    })
    await comesAndGoes(opened, () => {
      const rules = [...aws.securityGroupRules.values()]
      const sources = (port: number) =>
        rules
          .filter(({ direction, fromPort }) => direction === 'ingress' && fromPort === port)
          .map(({ source }) => source.cidrIpv4 ?? source.cidrIpv6 ?? source.groupId ?? source.prefixListId)
          .sort()
      expect(sources(19531)).toEqual([
        '10.60.0.0/16',
        'fd00:20::/32',
        'pl-68a54001',
        'sg-0a1b2c3d4e5f60718',
        'sg-0a1b2c3d4e5f60719'
      ])
      expect(sources(19532)).toEqual(['10.20.0.0/16', 'sg-0a1b2c3d4e5f60718', 'sg-0a1b2c3d4e5f60719'])
      expect(rules.filter(({ direction }) => direction === 'egress').length).toBe(2)
      for (const { interfaces } of aws.vpcEndpoints.values()) expect(interfaces.length).toBe(2)
    })
  })

  for (const { of, list } of [
    { of: 'literals', list: (ids: readonly string[]) => ({ ipv4: ids.map((_, index) => `10.6${index}.0.0/16`) }) },
    {
      of: 'tokens',
      list: (ids: readonly string[]) => ({ securityGroupIds: ids })
    },
    {
      of: 'tokens with names',
      list: (ids: readonly string[]) => ({
        securityGroupIds: Object.fromEntries(ids.map((id, index) => [`clients-${ids.length - index}`, id]))
      })
    }
  ]) {
    test(`the first of three sources that are ${of} goes with one rule`, async () => {
      const aws = empty()
      const build = (from: number) => (stack: TerraformStack) => {
        new AwsProvider(stack, 'aws', { region })
        const { vpc, subnets, group } = network(stack)
        const ids = ['one', 'two', 'three'].map(name => group(name).id)
        const all = list(ids)
        const some = Object.fromEntries(
          Object.entries(all).map(([kind, given]) => [
            kind,
            Array.isArray(given) ? given.slice(from) : Object.fromEntries(Object.entries(given).slice(from))
          ])
        )
        new AwsPrivateLink(stack, 'search', {
          ...written,
          vpcId: vpc.id,
          subnetIds: subnets.map(({ id }) => id),
          sources: some
        })
      }
      const opened = await openStack({ aws }, build(0))
      expect((await opened.apply()).errors).toEqual([])
      await opened.rebuild(build(1))
      const { changes } = await opened.plan()
      expect(changes.map(({ address, actions }) => [address.split('.')[0], ...actions])).toEqual([
        ['aws_vpc_security_group_ingress_rule', 'delete']
      ])
      expect((await opened.apply()).errors).toEqual([])
    })
  }

  test('a list whose length is not known before the deploy stops the plan, which says to give the elements', async () => {
    const aws = empty()
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets } = network(stack)
      // As many as the id of the VPC has parts.
      const ids = Token.asList(Fn.slice(Fn.split('-', vpc.id), 0, 1))
      new AwsPrivateLink(stack, 'search', {
        ...written,
        vpcId: vpc.id,
        subnetIds: subnets.map(({ id }) => id),
        sources: { ipv4: [vpc.cidrBlock] },
        extraSecurityGroupIds: ids,
        clientSecurityGroupIds: ids
      })
    })
    const { quoted } = await opened.plan()
    const say = (prop: string) =>
      `small/search: ${prop}: the length of the list must be known before the deploy. Give the elements: [first.id, second.id].`
    // Terraform reads both at the same time.
    expect(quoted?.toSorted()).toEqual(
      ['extraSecurityGroupIds', 'clientSecurityGroupIds'].map(prop => expect.stringContaining(say(prop)))
    )
    expect(aws.calls).toEqual([])
  })

  plain('of another stack of the app are read from its state', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'stacks-'))
    onTestFinished(() => rmSync(outdir, { recursive: true }))
    const app = new App({ outdir })
    const [first, second] = [new TerraformStack(app, 'network'), new TerraformStack(app, 'search')]
    for (const stack of [first, second]) new AwsProvider(stack, 'aws', { region })
    const { vpc, subnets, group } = network(first)
    new AwsPrivateLink(second, 'search', {
      ...written,
      vpcId: vpc.id,
      subnetIds: subnets.map(({ id }) => id),
      sources: { ipv4: [vpc.cidrBlock], securityGroupIds: [group('clients').id] }
    })
    app.synth()
    const text = readFileSync(join(outdir, 'stacks/search/cdk.tf.json'), 'utf8')
    expect(text).not.toContain('TfToken')
    expect(text).not.toMatch(/\$\{aws_(vpc|subnet)\./)
    const [{ vpc_id: given } = {}] = Object.values(
      z
        .looseObject({ resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))) })
        .parse(JSON.parse(text)).resource.aws_vpc_endpoint ?? {}
    )
    expect(given).toMatch(/^\$\{data\.terraform_remote_state\.\S+\.outputs\.\S+\}$/)
  })

  plain('are in nothing but values: no id, no key, no quoted text of an expression', () => {
    const { text } = synthesized(stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets, group } = network(stack)
      const at = new TerraformVariable(stack, 'region', { type: 'string' }).stringValue
      const more = new Vpc(stack, 'more', { cidrBlock: '10.70.0.0/16' })
      new AwsPrivateLink(stack, 'search', {
        ...written,
        region: at,
        vpcId: vpc.id,
        subnetIds: subnets.map(({ id }) => id),
        zone: {
          kind: 'existing',
          zoneId: vpc.mainRouteTableId,
          associate: true,
          zoneVpcs: [{ vpcId: more.id, region: at }]
        },
        sources: { ipv4: [vpc.cidrBlock], ipv6: [vpc.ipv6CidrBlock], securityGroupIds: [group('clients').id] },
        extraSecurityGroupIds: [group('extra').id],
        clientSecurityGroupIds: [group('others').id]
      })
    })
    expect(text).not.toContain('TfToken')
    const quotedInside = [...text.matchAll(/\$\{[^"\\]*\\"([^"\\]*)\\"/g)].map(([, inside]) => inside)
    expect(quotedInside.filter(inside => inside?.includes('${'))).toEqual([])
    const ids = Object.values(z.record(z.string(), z.record(z.string(), z.unknown())).parse(JSON.parse(text).resource))
    expect(ids.flatMap(Object.keys).filter(id => /TfToken|TOKEN/.test(id))).toEqual([])
  })
})

const onDemandName = 'proj-0a1b2c3d4e5f60718293a4.aws-us-west-2.api.zillizcloud.com'
const onDemand = `https://${onDemandName}`

describe('synth reports', () => {
  plain('what a parent zone hides, without the text of a token', () => {
    const warnings = warningsOf(stack => {
      new AwsProvider(stack, 'aws', { region })
      const { vpc, subnets } = network(stack)
      const given = { vpcId: vpc.id, subnetIds: subnets.map(({ id }) => id), sources: { ipv4: [vpc.cidrBlock] } }
      new AwsPrivateLink(stack, 'search', { ...written, ...given, zone: 'parent' })
    })
    expect(warnings).toEqual([
      expect.stringContaining('hides every other Zilliz Cloud name from the VPC of the link: a cluster')
    ])
  })

  plain('what is wrong with more VPCs, of tokens as well', () => {
    type ZoneOfKind = { kind: 'switch-to-per-host'; stagingVpcId: string } | { kind: 'existing'; zoneId: string }
    const lines = (again: boolean, kind: ZoneOfKind = { kind: 'switch-to-per-host', stagingVpcId }) =>
      mistakesOf(stack => {
        const provider = new AwsProvider(stack, 'aws', { region })
        const { vpc, subnets } = network(stack)
        const [own, spoke] = [vpc.id, new Vpc(stack, 'spoke', { cidrBlock: '10.90.0.0/16' }).id]
        const zoneVpcs = [
          { vpcId: spoke, region, provider },
          ...(again ? [{ vpcId: spoke, region }] : []),
          { vpcId: own, region }
        ]
        new AwsPrivateLink(stack, 'search', {
          ...written,
          vpcId: own,
          subnetIds: subnets.map(({ id }) => id),
          sources: { ipv4: [vpc.cidrBlock] },
          zone: { ...kind, zoneVpcs }
        })
      })
    expect(lines(true)).toEqual([
      'app/search: zone.zoneVpcs[1]: names the same token again. Remove it: zoneVpcs[0] has it already.'
    ])
    expect(lines(false).map(line => line.replace(/\$\{\S+\}/, '…'))).toEqual([
      'app/search: zone.zoneVpcs[1].vpcId: is the link\'s own VPC, got "…". Remove it here.',
      "app/search: zone.zoneVpcs[0].provider: has no meaning with zone: 'switch-to-per-host', got a provider. Remove the VPC until the migration to per-host is done."
    ])
    expect(lines(false, { kind: 'existing', zoneId: ownZone.id })).toContain(
      'app/search: zone.zoneVpcs[0].provider: has no meaning without associate: true, got a provider. Add that, or remove the VPC.'
    )
    expect(
      mistakesOf(stack => {
        const provider = new AwsProvider(stack, 'aws', { region })
        new ParentHostedZone(stack, 'names', { vpcs: [{ vpcId: stagingVpcId, region, provider }] })
      })
    ).toEqual([
      'app/names: vpcs: must have a VPC of the account that gets the zone, got none without a provider. Add one.'
    ])
  })

  const mistakes = (props: Readonly<Record<string, unknown>>) =>
    mistakesOf(stack => {
      new AwsProvider(stack, 'aws', { region })
      const remote = new DataTerraformRemoteStateLocal(stack, 'network', { path: 'network.tfstate' })
      const { vpc } = network(stack)
      const tokens = { vpc: vpc.id, list: remote.getList('ids'), text: remote.getString('id') }
      const given = Object.entries(props).map(([name, value]) => [
        name,
        typeof value === 'function' ? value(tokens) : value
      ])
      // What a person without TypeScript may write.
      new AwsPrivateLink(stack, 'search', { ...written, ...Object.fromEntries(given) } as AwsPrivateLinkProps)
    })
  interface Tokens {
    readonly vpc: string
    readonly list: string[]
    readonly text: string
  }

  plain('every mistake at once, each with its place, what was given and what to do', () => {
    expect(
      mistakes({
        region: 'aws-us-west-2',
        vpcId: 'vpc-1',
        subnetIds: [firstSubnet, firstSubnet, 'subnet-1'],
        hosts: ['https://in01-840ec44485bf25d-privatelink.aws-us-east-1.vectordb.zillizcloud.com:19531'],
        zone: 'per-hosts',
        sources: { ipv4: ['10.0.0.1/8', 'fd00::/8'], ipv6: ['::/0'], group: [] },
        clientSecurityGroupIds: { clients: 'clients' },
        protected: true
      })
    ).toEqual(
      [
        `region: must be AWS's own spelling, got "aws-us-west-2". Write us-west-2.`,
        'vpcId: must be a VPC id such as vpc-0a1b2c3d4e5f60718, got "vpc-1". Copy it from the column VPC ID of the Amazon VPC console.',
        `subnetIds[1]: names ${firstSubnet} again. Remove it: subnetIds[0] has it already.`,
        'subnetIds[2]: must be a subnet id such as subnet-0a1b2c3d4e5f60718, got "subnet-1". Copy it from the column Subnet ID of the Amazon VPC console.',
        'zone: must be "parent", "prepare-per-host", "switch-to-per-host", "per-host", "existing" or "none", got "per-hosts"',
        'sources.ipv4[0]: must be a network, not an address in it, got "10.0.0.1/8". Write 10.0.0.0/8.',
        'sources.ipv4[1]: must be an IPv4 range, got "fd00::/8". Give it by its own kind.',
        'sources: unknown key "group". Known keys are ipv4, ipv6, securityGroupIds, prefixListIds.',
        'clientSecurityGroupIds.clients: must be a security group id such as sg-0a1b2c3d4e5f60718, got "clients". Copy it from the column Security group ID of the Amazon VPC console.',
        'unknown key "protected". Did you mean "protect"?',
        'hosts[0]: is in aws-us-east-1, but the service of this link is in aws-us-west-2, got "in01-840ec44485bf25d-privatelink.aws-us-east-1.vectordb.zillizcloud.com". Put it on a link to aws-us-east-1.'
      ].map(line => `app/search: ${line}`)
    )
  })

  for (const { when, props, line } of [
    {
      when: 'the VPC is a token and no sources are given',
      props: { vpcId: ({ vpc }: Tokens) => vpc },
      line: 'app/search: sources: is missing, and cannot be read: vpcId is a token, so the VPC may not exist before the deploy. Give the clients, such as { ipv4: [vpc.cidrBlock] }.'
    },
    {
      when: 'a token is among sources of any kind',
      props: { sources: ({ text }: Tokens) => ['10.20.0.0/16', text] },
      line: 'app/search: sources: has a token of Terraform, whose kind cannot be seen. Give tokens by kind, such as { securityGroupIds: [clients.id] }. The kinds are ipv4, ipv6, securityGroupIds and prefixListIds.'
    },
    {
      when: 'a list of Terraform is inside another list',
      props: { subnetIds: ({ list }: Tokens) => [...list, firstSubnet] },
      line: 'app/search: subnetIds[0]: is a list of which only Terraform knows the elements, in place of one element. Give its elements one by one, or, where a whole list is accepted, the list alone.'
    },
    {
      when: 'a token has a number as its name',
      props: { clientSecurityGroupIds: ({ text }: Tokens) => ({ 0: text }) },
      line: 'app/search: clientSecurityGroupIds.0: must have a name that is not a number, got "0". The elements of a list have numbers.'
    },
    {
      when: 'a host is a token',
      props: { hosts: ({ text }: Tokens) => [text] },
      line: 'app/search: hosts[0]: must be known at synth, because its name keys resources, got a token of Terraform. Write it as Zilliz Cloud prints it, or let zilliz read it by its cluster.'
    },
    {
      when: 'the region is a token and zilliz is asked for',
      props: { region: ({ text }: Tokens) => text, hosts: [], zilliz: { projectId: 'proj-1' } },
      line: 'app/search: region: must be known at synth with zilliz, got a token of Terraform. Write the region, such as us-west-2.'
    },
    {
      when: 'a cluster is a token; a project may be one',
      props: {
        hosts: [],
        serviceName: undefined,
        zilliz: ({ text }: Tokens) => ({ projectId: text, clusters: [text] })
      },
      line: 'app/search: zilliz.clusters[0]: must be known at synth, got a token of Terraform. Write its id, such as in01-840ec44485bf25d.'
    },
    {
      when: 'the environment is a token',
      props: { environment: ({ text }: Tokens) => text },
      line: 'app/search: environment: must be known at synth, got a token of Terraform. Write a name such as prod.'
    },
    {
      when: 'a map of Terraform is spread into the tags',
      props: { tags: { ...Token.asStringMap('${var.tags}'), team: 'search' } },
      line: 'app/search: tags: has keys next to a map of which only Terraform knows the keys. Merge them: Fn.merge([map, { team: "search" }]).'
    },
    {
      when: 'a tag that is written down is wrong',
      props: { tags: { 'aws:team': 'search' } },
      line: 'app/search: tags["aws:team"]: must be a tag key such as CostCenter, got "aws:team". AWS accepts up to 128 letters, digits, spaces and _.:/=+-@. Keys with the prefix aws: are reserved.'
    },
    {
      when: 'the tags are a list',
      props: { tags: ['search'] },
      line: 'app/search: tags: must be an object, got ["search"]'
    },
    {
      when: 'subnets are a map of Terraform',
      props: { subnetIds: Token.asStringMap('${var.subnets}') },
      line: 'app/search: subnetIds: is a map of which only Terraform knows the keys. Give its values: Fn.values(map).'
    },
    {
      when: 'more groups are attached than AWS accepts',
      props: {
        extraSecurityGroupIds: Array.from({ length: 16 }, (_, index) => `sg-${String(index).padStart(17, '0')}`)
      },
      line: 'app/search: extraSecurityGroupIds: must be at most 15, got 16. AWS accepts at most 16 security groups on an endpoint, and one is the own of the link.'
    },
    {
      when: 'there is no service',
      props: { serviceName: undefined },
      line: 'app/search: serviceName: is missing. Give a string, or zilliz to have it looked up.'
    },
    {
      when: 'there are no subnets',
      props: { subnetIds: [] },
      line: 'app/search: subnetIds: must not be empty. Give one subnet for each availability zone that your clients run in.'
    }
  ]) {
    plain(`one line where ${when}`, () => {
      expect(mistakes(props)).toEqual([line])
    })
  }

  plain('one line where one name is given to two tokens, and none where it is given to one twice', () => {
    const allowing = (second: string) =>
      mistakesOf(stack => {
        new AwsProvider(stack, 'aws', { region })
        const { vpc, subnets, group } = network(stack)
        const groups = new Map(['first', 'second'].map(name => [name, group(name)]))
        const link = new AwsPrivateLink(stack, 'search', {
          ...written,
          vpcId: vpc.id,
          subnetIds: subnets.map(({ id }) => id),
          sources: { securityGroupIds: { clients: groups.get('first')?.id ?? '' } }
        })
        link.allowFrom({ securityGroupIds: { clients: groups.get(second)?.id ?? '' } })
      })
    expect(allowing('first')).toEqual([])
    expect(allowing('second')).toEqual([
      'app/search: sources.securityGroupIds: has the name clients for two tokens. Give each a name of its own.'
    ])
  })

  for (const { when, call, line } of [
    {
      when: 'a host of another region is added',
      call: (link: AwsPrivateLink) =>
        link.addHost('https://in01-9c3d7e8f1a2b4c6-privatelink.aws-us-east-1.vectordb.zillizcloud.com:19532'),
      line: 'app/search: addHost: is in aws-us-east-1, but the service of this link is in aws-us-west-2, got "in01-9c3d7e8f1a2b4c6-privatelink.aws-us-east-1.vectordb.zillizcloud.com". Put it on a link to aws-us-east-1.'
    },
    {
      when: 'the host of on-demand clusters is added to a parent zone',
      call: (_: AwsPrivateLink, stack: TerraformStack) =>
        new AwsPrivateLink(stack, 'hub', { ...written, zone: 'parent' }).addHost(onDemand),
      line: `app/hub/host-proj-0a1b2c3d4e5f60718293a4: is not below vectordb.zillizcloud.com, which is all that the parent zone answers, got "${onDemandName}". Give a link with zone: 'per-host' or 'existing' to it.`
    },
    {
      when: 'a link with a parent zone is made with the host of on-demand clusters',
      call: (_: AwsPrivateLink, stack: TerraformStack) =>
        new AwsPrivateLink(stack, 'hub', { ...written, hosts: [onDemand], zone: 'parent' }),
      line: `app/hub: hosts[0]: is not below vectordb.zillizcloud.com, which is all that zone: 'parent' answers, got "${onDemandName}". Give a link with zone: 'per-host' or 'existing' to it.`
    },
    {
      when: 'a cluster is added again',
      call: (link: AwsPrivateLink) => link.addHost(host),
      line: `app/search: addHost: names cluster in01-840ec44485bf25d again, got "${awsHost}". Remove one.`
    },
    {
      when: 'the whole internet is allowed later',
      call: (link: AwsPrivateLink) => link.allowFrom(['0.0.0.0/0']),
      line: 'app/search: allowFrom: sources.ipv4: allows inbound traffic from every address, got "0.0.0.0/0". Name your own ranges, or set allowAnySource: true if that is meant.'
    }
  ]) {
    plain(`one line where ${when}`, () => {
      expect(
        mistakesOf(stack => {
          new AwsProvider(stack, 'aws', { region })
          call(new AwsPrivateLink(stack, 'search', written), stack)
        })
      ).toEqual([line])
    })
  }
})
