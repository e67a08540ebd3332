import { describe, expect, test as plain } from 'vitest'
import { readHost } from '../../../modules/zilliz/host.ts'
import { openDeployment } from '../../support/deployment.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, gcpLink } from '../literals.ts'
import { awsWorld, googleWorld, zillizProject as projectId, zillizWorld } from '../world.ts'

const test = testWith('terraform')

const { serviceName: _, hosts: __, ...aws } = awsLink
const { serviceAttachment: ___, hosts: ____, ...gcp } = gcpLink
const literal = (link: object) => ({ name: 'test', backend: { type: 'local' }, links: { search: link } })

const host = 'in01-840ec44485bf25d-privatelink.aws-us-west-2.vectordb.zillizcloud.com'

/** What the API may answer that is no host of a cluster of this region. */
const refused = [
  'com:443',
  'amazonaws.com:443',
  '.:443',
  'localhost:443',
  '169.254.169.254:443',
  'vectordb.zillizcloud.com:443',
  'aws-us-west-2.vectordb.zillizcloud.com:443',
  'in05-1.serverless.aws-us-west-2.vectordb.zillizcloud.com:443',
  'in01-1.us-west-2.vectordb.zillizcloud.com:443',
  'in01-1.aws-us-west-2.vectordb.zillizcloud.com.example.com:443',
  'in01-1.aws-us-west-2.vectordbXzillizcloud.com:443',
  `${host.toUpperCase()}:443`,
  `-${host}:443`,
  `http://${host}:443`,
  `https://${host}:443/`,
  `https://user@${host}:443`,
  `${host}:443 `,
  `${host}:443\n`,
  `${host}`,
  `${host}:`,
  `${host}:0`,
  `${host}:65536`,
  `${host}:99999`,
  `${host}:443443`,
  `${host}:443:443`,
  `${host}:-1`,
  `${'a'.repeat(64)}.aws-us-west-2.vectordb.zillizcloud.com:443`,
  `${'x'.repeat(2000)}:443`,
  `\${file("/etc/hostname")}:443`
]

const accepted = [
  `https://${host}:19531`,
  `${host}:1`,
  `${host}:65535`,
  'in01-840ec44485bf25d.aws-us-west-2.vectordb.zillizcloud.com:443'
]

const idOf = (index: number) => `in01-${index.toString(16).padStart(15, '0')}`

/** Plans a link that reads a cluster for each of these answers. */
async function plan(answers: readonly string[]) {
  const clusters = answers.map((privateLink, index) => ({
    id: idOf(index),
    projectId,
    regionId: 'aws-us-west-2',
    privateLink
  }))
  const clouds = { aws: awsWorld(), zilliz: zillizWorld({ clusters }) }
  const link = literal({ ...aws, zilliz: { projectId, clusters: clusters.map(({ id }) => id), registered: true } })
  const { plan } = await openDeployment(link, clouds)
  const { errors } = await plan(link)
  return { errors: errors.map(({ detail }) => detail), calls: clouds.aws.calls }
}

test('hosts that the API answers in another form than a host has stop the plan, with what came', async () => {
  const { errors, calls } = await plan(refused)
  expect(calls).toEqual([])
  expect(errors).toHaveLength(refused.length)
  refused.forEach((answer, index) => {
    const got = JSON.stringify(answer.slice(0, 300))
    expect(errors).toContain(
      `test/search: the private link of ${idOf(index)} must be https://<cluster>.aws-us-west-2.vectordb.zillizcloud.com:<port>, with a port from 1 to 65535, got ${got}. Deploy again in a minute. If it stays so, compare it with the page of the cluster in the Zilliz Cloud console.`
    )
  })
})

test('hosts that the API answers in the form of a host are planned', async () => {
  expect((await plan(accepted)).errors).toEqual([])
})

plain('literals are held to the same list', () => {
  for (const answer of refused) expect(readHost(answer), answer).toHaveProperty('mistake')
  for (const answer of accepted) expect(readHost(answer), answer).toMatchObject({ region: 'us-west-2' })
})

describe('a service that the API answers in another form than a service has stops the plan', () => {
  test('on AWS', async () => {
    for (const endpointService of [
      'com.amazonaws.us-west-2.s3',
      'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0'
    ]) {
      const clouds = { aws: awsWorld(), zilliz: zillizWorld({ region: { endpointService } }) }
      const link = literal({ ...aws, zilliz: { projectId } })
      const { plan } = await openDeployment(link, clouds)
      expect((await plan(link)).errors.map(({ detail }) => detail)).toEqual([
        `test/search: Zilliz Cloud must answer an endpoint service of aws-us-west-2, got "${endpointService}". Write down the service that the Add Private Link dialog shows.`
      ])
    }
  })

  test('on Google Cloud', async () => {
    const clouds = { google: googleWorld(), zilliz: zillizWorld() }
    const endpointService = 'projects/vdc-prod/regions/us-east4/serviceAttachments/vdc-prod-us-east4'
    clouds.zilliz.regions.set('gcp-us-west1', { id: 'gcp-us-west1', endpointService, whitelistRequired: false })
    const link = literal({ ...gcp, zilliz: { projectId } })
    const { plan } = await openDeployment(link, clouds)
    expect((await plan(link)).errors.map(({ detail }) => detail)).toEqual([
      `test/search: Zilliz Cloud must answer an endpoint service of gcp-us-west1, got "${endpointService}". Write down the service that the Add Private Link dialog shows.`
    ])
  })
})
