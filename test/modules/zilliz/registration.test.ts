import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { AwsCloud } from '../../standin/aws/aws-cloud.ts'
import type { GoogleCloud } from '../../standin/google/google-cloud.ts'
import type { ZillizCloud } from '../../standin/zilliz/zilliz-cloud.ts'
import { openDeployment } from '../../support/deployment.ts'
import { synthesize } from '../../support/synthesize.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, awsProbe, gcpLink } from '../literals.ts'
import { awsHost, awsWorld, gcpHost, googleWorld, zillizProject as projectId, zillizWorld } from '../world.ts'

const test = testWith('terraform')

const [first, second] = ['in01-840ec44485bf25d', 'in01-9c3d7e8f1a2b4c6']
const onGoogle = 'in01-61e949d971f841b'
const { serviceName, hosts: _, ...aws } = awsLink
const { serviceAttachment: __, hosts: ___, ...gcp } = gcpLink
const secondHost = awsLink.hosts[1]?.replace(/^https:\/\/|:\d+$/g, '') ?? ''

function environment(links: object, more: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links, ...more }
}

const onAws = (...clusters: readonly string[]) => environment({ search: { ...aws, zilliz: { projectId, clusters } } })

const pending = (cluster: string) =>
  `test/search: Zilliz Cloud has not allocated the private link of ${cluster} yet (it is RUNNING); that takes about 5 minutes, and longer while a cluster is being maintained. Deploy again then. In a project of zilliz-privatelink, the option --wait of deploy waits for it, and links finds out why it takes longer.`

/** The rules of the endpoint, as `port from source`. */
function rulesOf(cloud: AwsCloud) {
  return [...cloud.securityGroupRules.values()]
    .map(({ direction, fromPort, source }) => `${direction} ${fromPort} ${source.cidrIpv4 ?? 'a group'}`)
    .sort()
}

/** What is asked of both clouds from now on, in order. */
function inOrder({ aws, zilliz }: { aws: AwsCloud; zilliz: ZillizCloud }): readonly string[] {
  const asked: string[] = []
  aws.onChange = ({ action }) => asked.push(action)
  zilliz.onChange = ({ action }) => asked.push(action)
  return asked
}

const details = ({ errors }: { errors: readonly { summary: string; detail: string }[] }) =>
  errors.map(({ summary, detail }) => detail || summary)

test('one literal with a project and a cluster brings a link up on AWS, planned again without change, and destroyed', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const { terraform, deploy, plan } = await openDeployment(onAws(first), clouds)
  expect(await terraform.validate()).toEqual([])
  const applied = await deploy(onAws(first))
  expect(applied.errors).toEqual([])

  const [endpoint] = clouds.aws.vpcEndpoints.values()
  expect(endpoint?.serviceName).toBe(serviceName)
  expect(clouds.zilliz.endpoints).toMatchObject([{ projectId, regionId: 'aws-us-west-2', endpointId: endpoint?.id }])
  expect(clouds.aws.resolve(aws.vpcId, awsHost).kind).toBe('addresses')
  expect(rulesOf(clouds.aws)).toEqual(['ingress 19531 10.20.0.0/16'])
  expect(applied.outputs.probe_config).toContain(`"host":"${awsHost}"`)
  expect(applied.outputs.probe_config).toContain('"port":19531')
  expect((await plan(onAws(first))).changes).toEqual([])

  const asked = inOrder(clouds)
  expect((await terraform.destroy()).errors).toEqual([])
  expect(clouds.zilliz.endpoints).toEqual([])
  const ends = ['DeleteHostedZone', 'DeletePrivateEndpoint', 'DeleteVpcEndpoints']
  expect(asked.filter(action => ends.includes(action))).toEqual(ends)
})

test('one literal with a project and a cluster brings a link up on Google Cloud, planned again without change, and destroyed', async () => {
  const literal = environment({ papers: { ...gcp, zilliz: { projectId, clusters: [onGoogle] } } })
  const clouds: { google: GoogleCloud; zilliz: ZillizCloud } = { google: googleWorld(), zilliz: zillizWorld() }
  const { terraform, deploy, plan } = await openDeployment(literal, clouds)
  expect(await terraform.validate()).toEqual([])
  expect((await deploy(literal)).errors).toEqual([])
  expect(clouds.zilliz.endpoints).toMatchObject([
    { projectId, regionId: 'gcp-us-west1', endpointId: 'zilliz-us-west1', gcpProjectId: gcp.project }
  ])
  const network = `projects/${gcp.project}/global/networks/default`
  expect(clouds.google.resolve(network, gcpHost).kind).toBe('addresses')
  const [firewall] = clouds.google.firewalls.values()
  expect(firewall).toMatchObject({ direction: 'EGRESS', allow: [{ protocol: 'tcp', ports: ['443'] }] })
  expect((await plan(literal)).changes).toEqual([])
  expect((await terraform.destroy()).errors).toEqual([])
  expect(clouds.zilliz.endpoints).toEqual([])
})

test('while the link is not allocated a deploy says so, what it made stays, and a later one goes on', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  clouds.zilliz.allocation = 'pending'
  const { deploy, plan } = await openDeployment(onAws(first), clouds)
  expect(details(await deploy(onAws(first)))).toEqual([pending(first)])
  const [endpoint] = clouds.aws.vpcEndpoints.keys()
  expect(clouds.zilliz.endpoints).toMatchObject([{ endpointId: endpoint }])
  expect(rulesOf(clouds.aws)).toEqual([])

  expect(details(await deploy(onAws(first)))).toEqual([pending(first)])
  expect(clouds.zilliz.endpoints).toHaveLength(1)

  clouds.zilliz.allocation = 'done'
  expect((await deploy(onAws(first))).errors).toEqual([])
  expect([...clouds.aws.vpcEndpoints.keys()]).toEqual([endpoint])
  expect(clouds.aws.resolve(aws.vpcId, awsHost).kind).toBe('addresses')
  expect((await plan(onAws(first))).changes).toEqual([])
})

test('a host that is empty for a while stops the deploy, and destroys nothing', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const { deploy } = await openDeployment(onAws(first), clouds)
  await deploy(onAws(first))
  clouds.zilliz.allocation = 'pending'
  const before = clouds.aws.calls.length
  expect(details(await deploy(onAws(first)))).toEqual([pending(first)])
  expect(clouds.aws.calls.slice(before)).toEqual([])
  expect(clouds.aws.resolve(aws.vpcId, awsHost).kind).toBe('addresses')
})

test('a cluster is added and one removed, and the others are left alone', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const { deploy, plan } = await openDeployment(onAws(first), clouds)
  await deploy(onAws(first))
  const kinds = async (literal: { readonly name: string }) => {
    const { changes } = await plan(literal)
    return new Set(changes.flatMap(({ actions }) => actions))
  }
  expect(await kinds(onAws(first, second))).toEqual(new Set(['create']))
  expect((await deploy(onAws(first, second))).errors).toEqual([])
  expect(rulesOf(clouds.aws)).toEqual(['ingress 19531 10.20.0.0/16', 'ingress 19532 10.20.0.0/16'])
  expect(clouds.aws.resolve(aws.vpcId, secondHost).kind).toBe('addresses')

  expect(await kinds(onAws(first))).toEqual(new Set(['delete']))
  expect((await deploy(onAws(first))).errors).toEqual([])
  expect(clouds.aws.resolve(aws.vpcId, awsHost).kind).toBe('addresses')
  expect(clouds.aws.resolve(aws.vpcId, secondHost).kind).toBe('public')
})

describe('clusters on one port', () => {
  const third = 'in01-0a1b2c3d4e5f607'
  const thirdHost = `${third}-privatelink.aws-us-west-2.vectordb.zillizcloud.com`
  const clouds = () => ({
    aws: awsWorld(),
    zilliz: zillizWorld({ clusters: [{ id: third, projectId, regionId: 'aws-us-west-2', privatePort: 19531 }] })
  })
  /** A link on AWS with rules of every kind: sources, ways out for clients, and a probe that is no client. */
  const withEveryRule = (...clusters: readonly string[]) => {
    const groups = { sources: ['sg-0a1b2c3d4e5f60718'], clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60719'] }
    return environment({ search: { ...aws, ...groups, zilliz: { projectId, clusters }, probe: awsProbe } })
  }
  const onHostPorts = (cloud: AwsCloud) =>
    [...cloud.securityGroupRules.values()]
      .map(({ direction, fromPort }) => `${direction} ${fromPort}`)
      .filter(rule => !/ (53|443|9815)$/.test(rule))
      .sort()
  const oneOfEach = ['egress 19531', 'egress 19531', 'ingress 19531', 'ingress 19531']

  test('have one rule', async () => {
    const { aws: cloud, zilliz } = clouds()
    const { terraform, deploy, plan } = await openDeployment(withEveryRule(first, third), { aws: cloud, zilliz })
    // As Zilliz Cloud does it, minutes after the registration.
    zilliz.allocation = 'pending'
    expect((await deploy(withEveryRule(first, third))).errors).toHaveLength(2)
    zilliz.allocation = 'done'
    expect((await deploy(withEveryRule(first, third))).errors).toEqual([])
    expect(onHostPorts(cloud)).toEqual(oneOfEach)
    for (const host of [awsHost, thirdHost]) expect(cloud.resolve(aws.vpcId, host).kind).toBe('addresses')
    expect((await plan(withEveryRule(first, third))).changes).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
    expect(cloud.securityGroupRules.size).toBe(0)
  })

  test('have one rule with a host that is written down, too', async () => {
    const both = clouds()
    const hosts = [`https://${awsHost}:19531`]
    const literal = environment({ search: { ...aws, serviceName, hosts, zilliz: { projectId, clusters: [third] } } })
    both.zilliz.endpoints.push({ projectId, regionId: 'aws-us-west-2', endpointId: 'vpce-1', gcpProjectId: undefined })
    const { deploy, plan } = await openDeployment(literal, both)
    expect((await deploy(literal)).errors).toEqual([])
    expect(rulesOf(both.aws)).toEqual(['ingress 19531 10.20.0.0/16'])
    expect((await plan(literal)).changes).toEqual([])
  })

  test('that are allocated in the middle of a deploy have one rule from the next deploy on', async () => {
    const both = clouds()
    const { deploy, plan } = await openDeployment(onAws(first, third), both)
    expect((await deploy(onAws(first, third))).errors).toEqual([])
    expect((await deploy(onAws(first, third))).errors).toEqual([])
    expect(rulesOf(both.aws)).toEqual(['ingress 19531 10.20.0.0/16'])
    expect((await plan(onAws(first, third))).changes).toEqual([])
  })

  test('have one firewall rule on Google Cloud', async () => {
    const onOnePort = { id: third, projectId, regionId: 'gcp-us-west1', privatePort: 443 }
    const both = { google: googleWorld(), zilliz: zillizWorld({ clusters: [onOnePort] }) }
    const literal = environment({ papers: { ...gcp, zilliz: { projectId, clusters: [onGoogle, third] } } })
    const { deploy, plan } = await openDeployment(literal, both)
    expect((await deploy(literal)).errors).toEqual([])
    expect([...both.google.firewalls.values()]).toMatchObject([{ allow: [{ protocol: 'tcp', ports: ['443'] }] }])
    expect((await plan(literal)).changes).toEqual([])
  })
})

test('a service and hosts that are written down stand beside clusters', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const hosts = [`https://${awsHost}:19531`]
  const literal = environment({ search: { ...aws, serviceName, hosts, zilliz: { projectId, clusters: [second] } } })
  const { deploy, plan } = await openDeployment(literal, clouds)
  expect((await deploy(literal)).errors).toEqual([])
  for (const host of [awsHost, secondHost]) expect(clouds.aws.resolve(aws.vpcId, host).kind).toBe('addresses')
  expect(rulesOf(clouds.aws)).toEqual(['ingress 19531 10.20.0.0/16', 'ingress 19532 10.20.0.0/16'])
  expect((await plan(literal)).changes).toEqual([])
})

test('the account is admitted before the endpoint, where the service says so, and not where it does not', async () => {
  const clouds = {
    aws: awsWorld(),
    zilliz: zillizWorld({ region: { endpointService: serviceName, whitelistRequired: true } })
  }
  const asked = inOrder(clouds)
  const { deploy } = await openDeployment(onAws(first), clouds)
  expect((await deploy(onAws(first))).errors).toEqual([])
  expect(clouds.zilliz.whitelist).toMatchObject([{ projectId, outerUserId: '123456789012' }])
  const steps = ['AddPrivateEndpointWhitelistEntry', 'CreateVpcEndpoint', 'CreatePrivateEndpoint']
  expect(asked.filter(action => steps.includes(action))).toEqual(steps)

  const open = { aws: awsWorld(), zilliz: zillizWorld() }
  await (await openDeployment(onAws(first), open)).deploy(onAws(first))
  expect(open.zilliz.whitelist).toEqual([])
})

test('a probe watches hosts that are read at the deploy, with clients of its own and without', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const zilliz = { projectId, clusters: [first] }
  const link = { ...aws, zilliz, sources: ['sg-0a1b2c3d4e5f60718'], clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60719'] }
  const literal = environment({ search: { ...link, probe: awsProbe } })
  const { deploy, plan } = await openDeployment(literal, clouds)
  expect((await deploy(literal)).errors).toEqual([])
  const [service] = clouds.aws.ecsServices.values()
  const env = service?.task?.containers[0]?.environment.find(({ name }) => name === 'PROBE_CONFIG')
  expect(JSON.parse(env?.value ?? '').targets).toMatchObject([{ host: awsHost, port: 19531 }])
  expect((await plan(literal)).changes).toEqual([])
})

test('a protected link refuses to be destroyed, and its registration stays', async () => {
  const protectedOne = { ...onAws(first), protect: ['search'] }
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const { terraform, deploy } = await openDeployment(protectedOne, clouds)
  await deploy(protectedOne)
  const { errors } = await terraform.destroy()
  expect(new Set(errors.map(({ summary }) => summary))).toEqual(new Set(['Instance cannot be destroyed']))
  expect(clouds.zilliz.endpoints).toHaveLength(1)
})

test('an endpoint that was registered in the console is not registered twice, and its hosts are read all the same', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const byHand = environment({ search: { ...aws, serviceName: awsLink.serviceName } })
  const { terraform, deploy, plan } = await openDeployment(byHand, clouds)
  await deploy(byHand)
  const [endpointId = ''] = clouds.aws.vpcEndpoints.keys()
  const registration = { projectId, regionId: 'aws-us-west-2', endpointId, gcpProjectId: undefined }
  clouds.zilliz.endpoints.push(registration)

  await terraform.replaceConfiguration(await synthesize(onAws(first)))
  await terraform.init()
  const [refused] = (await deploy(onAws(first))).errors
  expect(refused?.detail).toContain('already exists')
  expect(clouds.zilliz.endpoints).toEqual([registration])

  const registered = environment({ search: { ...aws, zilliz: { projectId, clusters: [first], registered: true } } })
  expect((await deploy(registered)).errors).toEqual([])
  expect(clouds.aws.resolve(aws.vpcId, awsHost).kind).toBe('addresses')
  expect((await plan(registered)).changes).toEqual([])
  expect((await terraform.destroy()).errors).toEqual([])
  expect(clouds.zilliz.endpoints).toEqual([registration])
})

describe('what Zilliz Cloud refuses', () => {
  test('a cluster of another region stops the deploy', async () => {
    const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
    const { deploy } = await openDeployment(onAws(onGoogle), clouds)
    expect(details(await deploy(onAws(onGoogle)))).toContain(
      `test/search: cluster ${onGoogle} is in gcp-us-west1, but the endpoint's service is in aws-us-west-2. Put it on a link to gcp-us-west1.`
    )
  })

  test('a region without private links stops the deploy before anything is made', async () => {
    const clouds = { aws: awsWorld(), zilliz: zillizWorld({ region: {} }) }
    const { deploy } = await openDeployment(onAws(first), clouds)
    expect(details(await deploy(onAws(first)))).toContain(
      'test/search: Zilliz Cloud must have one endpoint service in aws-us-west-2, but lists 0. Choose a region with private links, or write the service down.'
    )
    expect(clouds.aws.calls).toEqual([])
  })

  test('a key that is refused, or not there, stops the deploy before anything is made', async () => {
    for (const apiKey of ['illegal', 'missing'] as const) {
      const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
      clouds.zilliz.apiKey = apiKey
      const { deploy } = await openDeployment(onAws(first), clouds)
      expect((await deploy(onAws(first))).errors).not.toEqual([])
      expect(clouds.aws.calls).toEqual([])
    }
  })
})

test('without the option the provider is not asked for, and with it the key is in nothing that Terraform keeps', async () => {
  const clouds = { aws: awsWorld(), zilliz: zillizWorld() }
  const key = 'a-key-that-is-nowhere-else'
  process.env.ZILLIZCLOUD_API_KEY = key
  try {
    const { terraform, deploy } = await openDeployment(onAws(first), clouds)
    expect((await deploy(onAws(first))).errors).toEqual([])
    const kept = readdirSync(terraform.directory, { recursive: true, withFileTypes: true }).filter(file =>
      file.isFile()
    )
    expect(kept.map(({ name }) => name)).toContain('terraform.tfstate')
    for (const { parentPath, name } of kept) {
      const text = readFileSync(join(parentPath, name), 'utf8')
      expect(text.includes(key), name).toBe(false)
      expect(/api_key/.test(text), name).toBe(false)
    }
  } finally {
    delete process.env.ZILLIZCLOUD_API_KEY
  }
  const { terraform } = await openDeployment(environment({ search: awsLink }), { aws: awsWorld() })
  expect(readFileSync(join(terraform.directory, 'cdk.tf.json'), 'utf8')).not.toContain('zilliztech')
})
