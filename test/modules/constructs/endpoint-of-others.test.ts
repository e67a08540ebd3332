import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { Subnet } from '@cdktf/provider-aws/lib/subnet/index.js'
import { Vpc } from '@cdktf/provider-aws/lib/vpc/index.js'
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint/index.js'
import { ComputeAddress } from '@cdktf/provider-google/lib/compute-address/index.js'
import { ComputeForwardingRule } from '@cdktf/provider-google/lib/compute-forwarding-rule/index.js'
import { ComputeNetwork } from '@cdktf/provider-google/lib/compute-network/index.js'
import { ComputeSubnetwork } from '@cdktf/provider-google/lib/compute-subnetwork/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { DataTerraformRemoteStateLocal, TerraformOutput, type TerraformStack } from 'cdktf'
import { describe, expect, test as plain } from 'vitest'
import { AwsPrivateLink } from '../../../modules/aws/private-link.ts'
import { AwsProbeOptions } from '../../../modules/aws/probe-options.ts'
import { GcpPrivateLink } from '../../../modules/gcp/private-link.ts'
import { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import { GoogleCloud } from '../../standin/google/google-cloud.ts'
import { openStack } from '../../standin/small-stack.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, awsProbe, gcpLink } from '../literals.ts'
import { awsHost, awsWorldOfOthers, gcpHost, googleWorldOfOthers, sharedEndpoint, sharedRule } from '../world.ts'
import { comesAndGoes, mistakesOf, remoteState } from './own-stack.ts'

const test = testWith('terraform')

const region = 'us-west-2'
const hosts = [`https://${awsHost}:19531`]
const onAws = { region, vpcId: awsLink.vpcId, hosts, zone: 'per-host' } as const
const onGoogle = {
  project: 'search-test',
  networkProject: sharedRule.project,
  region: 'us-west1',
  network: sharedRule.network,
  hosts: [`https://${gcpHost}:443`],
  zone: 'per-host'
} as const

/** A network with an endpoint that a user makes in the same stack, and how a link names it. */
function endpointOf(stack: TerraformStack) {
  new AwsProvider(stack, 'aws', { region })
  const vpc = new Vpc(stack, 'vpc', { cidrBlock: '10.50.0.0/16', enableDnsHostnames: true })
  const subnet = new Subnet(stack, 'subnet', {
    vpcId: vpc.id,
    cidrBlock: '10.50.0.0/24',
    availabilityZone: `${region}a`
  })
  const endpoint = new VpcEndpoint(stack, 'endpoint', {
    vpcId: vpc.id,
    subnetIds: [subnet.id],
    serviceName: awsLink.serviceName,
    vpcEndpointType: 'Interface'
  })
  return { vpc, endpoint }
}

function ruleOf(stack: TerraformStack) {
  new GoogleProvider(stack, 'google', { project: 'my-project-123', region: 'us-west1' })
  const network = new ComputeNetwork(stack, 'network', { name: 'papers', autoCreateSubnetworks: false })
  const subnet = new ComputeSubnetwork(stack, 'subnet', {
    name: 'papers',
    network: network.id,
    ipCidrRange: '10.40.0.0/24'
  })
  const address = new ComputeAddress(stack, 'address', {
    name: 'endpoint',
    addressType: 'INTERNAL',
    purpose: 'GCE_ENDPOINT',
    subnetwork: subnet.id
  })
  const rule = new ComputeForwardingRule(stack, 'rule', {
    name: 'endpoint',
    target: gcpLink.serviceAttachment,
    loadBalancingScheme: '',
    network: network.id,
    ipAddress: address.selfLink
  })
  return { network, address, rule }
}

describe('a link in a stack of your own', () => {
  for (const { when, name } of [
    { when: 'its id', name: ({ id }: VpcEndpoint) => ({ id }) },
    {
      when: 'its id, name and hosted zone',
      name: ({ id, dnsEntry }: VpcEndpoint) => ({
        id,
        // The stand-in lists the regional name last, as AWS may.
        dnsName: dnsEntry.get(1).dnsName,
        hostedZoneId: dnsEntry.get(1).hostedZoneId
      })
    }
  ]) {
    test(`uses an endpoint that the stack makes on AWS, by ${when}`, async () => {
      const aws = new AwsCloud({ vpcs: [] })
      const opened = await openStack({ aws }, stack => {
        const { vpc, endpoint } = endpointOf(stack)
        const link = new AwsPrivateLink(stack, 'search', {
          ...onAws,
          vpcId: vpc.id,
          hosts: [],
          endpoint: name(endpoint)
        })
        link.addHost(hosts[0] ?? '')
        new TerraformOutput(stack, 'uris', { value: link.uris })
        new TerraformOutput(stack, 'endpoint_id', { value: link.endpointId })
      })
      await comesAndGoes(opened, ({ endpoint_id }) => {
        const [endpoint] = [...aws.vpcEndpoints.values()]
        expect(endpoint_id).toBe(endpoint?.id)
        expect(aws.resolve(endpoint?.vpcId ?? '', awsHost)).toEqual({
          kind: 'addresses',
          addresses: endpoint?.interfaces.map(({ address }) => address)
        })
        expect([...aws.securityGroups.values()].map(group => group.name)).toEqual(['default'])
      })
    })
  }

  test('uses an endpoint of remote state on AWS, and makes nothing but zone and record', async () => {
    const aws = awsWorldOfOthers()
    const path = await remoteState({ endpoint_id: sharedEndpoint.id })
    const opened = await openStack({ aws }, stack => {
      new AwsProvider(stack, 'aws', { region })
      const network = new DataTerraformRemoteStateLocal(stack, 'network', { path })
      new AwsPrivateLink(stack, 'search', { ...onAws, endpoint: { id: network.getString('endpoint_id') } })
    })
    const applied = await opened.apply()
    expect(applied.errors).toEqual([])
    expect(aws.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'addresses', addresses: { length: 2 } })
    expect(new Set(aws.calls.map(({ action }) => action))).toEqual(
      new Set(['CreateHostedZone', 'ChangeResourceRecordSets'])
    )
    expect((await opened.plan()).changes).toEqual([])
    expect((await opened.destroy()).errors).toEqual([])
    expect([...aws.vpcEndpoints.keys()]).toEqual([sharedEndpoint.id])
  })

  for (const { when, name } of [
    { when: 'its name', name: ({ rule }: ReturnType<typeof ruleOf>) => ({ name: rule.name }) },
    {
      when: 'its name and address',
      name: ({ rule, address }: ReturnType<typeof ruleOf>) => ({ name: rule.name, address: address.address })
    }
  ]) {
    test(`uses an endpoint that the stack makes on Google Cloud, by ${when}`, async () => {
      const google = new GoogleCloud({ project: 'my-project-123', networks: [] })
      const opened = await openStack({ google }, stack => {
        const made = ruleOf(stack)
        new GcpPrivateLink(stack, 'papers', {
          project: 'my-project-123',
          region: 'us-west1',
          network: made.network.id,
          hosts: onGoogle.hosts,
          zone: 'per-host',
          endpoint: name(made)
        })
      })
      await comesAndGoes(opened, () => {
        const [rule] = [...google.forwardingRules.values()]
        expect(google.resolve(rule?.network ?? '', gcpHost)).toEqual({ kind: 'addresses', addresses: [rule?.address] })
        expect(google.firewalls.size).toBe(0)
      })
    })
  }

  test('uses an endpoint of remote state on Google Cloud, and makes nothing but zone and record', async () => {
    const google = googleWorldOfOthers()
    const path = await remoteState({ endpoint: sharedRule.name, project: sharedRule.project })
    const opened = await openStack({ google }, stack => {
      new GoogleProvider(stack, 'google', { project: 'search-test' })
      const network = new DataTerraformRemoteStateLocal(stack, 'network', { path })
      const endpoint = { name: network.getString('endpoint'), project: network.getString('project') }
      new GcpPrivateLink(stack, 'papers', { ...onGoogle, endpoint })
    })
    expect((await opened.apply()).errors).toEqual([])
    expect(new Set(google.calls.map(({ action }) => action.split('.')[0]))).toEqual(
      new Set(['managedZones', 'changes'])
    )
    expect((await opened.plan()).changes).toEqual([])
    expect((await opened.destroy()).errors).toEqual([])
  })

  const endpoint = { id: sharedEndpoint.id }
  const awsStack = (use: (link: AwsPrivateLink) => void, more: object = {}) =>
    mistakesOf(stack => {
      new AwsProvider(stack, 'aws', { region })
      use(new AwsPrivateLink(stack, 'search', { ...onAws, endpoint, ...more }))
    })
  const others = 'is for an endpoint that the link makes, and this one is an endpoint of others.'

  for (const { when, line, use } of [
    {
      when: 'allows more clients',
      line: `app/search: allowFrom: ${others} Ask its owner to allow the clients.`,
      use: (link: AwsPrivateLink) => link.allowFrom(['10.60.0.0/16'])
    },
    {
      when: 'is asked for its security group',
      line: `app/search: securityGroupId ${others} Ask its owner to allow the clients.`,
      use: (link: AwsPrivateLink) => expect(link.securityGroupId).toBe('')
    },
    {
      when: 'gets a probe without subnets',
      line: 'app/search: probe.subnetIds: is missing. A link with endpoint has no subnets, so give those in which a probe runs.',
      use: (link: AwsPrivateLink) => link.addProbe(probe({ clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] }), [link])
    },
    {
      when: 'gets a probe without groups of clients',
      line: 'app/search: probe.clientSecurityGroupIds: is missing. The deploy changes no rule of endpoint, so give a security group of clients that may connect to it.',
      use: (link: AwsPrivateLink) => link.addProbe(probe({ subnetIds: awsLink.subnetIds }), [link])
    }
  ]) {
    plain(`stops with one line when a link to an endpoint of others ${when}`, () => {
      expect(awsStack(use)).toEqual([line])
    })
  }

  plain('refuses what an endpoint of others has no use for, all at once, on both clouds', () => {
    const noMeaning = 'has no meaning with endpoint, which names an endpoint of others. Remove it.'
    const own = { subnetIds: awsLink.subnetIds, sources: ['10.20.0.0/16'], tags: { team: 'search' }, protect: true }
    expect(awsStack(() => {}, own).toSorted()).toEqual(
      Object.keys(own)
        .map(field => `app/search: ${field}: ${noMeaning}`)
        .toSorted()
    )
    const ownRule = { globalAccess: true, egressPriority: 500, labels: { team: 'search' }, protect: true }
    const lines = mistakesOf(stack => {
      new GoogleProvider(stack, 'google', { project: 'search-test' })
      new GcpPrivateLink(stack, 'papers', { ...onGoogle, endpoint: { name: sharedRule.name }, ...ownRule })
    })
    expect(lines.toSorted()).toEqual(
      Object.keys(ownRule)
        .map(field => `app/papers: ${field}: ${noMeaning}`)
        .toSorted()
    )
  })
})

/** The options of a probe as they are read. */
function probe(more: object): Parameters<AwsPrivateLink['addProbe']>[0] {
  return AwsProbeOptions.parse({ ...awsProbe, ...more })
}
