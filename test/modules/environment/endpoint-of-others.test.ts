import { expect, test } from 'vitest'
import { AwsLinkOptions, readAwsLink } from '../../../modules/aws/link.ts'
import { readEnvironments } from '../../../modules/environment/read-environments.ts'
import { GcpLinkOptions, readGcpLink } from '../../../modules/gcp/link.ts'
import { MistakesError } from '../../../modules/mistakes.ts'
import { awsLink, awsProbe, environment, gcpLink, gcpProbe } from '../literals.ts'

function linesOf(link: object, more: object = {}): readonly string[] {
  try {
    readEnvironments([{ ...environment, links: { search: link }, ...more }])
  } catch (error) {
    if (error instanceof MistakesError) return error.mistakes
    throw error
  }
  return []
}

const id = 'vpce-0a1b2c3d4e5f60718'
const dnsName = `${id}-ngbqfdnj.vpce-svc-0123456789abcdef0.us-west-2.vpce.amazonaws.com`
const hostedZoneId = 'Z0123456789ABC'
const { serviceName: _, subnetIds: __, ...awsRest } = awsLink
const onAws = { ...awsRest, endpoint: { id } }
const { serviceAttachment: ___, subnetwork: ____, ...gcpRest } = gcpLink
const onGoogle = { ...gcpRest, endpoint: { name: 'network-zilliz' } }
const noMeaning = 'has no meaning with endpoint, which names an endpoint of others. Remove it.'

test('a link to an endpoint of others is read as such, and has no field of an endpoint of its own', () => {
  const aws = (endpoint: object) => readAwsLink(AwsLinkOptions.parse({ ...onAws, endpoint }))
  expect(aws({ id }).endpoint).toEqual({ kind: 'existing', zilliz: undefined, others: { kind: 'read', id } })
  expect(aws({ id, dnsName, hostedZoneId }).endpoint).toMatchObject({
    others: { kind: 'given', id, dnsName, hostedZoneId }
  })
  for (const field of ['subnetIds', 'sources', 'tags', 'vendor', 'serviceName'])
    expect(aws({ id })).not.toHaveProperty(field)
  expect(readAwsLink(AwsLinkOptions.parse(awsLink)).endpoint).toMatchObject({
    kind: 'managed',
    own: { subnetIds: awsLink.subnetIds }
  })
  const gcp = readGcpLink(GcpLinkOptions.parse(onGoogle))
  expect(gcp.endpoint).toMatchObject({ kind: 'existing', others: { kind: 'read', name: 'network-zilliz' } })
  for (const field of ['labels', 'egressPriority', 'globalAccess', 'vendor']) expect(gcp).not.toHaveProperty(field)
})

test('every field of an endpoint of its own is refused next to one of others on AWS, all at once', () => {
  const own = {
    serviceName: awsLink.serviceName,
    subnetIds: awsLink.subnetIds,
    sources: ['10.20.0.0/16'],
    allowAnySource: true,
    clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    extraSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    tags: { team: 'search' },
    timeouts: { create: '20m' },
    notificationTopicArn: 'arn:aws:sns:us-west-2:123456789012:endpoints',
    adoptEndpointId: id
  }
  expect(linesOf({ ...onAws, ...own }, { protect: ['search'] }).toSorted()).toEqual(
    [
      ...Object.keys(own).map(field => `test: links.search.${field}: ${noMeaning}`),
      'test: protect[0]: names a link with endpoint, which no deploy destroys or replaces, got "search". Remove the name.'
    ].toSorted()
  )
})

test('every field of an endpoint of its own is refused next to one of others on Google Cloud, all at once', () => {
  const own = {
    serviceAttachment: gcpLink.serviceAttachment,
    address: '10.138.0.9',
    endpointName: 'mine',
    addressName: 'mine-ip',
    globalAccess: true,
    egressPriority: 500,
    egressTargetTags: ['search'],
    iapSshTargetTags: ['test-vm'],
    labels: { team: 'search' },
    timeouts: { create: '30m' }
  }
  expect(linesOf({ ...onGoogle, ...own, adopt: ['records', 'endpoint'] }).toSorted()).toEqual(
    [
      ...Object.keys(own).map(field => `test: links.search.${field}: ${noMeaning}`),
      `test: links.search.adopt[1]: ${noMeaning}`
    ].toSorted()
  )
})

for (const { when, link, lines } of [
  {
    when: 'it has neither an endpoint nor what makes one, on AWS',
    link: awsRest,
    lines: [
      'serviceName: is missing. Give a string, or zilliz to have it looked up.',
      'subnetIds: is missing. Give a list.'
    ]
  },
  {
    when: 'it has neither an endpoint nor what makes one, on Google Cloud',
    link: gcpRest,
    lines: [
      'serviceAttachment: is missing. Give a string, or zilliz to have it looked up.',
      'subnetwork: is missing. Give a string.'
    ]
  },
  {
    when: 'the name of its endpoint lacks the hosted zone',
    link: { ...onAws, endpoint: { id, dnsName } },
    lines: ['endpoint.hostedZoneId: is missing. An alias record needs it with dnsName.']
  },
  {
    when: 'the hosted zone of its endpoint lacks the name',
    link: { ...onAws, endpoint: { id, hostedZoneId } },
    lines: ['endpoint.dnsName: is missing. hostedZoneId is the zone of that name.']
  },
  {
    when: 'the name of its endpoint is of one availability zone',
    link: { ...onAws, endpoint: { id, dnsName: dnsName.replace('fdnj.', 'fdnj-us-west-2a.'), hostedZoneId } },
    lines: [
      `endpoint.dnsName: must be the regional DNS name of an endpoint such as vpce-0a1b2c3d4e5f60718-ngbqfdnj.vpce-svc-0123456789abcdef0.us-west-2.vpce.amazonaws.com, got "${dnsName.replace('fdnj.', 'fdnj-us-west-2a.')}". Copy the first of its DNS names, which has no availability zone, from its page in the Amazon VPC console.`
    ]
  },
  {
    when: 'the name is that of another endpoint',
    link: { ...onAws, endpoint: { id: 'vpce-0a1b2c3d4e5f60799', dnsName, hostedZoneId } },
    lines: [
      `endpoint.dnsName: must be the name of vpce-0a1b2c3d4e5f60799, got "${dnsName}". Copy both from the page of one endpoint.`
    ]
  },
  {
    when: 'a host is of another region than its endpoint',
    link: { ...onAws, region: 'us-east-1' },
    lines: awsLink.hosts.map(
      (host, index) =>
        `hosts[${index}]: is in aws-us-west-2, but the service of this link is in aws-us-east-1, got "${host.slice('https://'.length).split(':')[0]}". Put it on a link to aws-us-west-2.`
    )
  },
  {
    when: 'its probe lacks subnets and groups of clients',
    link: { ...onAws, probe: awsProbe },
    lines: [
      'probe.subnetIds: is missing. A link with endpoint has no subnets, so give those in which a probe runs.',
      'probe.clientSecurityGroupIds: is missing. The deploy changes no rule of endpoint, so give a security group of clients that may connect to it.'
    ]
  },
  {
    when: 'its probe lacks a subnet on Google Cloud',
    link: { ...onGoogle, probe: gcpProbe },
    lines: ['subnetwork: is missing. The VMs of the probe run in it.']
  },
  {
    when: 'it has a subnet in which nothing runs on Google Cloud',
    link: { ...onGoogle, subnetwork: 'default' },
    lines: ['subnetwork: has no meaning with endpoint and without probe, got "default". Remove it.']
  }
]) {
  test(`a link is refused when ${when}`, () => {
    expect(linesOf(link)).toEqual(lines.map(line => `test: links.search.${line}`))
  })
}

test('a probe that watches the endpoint of others of another link needs a group of clients', () => {
  const links = (probe: object) => ({
    own: { ...awsLink, hosts: [], probe },
    search: onAws
  })
  expect(linesOf({}, { links: links(awsProbe) })).toEqual([
    'test: links.own.probe.clientSecurityGroupIds: is missing. The deploy changes no rule of links.search, so give a security group of clients that may connect to it.'
  ])
  expect(linesOf({}, { links: links({ ...awsProbe, clientSecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] }) })).toEqual([])
})
