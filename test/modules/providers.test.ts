import { describe, expect, test as plain } from 'vitest'
import { readEnvironments } from '../../modules/environment/read-environments.ts'
import { MistakesError } from '../../modules/mistakes.ts'
import type { AwsCloud } from '../standin/aws/aws-cloud.ts'
import { openDeployment } from '../support/deployment.ts'
import { synthesize } from '../support/synthesize.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, gcpLink } from './literals.ts'
import {
  awsHost,
  awsWorld,
  googleWorld,
  ownZone,
  peerVpcId,
  zillizProject as projectId,
  theirZone,
  zillizWorld
} from './world.ts'

const test = testWith('terraform')

const link = { ...awsLink, hosts: [`${awsHost}:19531`] }
const role = 'arn:aws:iam::210987654321:role/dns'
const theirs = { ...link, zone: 'existing', zoneId: theirZone.id, zoneRoleArn: role, associateZone: true }
const other = {
  ...link,
  hosts: [],
  serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0fedcba9876543210'
}
const recordsOf = (cloud: AwsCloud) =>
  cloud.hostedZones.get(theirZone.id)?.records.filter(({ name }) => name === awsHost)
const environment = (links: object, more: object = {}) => ({ name: 'test', backend: { type: 'local' }, links, ...more })

describe('what was made in the zone of another account is taken away', () => {
  for (const { when, links } of [
    { when: 'the link changes to a zone for each host', links: { search: link, other } },
    { when: 'the link changes to the parent zone', links: { search: { ...link, zone: 'parent' }, other } },
    { when: 'the link leaves its hosts to others', links: { search: { ...link, zone: 'none' }, other } },
    { when: 'the host goes', links: { search: { ...theirs, hosts: [] }, other } },
    { when: 'the link goes', links: { other } },
    { when: 'the last link on AWS goes', links: {} }
  ]) {
    test(`when ${when}`, async () => {
      const cloud = awsWorld(theirZone)
      const access = { aws: { region: 'us-west-2' } }
      const before = environment({ search: theirs, other }, access)
      const { terraform, deploy, plan } = await openDeployment(before, { aws: cloud })
      expect((await deploy(before)).errors).toEqual([])
      expect(recordsOf(cloud)).toHaveLength(1)

      const after = environment(links, access)
      expect((await deploy(after)).errors).toEqual([])
      expect(recordsOf(cloud)).toEqual([])
      const planned = await plan(after)
      expect([planned.errors, planned.changes]).toEqual([[], []])
      expect((await terraform.destroy()).errors).toEqual([])
    })
  }

  test('when the link no longer names the role, because its own account may write to the zone', async () => {
    const cloud = awsWorld({ ...ownZone, vpcs: [peerVpcId] })
    const existing = { ...link, zone: 'existing', zoneId: ownZone.id, associateZone: true }
    const before = environment({ search: { ...existing, zoneRoleArn: 'arn:aws:iam::123456789012:role/dns' } })
    const { deploy, plan } = await openDeployment(before, { aws: cloud })
    expect((await deploy(before)).errors).toEqual([])
    const after = environment({ search: existing })
    expect((await deploy(after)).errors).toEqual([])
    expect((await plan(after)).changes).toEqual([])
    expect(cloud.resolve(awsLink.vpcId, awsHost).kind).toBe('addresses')
  })

  for (const { what, named } of [
    { what: 'records and an association', named: theirs },
    { what: 'records alone', named: { ...theirs, associateZone: undefined } }
  ]) {
    test(`by a destroy after the link no longer names the role, which has made ${what}`, async () => {
      const cloud = awsWorld(theirZone)
      const before = environment({ search: named })
      const { terraform, deploy } = await openDeployment(before, { aws: cloud })
      expect((await deploy(before)).errors).toEqual([])
      expect(recordsOf(cloud)).toHaveLength(1)
      await terraform.replaceConfiguration(await synthesize(environment({ search: { ...link, zone: 'none' } })))
      expect((await terraform.destroy()).errors).toEqual([])
      expect(recordsOf(cloud)).toEqual([])
    })
  }

  test('by a destroy while the link names the role', async () => {
    const cloud = awsWorld(theirZone)
    const before = environment({ search: theirs })
    const { terraform, deploy } = await openDeployment(before, { aws: cloud })
    await deploy(before)
    expect((await terraform.destroy()).errors).toEqual([])
    expect(recordsOf(cloud)).toEqual([])
  })

  test('and the role may be another of the same account', async () => {
    const cloud = awsWorld(theirZone)
    const before = environment({ search: theirs })
    const { deploy, plan } = await openDeployment(before, { aws: cloud })
    await deploy(before)
    const renamed = environment({ search: { ...theirs, zoneRoleArn: 'arn:aws:iam::210987654321:role/zones' } })
    expect((await deploy(renamed)).errors).toEqual([])
    expect((await plan(renamed)).changes).toEqual([])
    expect((await deploy(environment({ search: link }))).errors).toEqual([])
  })
})

plain('a second role in an environment is a mistake', () => {
  const literal = environment({
    search: theirs,
    papers: { ...theirs, zoneId: 'Z0999999998ABCDEFGHIJ', zoneRoleArn: `${role}2` }
  })
  expect(() => readEnvironments([literal])).toThrow(MistakesError)
  expect(() => readEnvironments([literal])).toThrow(
    `test: links.papers.zoneRoleArn: must be the role of links.search, ${role}, because an environment writes to the zones of one other account, got "${role}2". Put the link into an environment of its own.`
  )
})

describe('what was registered with Zilliz Cloud is taken back', () => {
  for (const { on, byApi, byHand } of [
    { on: 'AWS', byApi: { ...awsLink, zilliz: { projectId } }, byHand: awsLink },
    { on: 'Google Cloud', byApi: { ...gcpLink, zilliz: { projectId } }, byHand: gcpLink }
  ]) {
    test(`when the last link without zilliz is left, on ${on}`, async () => {
      const clouds = { aws: awsWorld(), google: googleWorld(), zilliz: zillizWorld() }
      const before = environment({ search: byApi })
      const { terraform, deploy, plan } = await openDeployment(before, clouds)
      expect((await deploy(before)).errors).toEqual([])
      expect(clouds.zilliz.endpoints).toHaveLength(1)
      await terraform.replaceConfiguration(await synthesize(environment({ search: byHand })))
      // As every deploy does.
      await terraform.init()
      expect((await deploy(environment({ search: byHand }))).errors).toEqual([])
      expect(clouds.zilliz.endpoints).toEqual([])
      expect((await plan(environment({ search: byHand }))).changes).toEqual([])
    })
  }
})
