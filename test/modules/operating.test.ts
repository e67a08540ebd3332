import { describe, expect, test as plain } from 'vitest'
import { changesByKind, openDeployment } from '../support/deployment.ts'
import { synthesize } from '../support/synthesize.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, gcpLink } from './literals.ts'
import { awsHost, awsWorld, gcpHost, googleWorld } from './world.ts'

const test = testWith('terraform')
const aws = { ...awsLink, hosts: [`${awsHost}:19531`] }
const gcp = { ...gcpLink, hosts: [`${gcpHost}:443`] }

function environment(change: object = {}) {
  return { name: 'test', backend: { type: 'local' }, links: { search: aws, papers: gcp }, ...change }
}

describe('protection', () => {
  test('refuses to destroy the endpoint, and is lifted by taking its name out', async () => {
    const clouds = { aws: awsWorld(), google: googleWorld() }
    const kept = environment({ protect: ['search', 'papers'] })
    const { terraform, deploy } = await openDeployment(kept, clouds)
    await deploy(kept)

    const { errors } = await terraform.destroy()
    expect(errors.map(({ summary }) => summary)).toContain('Instance cannot be destroyed')
    expect(clouds.aws.vpcEndpoints.size).toBe(1)
    expect(clouds.google.forwardingRules.size).toBe(1)
    expect(clouds.aws.resolve(awsLink.vpcId, awsHost)).toMatchObject({ kind: 'addresses' })

    await terraform.replaceConfiguration(await synthesize(environment()))
    expect((await terraform.destroy()).errors).toEqual([])
    expect(clouds.aws.vpcEndpoints.size).toBe(0)
  })

  test('refuses a change that would replace the endpoint', async () => {
    const clouds = { aws: awsWorld(), google: googleWorld() }
    const kept = environment({ protect: ['search'] })
    const { deploy, plan } = await openDeployment(kept, clouds)
    await deploy(kept)
    const elsewhere = { ...aws, serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0ffffffffffffffff' }
    const { errors } = await plan(environment({ protect: ['search'], links: { search: elsewhere, papers: gcp } }))
    expect(errors.map(({ summary }) => summary)).toEqual(['Instance cannot be destroyed'])
  })

  test('is not there unless asked for: an environment without it is destroyed in one go', async () => {
    const clouds = { aws: awsWorld(), google: googleWorld() }
    const { terraform, deploy } = await openDeployment(environment(), clouds)
    await deploy(environment())
    expect((await terraform.destroy()).errors).toEqual([])
  })
})

test('an account that the environment may not touch is refused before anything is made', async () => {
  const cloud = awsWorld()
  const literal = environment({ aws: { allowedAccountIds: ['999999999999'] }, links: { search: aws } })
  const { plan } = await openDeployment(literal, { aws: cloud })
  expect((await plan(literal)).errors.map(({ summary }) => summary)).toContainEqual(
    expect.stringContaining('AWS account ID not allowed: 123456789012')
  )
  expect(cloud.calls).toEqual([])
})

test('the last link of a cloud can be taken out when the environment says how to reach that cloud', async () => {
  const clouds = { aws: awsWorld(), google: googleWorld() }
  const access = { aws: { region: 'us-west-2' }, gcp: {} }
  const { deploy } = await openDeployment(environment(access), clouds)
  await deploy(environment(access))
  expect((await deploy(environment({ ...access, links: {} }))).errors).toEqual([])
  expect([clouds.aws.vpcEndpoints.size, clouds.google.forwardingRules.size]).toEqual([0, 0])
})

test('an address of Google Cloud that changes replaces the forwarding rule, and a label replaces nothing', async () => {
  const cloud = googleWorld()
  const link = (change: object) => environment({ links: { papers: { ...gcp, ...change } } })
  const { deploy, plan } = await openDeployment(link({ address: '10.138.0.9' }), { google: cloud })
  await deploy(link({ address: '10.138.0.9' }))

  const labelled = link({ address: '10.138.0.9', labels: { 'data-class': 'internal' } })
  expect(changesByKind(await plan(labelled))).toEqual([
    'update google_compute_address',
    'update google_compute_forwarding_rule'
  ])
  expect((await deploy(labelled)).errors).toEqual([])
  expect([...cloud.forwardingRules.values()]).toMatchObject([{ labels: { 'data-class': 'internal' } }])

  const moved = link({ address: '10.138.0.10', labels: { 'data-class': 'internal' } })
  expect(changesByKind(await plan(moved))).toEqual([
    'delete and create google_compute_address',
    'delete and create google_compute_forwarding_rule',
    'update google_compute_firewall',
    'update google_dns_record_set'
  ])
  expect((await deploy(moved)).errors).toEqual([])
  expect(cloud.resolve('default', gcpHost)).toEqual({ kind: 'addresses', addresses: ['10.138.0.10'] })
})

for (const { backend, written } of [
  {
    backend: { type: 's3', bucket: 'search-state', region: 'us-west-2' },
    written: {
      s3: {
        bucket: 'search-state',
        region: 'us-west-2',
        key: 'zilliz-privatelink/test.tfstate',
        encrypt: true,
        use_lockfile: true
      }
    }
  },
  {
    backend: { type: 'gcs', bucket: 'search-state' },
    written: { gcs: { bucket: 'search-state', prefix: 'zilliz-privatelink/test' } }
  }
]) {
  plain(`the state goes where the literal says: ${backend.type}`, async () => {
    expect(JSON.parse(await synthesize(environment({ backend }))).terraform.backend).toEqual(written)
  })
}
