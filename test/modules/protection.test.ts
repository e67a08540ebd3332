import { describe, expect } from 'vitest'
import { openDeployment } from '../support/deployment.ts'
import { testWith } from '../support/test-with.ts'
import { awsLink, gcpLink } from './literals.ts'
import { awsWorld, gcpHost, googleWorld, zillizProject as projectId, zillizWorld } from './world.ts'

const test = testWith('terraform')

const gcp = { ...gcpLink, hosts: [`${gcpHost}:443`] }
const environment = (links: object, protect: readonly string[]) => ({
  name: 'test',
  backend: { type: 'local' },
  protect,
  links
})
const lines = ({ warnings }: { readonly warnings: readonly { readonly detail: string }[] }) =>
  warnings.map(({ detail }) => detail)

describe('a protected endpoint', () => {
  test('whose connection Zilliz Cloud has closed leaves the environment deployable, with a line about what is refused', async () => {
    const cloud = googleWorld()
    const kept = environment({ papers: gcp }, ['papers'])
    const { deploy, plan } = await openDeployment(kept, { google: cloud })
    await deploy(kept)
    cloud.acceptance = 'CLOSED'
    const closed =
      'test/papers: the connection of zilliz-us-west1 is CLOSED, and never opens again. Only another endpoint connects, and protect refuses to replace this one. Take papers out of protect and deploy, then put it back.'

    const changed = environment({ papers: { ...gcp, labels: { team: 'search' } } }, ['papers'])
    const applied = await deploy(changed)
    expect(applied.errors).toEqual([])
    expect(lines(applied)).toEqual([closed])
    expect([...cloud.forwardingRules.values()]).toMatchObject([{ labels: { team: 'search' } }])
    const planned = await plan(changed)
    expect(planned.changes).toEqual([])
    expect(lines(planned)).toEqual([closed])

    // The way out that the line names.
    const calls = cloud.calls.length
    cloud.onChange = ({ action }) => {
      if (action === 'forwardingRules.delete') cloud.acceptance = 'ACCEPTED'
    }
    const lifted = await deploy(environment({ papers: gcp }, []))
    expect(lifted.errors).toEqual([])
    expect(cloud.calls.slice(calls).map(({ action }) => action)).toContain('forwardingRules.insert')
    const again = await plan(kept)
    expect([...again.errors, ...again.warnings]).toEqual([])
  })

  test('that Zilliz Cloud closed is replaced at once where it is not protected', async () => {
    const cloud = googleWorld()
    const loose = environment({ papers: gcp }, [])
    const { deploy } = await openDeployment(loose, { google: cloud })
    await deploy(loose)
    cloud.acceptance = 'CLOSED'
    const calls = cloud.calls.length
    expect((await deploy(loose)).errors).toEqual([])
    expect(cloud.calls.slice(calls).map(({ action }) => action)).toContain('forwardingRules.insert')
  })

  for (const { on, link, regionId, after, line } of [
    {
      on: 'AWS',
      link: { ...awsLink, serviceName: undefined, hosts: [], zilliz: { projectId } },
      regionId: 'aws-us-west-2',
      after: 'com.amazonaws.vpce.us-west-2.vpce-svc-0ffffffffffffffff',
      line: /^test\/search: Zilliz Cloud now answers the endpoint service com\.amazonaws\.vpce\.us-west-2\.vpce-svc-0ffffffffffffffff, but vpce-\w+ connects to com\.amazonaws\.vpce\.us-west-2\.vpce-svc-0123456789abcdef0, and protect refuses to replace it\. Take search out of protect and deploy, then put it back\.$/
    },
    {
      on: 'Google Cloud',
      link: { ...gcpLink, serviceAttachment: undefined, hosts: [], zilliz: { projectId } },
      regionId: 'gcp-us-west1',
      after: 'projects/vdc-prod/regions/us-west1/serviceAttachments/vdc-prod-us-west1-b',
      line: /^test\/search: Zilliz Cloud now answers the service attachment projects\/vdc-prod\/regions\/us-west1\/serviceAttachments\/vdc-prod-us-west1-b, but zilliz-us-west1 connects to https:\S+\/vdc-prod-us-west1, and protect refuses to replace it\. Take search out of protect and deploy, then put it back\.$/
    }
  ]) {
    test(`on ${on} whose service Zilliz Cloud replaces leaves the environment deployable, with a line about what is refused`, async () => {
      const clouds = { aws: awsWorld(), google: googleWorld(), zilliz: zillizWorld() }
      const kept = environment({ search: link }, ['search'])
      const { deploy, plan } = await openDeployment(kept, clouds)
      const first = await deploy(kept)
      expect([...first.errors, ...first.warnings]).toEqual([])
      clouds.zilliz.regions.set(regionId, { id: regionId, endpointService: after, whitelistRequired: false })
      const planned = await plan(kept)
      expect([planned.errors, planned.changes]).toEqual([[], []])
      expect(lines(planned)).toEqual([expect.stringMatching(line)])

      expect((await deploy(environment({ search: link }, []))).errors).toEqual([])
      const leadTo = [
        ...[...clouds.aws.vpcEndpoints.values()].map(({ serviceName }) => serviceName),
        ...[...clouds.google.forwardingRules.values()].map(({ attachment }) => attachment)
      ]
      expect(leadTo).toEqual([after])
      expect(lines(await plan(kept))).toEqual([])
    })
  }
})
