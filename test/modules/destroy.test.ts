import { describe, expect } from 'vitest'
import type { AwsCloud } from '../standin/aws/aws-cloud.ts'
import type { ZillizCloud } from '../standin/zilliz/zilliz-cloud.ts'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, gcpLink } from './literals.ts'
import { awsHost, awsWorld, googleWorld, zillizProject as projectId, zillizWorld } from './world.ts'

const test = testWith('terraform')

const { serviceName: _, hosts: __, ...aws } = awsLink
const { serviceAttachment: ___, hosts: ____, ...gcp } = gcpLink
const cluster = 'in01-840ec44485bf25d'
const onGoogle = 'in01-61e949d971f841b'
const literal = (link: object) => ({ name: 'test', backend: { type: 'local' }, links: { search: link } })
const byApi = [
  { cloud: 'AWS', link: literal({ ...aws, zilliz: { projectId, clusters: [cluster] } }) },
  { cloud: 'Google Cloud', link: literal({ ...gcp, zilliz: { projectId, clusters: [onGoogle] } }) }
]

/** What Zilliz Cloud may answer when a link is to be destroyed. */
const answers: Readonly<Record<string, (zilliz: ZillizCloud) => void>> = {
  'reports an empty private link': zilliz => {
    zilliz.allocation = 'pending'
  },
  'reports a private link that is no host': zilliz => {
    for (const each of zilliz.clusters.values()) each.privateLink = 'maintenance'
  },
  'reports a port that there is not': zilliz => {
    for (const each of zilliz.clusters.values()) each.privateLink = `https://${awsHost}:99999`
  },
  'no longer publishes a service in the region': zilliz => {
    for (const region of zilliz.regions.values())
      zilliz.regions.set(region.id, { ...region, endpointService: undefined })
  },
  'publishes a service of another form': zilliz => {
    for (const region of zilliz.regions.values()) zilliz.regions.set(region.id, { ...region, endpointService: 'soon' })
  }
}

describe.each(byApi)('on $cloud', ({ link }) => {
  for (const [when, change] of Object.entries(answers)) {
    test(`a link whose clusters are read from Zilliz Cloud is destroyed while Zilliz Cloud ${when}`, async () => {
      const clouds = { aws: awsWorld(), google: googleWorld(), zilliz: zillizWorld() }
      const { terraform, deploy } = await openDeployment(link, clouds)
      expect((await deploy(link)).errors).toEqual([])
      change(clouds.zilliz)
      expect((await terraform.destroy()).errors).toEqual([])
      expect(left(clouds)).toBe(0)
    })
  }

  test('a link whose private link was never allocated is destroyed', async () => {
    const clouds = { aws: awsWorld(), google: googleWorld(), zilliz: zillizWorld() }
    clouds.zilliz.allocation = 'pending'
    const { terraform, deploy } = await openDeployment(link, clouds)
    expect((await deploy(link)).errors).toHaveLength(1)
    expect(left(clouds)).toBeGreaterThan(0)
    expect((await terraform.destroy()).errors).toEqual([])
    expect(left(clouds)).toBe(0)
  })
})

/** What AWS may say of an endpoint when its link is to be destroyed. */
const entries: Readonly<Record<string, (cloud: AwsCloud) => void>> = {
  'lists no name of the endpoint': cloud => {
    cloud.dnsEntryOrder = 'empty'
  },
  'lists two regional names of the endpoint': cloud => {
    for (const endpoint of cloud.vpcEndpoints.values()) {
      const [regional] = endpoint.names.filter(({ zone }) => zone === undefined)
      if (regional !== undefined) endpoint.names = [...endpoint.names, regional]
    }
  },
  'has DNS off in the VPC': cloud => {
    for (const vpc of cloud.vpcs.values()) cloud.vpcs.set(vpc.id, { ...vpc, dnsHostnames: false })
  }
}

for (const zone of ['per-host', 'parent']) {
  for (const [when, change] of Object.entries(entries)) {
    test(`a link with zone ${zone} is destroyed while AWS ${when}`, async () => {
      const cloud = awsWorld()
      const link = literal({ ...awsLink, zone })
      const { terraform, deploy } = await openDeployment(link, { aws: cloud })
      expect((await deploy(link)).errors).toEqual([])
      change(cloud)
      expect((await terraform.destroy()).errors).toEqual([])
      expect(cloud.vpcEndpoints.size + cloud.hostedZones.size).toBe(0)
    })
  }
}

function left({ aws, google, zilliz }: { aws: AwsCloud; google: ReturnType<typeof googleWorld>; zilliz: ZillizCloud }) {
  return (
    aws.vpcEndpoints.size +
    aws.hostedZones.size +
    google.forwardingRules.size +
    google.managedZones.size +
    zilliz.endpoints.length
  )
}
