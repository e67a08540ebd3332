import { describe, expect } from 'vitest'
import { ProbeConfig } from '../../probe/target.ts'
import type { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { endpointHostedZoneId } from '../standin/aws/endpoint-names.ts'
import type { GoogleCloud } from '../standin/google/google-cloud.ts'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from './literals.ts'
import {
  awsHost,
  awsWorldOfOthers,
  gcpHost,
  googleWorldOfOthers,
  sharedEndpoint,
  sharedRule,
  zillizProject,
  zillizWorld
} from './world.ts'

const test = testWith('terraform')

function environment(link: object, others: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links: { search: link, ...others } }
}

const hosts = [`https://${awsHost}:19531`]
const { serviceName: _, subnetIds, ...awsRest } = awsLink
const onAws = { ...awsRest, hosts, endpoint: { id: sharedEndpoint.id } }
const ownOnAws = { ...awsLink, hosts }

const { serviceAttachment: __, subnetwork: ___, ...gcpRest } = gcpLink
const shared = { networkProject: sharedRule.project, network: sharedRule.network }
const onGoogle = { ...gcpRest, ...shared, endpoint: { name: sharedRule.name, project: sharedRule.project } }
const ownOnGoogle = { ...gcpLink, ...shared, subnetwork: 'shared-us-west1' }

/** The regional name of the endpoint that others made. */
const nameOf = (aws: AwsCloud) =>
  aws.vpcEndpoints.get(sharedEndpoint.id)?.names.find(({ zone }) => zone === undefined)?.name

/** Calls to AWS that are for no zone, record or probe. */
const touched = ({ calls }: AwsCloud) =>
  calls.filter(({ action, id }) => /VpcEndpoint|SecurityGroup|Tags/.test(action) || id.startsWith('vpce-'))

/** Calls to Google Cloud for endpoints, addresses and the firewall. */
const touchedOn = ({ calls }: GoogleCloud) =>
  calls.filter(({ action }) => /^(forwardingRules|addresses|firewalls)\./.test(action))

describe('an endpoint that others made, on AWS', () => {
  for (const { when, endpoint, connection } of [
    { when: 'read by its id', endpoint: () => ({ id: sharedEndpoint.id }), connection: 'available' },
    {
      when: 'of another account, with its name and hosted zone',
      endpoint: (aws: AwsCloud) => ({
        id: sharedEndpoint.id,
        dnsName: nameOf(aws),
        hostedZoneId: endpointHostedZoneId('us-west-2')
      }),
      connection: undefined
    }
  ]) {
    for (const zone of ['per-host', 'parent']) {
      test(`is answered in a zone ${zone}, left alone and kept, ${when}`, async () => {
        const aws = awsWorldOfOthers()
        const rules = [...aws.securityGroupRules.keys()]
        const link = environment({ ...onAws, zone, endpoint: endpoint(aws) })
        const stepOne = environment({ ...onAws, zone, endpoint: endpoint(aws), hosts: [] })
        const { terraform, deploy, plan } = await openDeployment(stepOne, { aws })
        expect(await terraform.validate()).toEqual([])
        expect((await deploy(stepOne)).errors).toEqual([])
        const { outputs, errors, warnings } = await deploy(link)
        expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
        const addresses = aws.vpcEndpoints.get(sharedEndpoint.id)?.interfaces.map(({ address }) => address)
        expect(aws.resolve(awsLink.vpcId, awsHost)).toEqual({ kind: 'addresses', addresses })

        const [hostedZone] = [...aws.hostedZones.values()]
        expect(outputs.register).toEqual({
          search: {
            'Cloud Provider': 'AWS',
            Region: 'us-west-2',
            ...(connection === undefined ? {} : { 'VPC ID': awsLink.vpcId, 'Subnet IDs': [...subnetIds].sort() }),
            'Your VPC Private Link ID': sharedEndpoint.id
          }
        })
        expect(outputs.endpoint_ids).toEqual({ search: { id: sharedEndpoint.id } })
        const type = zone === 'parent' ? 'CNAME' : 'A'
        expect(outputs.links).toEqual({
          search: {
            ...(connection === undefined ? {} : { connection_status: connection }),
            addresses: connection === undefined ? [] : [...(addresses ?? [])].sort(),
            records: [{ name: awsHost, type, value: nameOf(aws), zone: hostedZone?.id }]
          }
        })
        expect(ProbeConfig.parse(JSON.parse(String(outputs.probe_config)))).toEqual({
          targets: [
            {
              name: 'test/search/in01-840ec44485bf25d',
              environment: 'test',
              cloud: 'aws',
              region: 'us-west-2',
              host: awsHost,
              port: 19531,
              vpcId: awsLink.vpcId,
              hostedZoneId: hostedZone?.id,
              endpointId: sharedEndpoint.id,
              endpointDnsName: nameOf(aws)
            }
          ]
        })
        expect((await plan(link)).changes).toEqual([])
        const more = environment({ ...onAws, zone, endpoint: endpoint(aws), hosts: awsLink.hosts })
        expect((await deploy(more)).errors).toEqual([])
        expect((await terraform.destroy()).errors).toEqual([])
        expect(touched(aws)).toEqual([])
        expect([...aws.vpcEndpoints.keys()]).toEqual([sharedEndpoint.id])
        expect([...aws.securityGroupRules.keys()]).toEqual(rules)
        expect(aws.hostedZones.size).toBe(0)
      })
    }
  }
})

describe('an endpoint that others made, on Google Cloud', () => {
  for (const { when, address } of [
    { when: 'read by its name', address: undefined },
    { when: 'whose address is given', address: sharedRule.address }
  ]) {
    test(`is answered, left alone and kept, ${when}`, async () => {
      const google = googleWorldOfOthers()
      const endpoint = { ...onGoogle.endpoint, ...(address === undefined ? {} : { address }) }
      const link = environment({ ...onGoogle, endpoint })
      const stepOne = environment({ ...onGoogle, endpoint, hosts: [] })
      const { terraform, deploy, plan } = await openDeployment(stepOne, { google })
      expect(await terraform.validate()).toEqual([])
      expect((await deploy(stepOne)).errors).toEqual([])
      const { outputs, errors, warnings } = await deploy(link)
      expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
      const network = `projects/${sharedRule.project}/global/networks/${sharedRule.network}`
      expect(google.resolve(network, gcpHost)).toEqual({ kind: 'addresses', addresses: [sharedRule.address] })
      expect(outputs.register).toEqual({
        search: {
          'Cloud Provider': 'Google Cloud',
          Region: 'us-west1',
          'Google Cloud Project ID': sharedRule.project,
          'Your Endpoint': sharedRule.name
        }
      })
      expect(outputs.endpoint_ids).toEqual({ search: { id: sharedRule.name, project: sharedRule.project } })
      const zone = 'zilliz-in01-61e949d971f841b'
      expect(outputs.links).toEqual({
        search: {
          ...(address === undefined ? { connection_status: 'ACCEPTED' } : {}),
          addresses: [sharedRule.address],
          records: [{ name: gcpHost, type: 'A', value: sharedRule.address, zone }]
        }
      })
      expect(ProbeConfig.parse(JSON.parse(String(outputs.probe_config)))).toEqual({
        targets: [
          {
            name: 'test/search/in01-61e949d971f841b',
            environment: 'test',
            cloud: 'gcp',
            region: 'us-west1',
            host: gcpHost,
            port: 443,
            project: sharedRule.project,
            network: sharedRule.network,
            managedZone: zone,
            forwardingRule: sharedRule.name,
            endpointAddress: sharedRule.address
          }
        ]
      })
      expect((await plan(link)).changes).toEqual([])
      expect((await terraform.destroy()).errors).toEqual([])
      expect(touchedOn(google)).toEqual([])
      expect(google.forwardingRules.size).toBe(1)
      expect(google.managedZones.size).toBe(0)
    })
  }
})

describe('the probe of a link to an endpoint of others', () => {
  const clients = ['sg-0a1b2c3d4e5f60718']

  test('runs on AWS in the subnets and with the groups of clients that it is given, and adds no rule to the endpoint', async () => {
    const aws = awsWorldOfOthers()
    const probe = { ...awsProbe, subnetIds, clientSecurityGroupIds: clients }
    const literal = environment({ ...onAws, probe })
    const { terraform, deploy, plan } = await openDeployment(literal, { aws })
    const { errors, outputs } = await deploy(literal)
    expect(errors).toEqual([])
    expect((await plan(literal)).changes).toEqual([])
    const services = [...aws.ecsServices.values()]
    expect(services.map(({ task }) => task?.subnetId).sort()).toEqual([...subnetIds].sort())
    const [group = ''] = [...aws.securityGroups.values()]
      .filter(each => each.description.startsWith('Probe'))
      .map(each => each.id)
    expect([...aws.securityGroupRules.values()].map(rule => rule.securityGroupId)).not.toContain(
      sharedEndpoint.securityGroupIds[0]
    )
    expect(new Set([...aws.securityGroupRules.values()].map(rule => rule.securityGroupId))).toEqual(new Set([group]))
    expect(services.map(({ task }) => task?.securityGroupIds)).toEqual(subnetIds.map(() => [group, ...clients]))
    expect(outputs.probes).toHaveProperty('search')
    expect((await terraform.destroy()).errors).toEqual([])
    expect(aws.calls.filter(({ id }) => id === sharedEndpoint.id)).toEqual([])
  })

  test('runs on Google Cloud in the subnet and with the tags of clients that it is given, and adds only the rule to scrape it', async () => {
    const google = googleWorldOfOthers()
    const probe = { ...gcpProbe, networkTags: ['search-client'] }
    const literal = environment({ ...onGoogle, subnetwork: 'shared-us-west1', probe })
    const { terraform, deploy, plan } = await openDeployment(literal, { google })
    expect((await deploy(literal)).errors).toEqual([])
    expect((await plan(literal)).changes).toEqual([])
    expect([...google.instanceTemplates.values()].map(({ tags }) => [...tags].sort())).toEqual([
      ['search-client', 'zilliz-us-west1-probe']
    ])
    expect([...google.firewalls.values()].map(({ name }) => name)).toEqual(['zilliz-us-west1-probe-scrape'])
    expect((await terraform.destroy()).errors).toEqual([])
    expect(touchedOn(google).filter(({ action }) => !action.startsWith('firewalls.'))).toEqual([])
  })
})

describe('a link that moves between an endpoint of its own and one of others', () => {
  test('destroys on AWS its own endpoint and rules, as the plan says, and makes them again on the way back', async () => {
    const aws = awsWorldOfOthers()
    const { deploy, plan } = await openDeployment(environment(ownOnAws), { aws })
    expect((await deploy(environment(ownOnAws))).errors).toEqual([])
    expect(changesByKind(await plan(environment(onAws)))).toEqual([
      'delete aws_security_group',
      'delete aws_vpc_endpoint',
      'delete aws_vpc_security_group_ingress_rule',
      'update aws_route53_record'
    ])
    const seen: string[] = []
    aws.onChange = () => seen.push(aws.resolve(awsLink.vpcId, awsHost).kind)
    expect((await deploy(environment(onAws))).errors).toEqual([])
    expect([...aws.vpcEndpoints.keys()]).toEqual([sharedEndpoint.id])
    expect((await plan(environment(onAws))).changes).toEqual([])
    // Terraform destroys the endpoint before it changes the record, which is why the page tells to do it while no client connects.
    expect(seen[0]).toBe('public')
    expect(seen.at(-1)).toBe('addresses')

    expect(changesByKind(await plan(environment(ownOnAws)))).toEqual([
      'create aws_security_group',
      'create aws_vpc_endpoint',
      'create aws_vpc_security_group_ingress_rule',
      'update aws_route53_record'
    ])
    expect((await deploy(environment(ownOnAws))).errors).toEqual([])
    expect(aws.vpcEndpoints.has(sharedEndpoint.id)).toBe(true)
  })

  test('is stopped on AWS when it names the endpoint that it made', async () => {
    const aws = awsWorldOfOthers()
    const { deploy, plan } = await openDeployment(environment(ownOnAws), { aws })
    expect((await deploy(environment(ownOnAws))).errors).toEqual([])
    const [own = ''] = [...aws.vpcEndpoints.keys()].filter(id => id !== sharedEndpoint.id)
    const calls = aws.calls.length
    const { errors } = await plan(environment({ ...onAws, endpoint: { id: own } }))
    expect(errors.map(({ detail }) => detail)).toEqual([
      `test/search/endpoint: ${own} has the tag Name of the endpoint that this link makes itself, zilliz-test-search, so the deploy would destroy it. Remove endpoint to keep it. To hand it over, take it and its security group out of the state first, and change the tag.`
    ])
    expect(aws.calls.length).toBe(calls)
  })

  test('destroys on Google Cloud its own endpoint, as the plan says, and is stopped when it names the endpoint that it made', async () => {
    const google = googleWorldOfOthers()
    const { deploy, plan } = await openDeployment(environment(ownOnGoogle), { google })
    expect((await deploy(environment(ownOnGoogle))).errors).toEqual([])
    const itself = { ...onGoogle, endpoint: { name: 'zilliz-us-west1' } }
    expect((await plan(environment(itself))).errors.map(({ detail }) => detail)).toEqual([
      'test/search/endpoint: zilliz-us-west1 has the name and the labels of the endpoint that this link makes itself, so the deploy would destroy it. Remove endpoint to keep it. To hand it over, take it and its address out of the state first, and change its labels.'
    ])
    expect(changesByKind(await plan(environment(onGoogle)))).toEqual([
      'delete google_compute_address',
      'delete google_compute_firewall',
      'delete google_compute_forwarding_rule',
      'delete terraform_data',
      'update google_dns_record_set'
    ])
    expect((await deploy(environment(onGoogle))).errors).toEqual([])
    expect([...google.forwardingRules.values()].map(({ name }) => name)).toEqual([sharedRule.name])
    expect((await deploy(environment(ownOnGoogle))).errors).toEqual([])
  })
})

describe('with an API key, an endpoint of others', () => {
  test('is registered on AWS and answered at the hosts that are read, and only the registration goes with the link', async () => {
    const aws = awsWorldOfOthers()
    const zilliz = zillizWorld({ region: { endpointService: awsLink.serviceName, whitelistRequired: true } })
    const { hosts: _, ...link } = onAws
    const literal = environment({
      ...link,
      zilliz: { projectId: zillizProject, clusters: ['in01-840ec44485bf25d'] }
    })
    const { terraform, deploy, plan } = await openDeployment(literal, { aws, zilliz })
    const { errors, warnings, outputs } = await deploy(literal)
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] })
    expect(zilliz.endpoints.map(({ endpointId }) => endpointId)).toEqual([sharedEndpoint.id])
    expect(outputs.registrations).toHaveProperty('search')
    expect(aws.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'addresses', addresses: { length: 2 } })
    expect((await plan(literal)).changes).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
    expect(zilliz.endpoints).toEqual([])
    expect(touched(aws)).toEqual([])
  })

  test('is registered on Google Cloud with the project that it is in', async () => {
    const google = googleWorldOfOthers()
    const zilliz = zillizWorld()
    const { hosts: _, ...link } = onGoogle
    const literal = environment({ ...link, zilliz: { projectId: zillizProject, clusters: ['in01-61e949d971f841b'] } })
    const { deploy, plan } = await openDeployment(literal, { google, zilliz })
    expect((await deploy(literal)).errors).toEqual([])
    expect(zilliz.endpoints).toMatchObject([{ endpointId: sharedRule.name, gcpProjectId: sharedRule.project }])
    expect((await plan(literal)).changes).toEqual([])
    expect(touchedOn(google)).toEqual([])
  })
})

describe('the plan says of an endpoint of others', () => {
  const problems = async (aws: AwsCloud, endpoint: object, more: object = {}) => {
    const literal = environment({ ...onAws, ...more, endpoint })
    const { plan } = await openDeployment(literal, { aws })
    const { errors, warnings } = await plan(literal)
    return {
      errors: errors.map(({ detail, summary }) => detail || summary),
      warnings: warnings.map(({ detail }) => detail)
    }
  }

  test('that it is not accepted yet', async () => {
    const aws = awsWorldOfOthers()
    aws.acceptance = 'pending'
    expect(await problems(aws, { id: sharedEndpoint.id })).toEqual({
      errors: [],
      warnings: [
        `test/search: ${sharedEndpoint.id} is pendingAcceptance, not available. Enter the values of the output "register" in the Add Private Link dialog of Zilliz Cloud, which accepts the endpoint within about 5 minutes.`
      ]
    })
  })

  test('that it is not there, or of another account', async () => {
    const { errors } = await problems(awsWorldOfOthers(), { id: 'vpce-0a1b2c3d4e5f60799' })
    expect(errors).toEqual(['no matching EC2 VPC Endpoint found'])
  })

  test('that it connects to a service of another region', async () => {
    const { errors } = await problems(
      awsWorldOfOthers(),
      { id: sharedEndpoint.id },
      { serviceRegion: 'us-east-1', hosts: [] }
    )
    expect(errors).toEqual([
      `test/search/endpoint: ${sharedEndpoint.id} must be an interface endpoint to Zilliz Cloud in us-east-1, got one to ${awsLink.serviceName}. Name another.`
    ])
  })

  test('that it has no IPv6 addresses', async () => {
    const { errors } = await problems(awsWorldOfOthers(), { id: sharedEndpoint.id }, { ipAddressType: 'dualstack' })
    expect(errors).toEqual([
      `test/search/endpoint: ${sharedEndpoint.id} must have IPv6 addresses for ipAddressType: 'dualstack', got ipv4. Choose ipAddressType: 'ipv4'.`
    ])
  })

  test('that its connection is closed, on Google Cloud', async () => {
    const google = googleWorldOfOthers()
    google.acceptance = 'CLOSED'
    const { plan } = await openDeployment(environment(onGoogle), { google })
    const { errors, warnings } = await plan(environment(onGoogle))
    expect(errors).toEqual([])
    expect(warnings.map(({ detail }) => detail)).toEqual([
      `test/search: the connection of ${sharedRule.name} is CLOSED, not ACCEPTED. Enter the values of the output "register" in the Add Private Link dialog of Zilliz Cloud, which accepts the endpoint within about 5 minutes.`
    ])
  })
})
