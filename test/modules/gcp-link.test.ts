import { describe, expect } from 'vitest'
import { ProbeConfig } from '../../probe/target.ts'
import { GoogleCloud } from '../standin/google/google-cloud.ts'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { gcpLink } from './literals.ts'

const test = testWith('terraform')

const { hosts: _, ...stepOne } = gcpLink
const host = 'in01-61e949d971f841b-privatelink.gcp-us-west1.vectordb.zillizcloud.com'
const secondHost = 'in01-0a1b2c3d4e5f607-privatelink.gcp-us-west1.vectordb.zillizcloud.com'
const network = 'projects/search-test/global/networks/default'

function newCloud() {
  return new GoogleCloud({
    project: gcpLink.project,
    networks: [
      { name: 'default', subnetworks: [{ name: 'default', range: '10.138.0.0/20' }] },
      { name: 'other', subnetworks: [{ name: 'elsewhere', range: '10.99.0.0/20' }] }
    ]
  })
}

function environment(link: object, labels: Record<string, string> = {}) {
  return { name: 'test', backend: { type: 'local' }, labels, links: { papers: link } }
}

function addressOf(google: GoogleCloud) {
  return [...google.addresses.values()].map(({ address }) => address)
}

describe.each([
  { zone: 'per-host', managedZone: 'zilliz-in01-61e949d971f841b', dnsName: `${host}.` },
  { zone: 'parent', managedZone: 'zilliz-privatelink-zone', dnsName: 'vectordb.zillizcloud.com.' }
])('with zone $zone', ({ zone, managedZone, dnsName }) => {
  test('a link is validated, deployed, planned again without change, and destroyed', async () => {
    const google = newCloud()
    const literal = environment({ ...gcpLink, zone }, { 'cost-center': 'search' })
    const { terraform, deploy, plan } = await openDeployment(literal, { google })

    expect(await terraform.validate()).toEqual([])
    const applied = await deploy(literal)
    expect([...applied.errors, ...applied.warnings]).toEqual([])

    const labels = { environment: 'test', 'managed-by': 'zilliz-privatelink', 'cost-center': 'search' }
    const [address] = addressOf(google)
    expect([...google.addresses.values()]).toMatchObject([
      { name: 'zilliz-us-west1-address', purpose: 'GCE_ENDPOINT', labels }
    ])
    expect([...google.forwardingRules.values()]).toMatchObject([
      { name: 'zilliz-us-west1', network, address, attachment: gcpLink.serviceAttachment, automatesDns: false, labels }
    ])
    // Empty is what Private Service Connect wants; left out, the provider would say EXTERNAL.
    const rule = (await terraform.state()).find(({ address }) => address.startsWith('google_compute_forwarding_rule.'))
    expect(rule?.values).toMatchObject({ load_balancing_scheme: '', recreate_closed_psc: true })
    expect([...google.firewalls.values()]).toMatchObject([
      {
        name: 'zilliz-us-west1-egress',
        network,
        direction: 'EGRESS',
        priority: 900,
        allow: [{ protocol: 'tcp', ports: ['443'] }],
        destinationRanges: [`${address}/32`],
        logMetadata: 'INCLUDE_ALL_METADATA'
      }
    ])
    expect([...google.managedZones.values()]).toMatchObject([
      { zoneName: managedZone, name: dnsName, visibility: 'private', networks: [network] }
    ])
    expect(google.resolve('default', host)).toEqual({ kind: 'addresses', addresses: [address] })
    expect(google.resolve('other', host)).toEqual({ kind: 'public', name: host })

    const { register, links, probe_config } = applied.outputs
    expect(register).toEqual({
      papers: {
        'Cloud Provider': 'Google Cloud',
        Region: 'us-west1',
        'Google Cloud Project ID': 'search-test',
        'VPC Name': 'default',
        'Subnet Name': 'default',
        'Private Service Connect Endpoint prefix': 'zilliz',
        'Your Endpoint': 'zilliz-us-west1'
      }
    })
    expect(links).toEqual({
      papers: {
        connection_status: 'ACCEPTED',
        addresses: [address],
        records: [{ name: host, type: 'A', value: address, zone: managedZone }]
      }
    })
    expect(ProbeConfig.parse(JSON.parse(String(probe_config)))).toEqual({
      targets: [
        {
          name: 'test/papers/in01-61e949d971f841b',
          environment: 'test',
          cloud: 'gcp',
          region: 'us-west1',
          host,
          port: 443,
          project: 'search-test',
          network: 'default',
          managedZone,
          forwardingRule: 'zilliz-us-west1',
          endpointAddress: address,
          egressFirewall: 'zilliz-us-west1-egress'
        }
      ]
    })

    expect((await plan(literal)).changes).toEqual([])
    expect((await terraform.destroy()).errors).toEqual([])
    expect(
      [google.forwardingRules, google.addresses, google.firewalls, google.managedZones].map(({ size }) => size)
    ).toEqual([0, 0, 0, 0])
  })

  test('the second step adds hosts to the first and replaces nothing', async () => {
    const google = newCloud()
    google.acceptance = 'PENDING'
    const { deploy, plan } = await openDeployment(environment({ ...stepOne, zone }), { google })

    const one = await deploy(environment({ ...stepOne, zone }))
    expect(one.errors).toEqual([])
    expect(one.warnings.map(({ detail }) => detail)).toEqual([
      'test/papers: the connection of zilliz-us-west1 is PENDING, not ACCEPTED. Enter the values of the output "register" in the Add Private Link dialog of Zilliz Cloud, which accepts the endpoint within about 5 minutes.'
    ])
    // A rule without ports would open all of them.
    expect(google.firewalls.size).toBe(0)
    expect(google.managedZones.size).toBe(zone === 'parent' ? 1 : 0)
    expect(ProbeConfig.parse(JSON.parse(String(one.outputs.probe_config)))).toEqual({ targets: [] })

    google.acceptance = 'ACCEPTED'
    const planned = await plan(environment({ ...gcpLink, zone }))
    expect(new Set(planned.changes.flatMap(({ actions }) => actions))).toEqual(new Set(['create']))
    const two = await deploy(environment({ ...gcpLink, zone }))
    expect([...two.errors, ...two.warnings]).toEqual([])
  })
})

test('what is added later replaces nothing', async () => {
  const google = newCloud()
  const { deploy, plan } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))

  const wider = environment(
    { ...gcpLink, hosts: [...gcpLink.hosts, `${secondHost}:19530`], iapSshTargetTags: ['test-vm'] },
    { team: 'search' }
  )
  expect(changesByKind(await plan(wider))).toEqual([
    'create google_compute_firewall',
    'create google_dns_managed_zone',
    'create google_dns_record_set',
    'update google_compute_address',
    'update google_compute_firewall',
    'update google_compute_forwarding_rule',
    'update google_dns_managed_zone'
  ])
  expect((await deploy(wider)).errors).toEqual([])
  expect([...google.firewalls.values()]).toMatchObject([
    { name: 'zilliz-us-west1-egress', allow: [{ protocol: 'tcp', ports: ['443', '19530'] }] },
    {
      name: 'zilliz-us-west1-iap-ssh',
      direction: 'INGRESS',
      sourceRanges: ['35.235.240.0/20'],
      targetTags: ['test-vm'],
      allow: [{ protocol: 'tcp', ports: ['22'] }]
    }
  ])
})

test("the guide's rule for SSH is not made unless it is asked for", async () => {
  const google = newCloud()
  const { deploy } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))
  expect([...google.firewalls.values()].filter(({ direction }) => direction === 'INGRESS')).toEqual([])
})

test('another service attachment replaces the forwarding rule and nothing else', async () => {
  const google = newCloud()
  const { deploy, plan } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))
  const moved = environment({
    ...gcpLink,
    serviceAttachment: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1-b'
  })
  expect(changesByKind(await plan(moved))).toEqual([
    'delete and create google_compute_forwarding_rule',
    'update terraform_data'
  ])
  expect((await deploy(moved)).errors).toEqual([])
  expect((await plan(moved)).changes).toEqual([])
})

test('a connection that Zilliz Cloud closed is made anew', async () => {
  const google = newCloud()
  const { deploy, plan } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))
  google.acceptance = 'CLOSED'
  expect(changesByKind(await plan(environment(gcpLink)))).toContainEqual(
    expect.stringMatching(/^(delete and create|create) google_compute_forwarding_rule$/)
  )
})

test('a connection that Zilliz Cloud rejects later is reported by every plan, and nothing is replaced', async () => {
  const google = newCloud()
  const { deploy, plan } = await openDeployment(environment(gcpLink), { google })
  await deploy(environment(gcpLink))
  google.acceptance = 'REJECTED'
  const { changes, warnings } = await plan(environment(gcpLink))
  expect(changes).toEqual([])
  expect(warnings.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/^test\/papers: the connection of zilliz-us-west1 is REJECTED, not ACCEPTED\. /)
  ])
})

describe('what only Google Cloud knows stops the deploy and says what to do', () => {
  test('a subnet of another network, before anything is made', async () => {
    const google = newCloud()
    const link = { ...gcpLink, subnetwork: 'elsewhere' }
    const { plan } = await openDeployment(environment(link), { google })
    const { errors } = await plan(environment(link))
    expect(errors.map(({ detail }) => detail)).toEqual([
      `test/papers/network: subnet elsewhere is in https://www.googleapis.com/compute/v1/projects/search-test/global/networks/other, not in default. Name a subnet of the link's network.`
    ])
    expect(google.calls).toEqual([])
  })

  test('a zone of that name in the project already', async () => {
    const google = newCloud()
    const literal = environment({ ...stepOne, zone: 'parent' })
    const one = await openDeployment(literal, { google })
    await one.deploy(literal)

    const again = { ...environment({ ...stepOne, zone: 'parent', endpointPrefix: 'again' }), name: 'again' }
    const two = await openDeployment(again, { google })
    const { errors } = await two.deploy(again)
    expect(errors.map(({ summary }) => summary)).toEqual([expect.stringContaining('409')])
  })
})
