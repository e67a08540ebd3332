import { expect } from 'vitest'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { additions, examples } from './examples.ts'
import { awsLink, gcpLink } from './literals.ts'
import { awsByHand, awsHost, awsWorldByHand, gcpHost, googleWorldByHand } from './world.ts'

const test = testWith('terraform')
/** The link that the page on adoption shows. */
function adoptionOf(cloud: 'aws' | 'gcp'): object {
  return additions(examples(`${cloud}-adoption`).join())
}

function environment(link: object) {
  return { name: 'test', backend: { type: 'local' }, links: { search: link } }
}

test('what was made by hand on AWS is taken over: the endpoint, zone and record stay, and resolve throughout', async () => {
  const cloud = awsWorldByHand()
  const [endpoint] = [...cloud.vpcEndpoints.values()]
  const dnsName = endpoint?.names.find(({ zone }) => zone === undefined)?.name ?? ''
  cloud.hostedZones.get(awsByHand.zoneId)?.records.push({ name: awsHost, type: 'CNAME', ttl: 300, values: [dnsName] })
  const before = cloud.resolve(awsLink.vpcId, awsHost)
  expect(before).toMatchObject({ kind: 'addresses' })
  const seen: unknown[] = []
  cloud.onChange = () => seen.push(cloud.resolve(awsLink.vpcId, awsHost))

  const literal = environment({ ...awsLink, hosts: [`${awsHost}:19531`], ...adoptionOf('aws') })
  const { deploy, plan } = await openDeployment(literal, { aws: cloud })
  expect(changesByKind(await plan(literal))).toEqual([
    'create aws_security_group',
    'create aws_vpc_security_group_ingress_rule',
    // The memory of a role for zones of another account, which is kept in the state alone.
    'create terraform_data',
    'update aws_route53_zone',
    'update aws_vpc_endpoint'
  ])
  const applied = await deploy(literal)
  expect(applied.errors).toEqual([])
  expect([...cloud.vpcEndpoints.keys()]).toEqual([awsByHand.endpointId])
  expect([...cloud.hostedZones.keys()]).toEqual([awsByHand.zoneId])
  expect(seen.filter(answer => JSON.stringify(answer) !== JSON.stringify(before))).toEqual([])

  expect((await plan(literal)).changes).toEqual([])
  // Once it is taken over, the fields have done their work.
  const {
    adoptEndpointId: _,
    adoptZoneIds: __,
    adoptRecords: ___,
    ...kept
  } = {
    adoptEndpointId: '',
    adoptZoneIds: {},
    adoptRecords: [],
    ...literal.links.search
  }
  expect((await plan(environment(kept))).changes).toEqual([])
})

test('what was made by hand on Google Cloud is taken over: the endpoint, zone and record stay', async () => {
  const cloud = googleWorldByHand()
  const before = cloud.resolve('default', gcpHost)
  expect(before).toMatchObject({ kind: 'addresses' })
  const rules = [...cloud.forwardingRules.keys()]

  const literal = environment({ ...gcpLink, hosts: [`${gcpHost}:443`], ...adoptionOf('gcp') })
  const { deploy, plan } = await openDeployment(literal, { google: cloud })
  expect(changesByKind(await plan(literal))).toEqual([
    'create google_compute_firewall',
    'create terraform_data',
    'update google_compute_address',
    'update google_compute_forwarding_rule',
    'update google_dns_managed_zone'
  ])
  expect((await deploy(literal)).errors).toEqual([])
  expect([...cloud.forwardingRules.keys()]).toEqual(rules)
  expect(cloud.resolve('default', gcpHost)).toEqual(before)

  expect((await plan(literal)).changes).toEqual([])
  expect((await plan(environment({ ...literal.links.search, adopt: [] }))).changes).toEqual([])
  // And on, with the fields left in: the zones of the next step are new.
  const prepared = environment({ ...literal.links.search, zone: 'prepare-per-host' })
  expect((await deploy(prepared)).errors).toEqual([])
})
