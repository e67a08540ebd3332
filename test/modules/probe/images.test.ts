import { describe, expect, test as plain } from 'vitest'
import { ecrRepositoryOf } from '../../../modules/aws/ecr-image.ts'
import { artifactRepositoryOf } from '../../../modules/gcp/google-image.ts'
import { openDeployment } from '../../support/deployment.ts'
import { synthWarnings } from '../../support/synth-warnings.ts'
import { testWith } from '../../support/test-with.ts'
import { awsLink, awsProbe, gcpLink, gcpProbe } from '../literals.ts'
import { awsWorld, googleWorld } from '../world.ts'

const test = testWith('terraform')

const literal = (link: object) => ({ name: 'test', backend: { type: 'local' }, links: { search: link } })
const onAws = (image: string, more: object = {}) =>
  literal({ ...awsLink, hosts: [], probe: { ...awsProbe, image, ...more } })
const onGoogle = (image: string) => literal({ ...gcpLink, hosts: [], probe: { ...gcpProbe, image } })

describe('an image of Amazon ECR is granted to the probe, and runs', () => {
  for (const { registry, region } of [
    { registry: '123456789012.dkr.ecr.us-west-2.amazonaws.com', region: 'us-west-2' },
    { registry: '123456789012.dkr-ecr.us-west-2.on.aws', region: 'us-west-2' }
  ]) {
    test(`from ${registry}`, async () => {
      const cloud = awsWorld()
      const link = onAws(`${registry}/team/privatelink-probe:1.0.0`, { httpsTo: ['0.0.0.0/0'] })
      expect(await synthWarnings(link)).toEqual([])
      const { deploy } = await openDeployment(link, { aws: cloud })
      const { errors, warnings } = await deploy(link)
      expect([errors, warnings]).toEqual([[], []])
      const role = [...cloud.iamRoles.values()].find(({ path }) => path === '/zilliz-privatelink/test/search/')
      expect([...(role?.policies.values() ?? [])].join()).toContain(
        `"arn:aws:ecr:${region}:123456789012:repository/team/privatelink-probe"`
      )
      expect([...cloud.ecsServices.values()].map(({ task }) => task === undefined)).toEqual([false, false])
    })
  }

  test('and where another account has it, a line says who must grant it', async () => {
    const cloud = awsWorld()
    const link = onAws('999999999999.dkr.ecr.us-west-2.amazonaws.com/privatelink-probe:1.0.0')
    const { deploy } = await openDeployment(link, { aws: cloud })
    const { warnings } = await deploy(link)
    expect(warnings.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(
        /^test\/search\/probe\/task: the image is in account 999999999999, which must let the probe read it\. Let the policy of its repository privatelink-probe allow ecr:BatchCheckLayerAvailability, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer for arn:aws:iam::123456789012:role\/zilliz-privatelink\/test\/search\/probe-\d+\.$/
      )
    ])
  })
})

plain('a dual-stack registry is not reached by interface endpoints, and a line says so', async () => {
  expect(await synthWarnings(onAws('123456789012.dkr-ecr.us-west-2.on.aws/probe:1.0.0'))).toEqual([
    'test/search/probe/task: 123456789012.dkr-ecr.us-west-2.on.aws/probe:1.0.0 is in a dual-stack registry, which the interface endpoints of Amazon ECR do not reach. Write 123456789012.dkr.ecr.us-west-2.amazonaws.com, or give httpsTo for a way out by NAT.'
  ])
})

describe('an image of Google Cloud is granted to the probe, and fetched with its account', () => {
  for (const { image, repository } of [
    {
      image: 'us-west1-docker.pkg.dev/images/containers/probe:1.0.0',
      repository: 'projects/images/locations/us-west1/repositories/containers'
    },
    { image: 'gcr.io/images/probe:1.0.0', repository: 'projects/images/locations/us/repositories/gcr.io' },
    {
      image: 'gcr.io/example.com/images/probe:1.0.0',
      repository: 'projects/example.com:images/locations/us/repositories/gcr.io'
    }
  ]) {
    test(`from ${image}`, async () => {
      const cloud = googleWorld()
      expect(await synthWarnings(onGoogle(image))).toEqual([])
      const { deploy, plan } = await openDeployment(onGoogle(image), { google: cloud })
      expect((await deploy(onGoogle(image))).errors).toEqual([])
      expect((await plan(onGoogle(image))).changes).toEqual([])
      expect(cloud.iamPolicies.get(repository)).toMatchObject([{ role: 'roles/artifactregistry.reader' }])
      const [template] = cloud.instanceTemplates.values()
      expect(template?.metadata['user-data']).toContain(`configure-docker --registries=${image.split('/')[0]}`)
    })
  }
})

describe('an image of another registry is reported, unless everyone may read that', () => {
  const line = (path: string, image: string, registry: string) =>
    `${path}: the probe pulls ${image} without credentials. Let everyone read it in ${registry}, or copy it to the registry of this cloud, where the deploy grants it to the probe.`
  for (const image of [
    'ghcr.io/example/probe:1.0.0',
    'gcr.io/images/probe:1.0.0',
    'us-west1-docker.pkg.dev/images/containers/probe:1.0.0'
  ]) {
    plain(`${image} on AWS`, async () => {
      expect(await synthWarnings(onAws(image))).toEqual([
        line('test/search/probe/task', image, image.split('/')[0] ?? '')
      ])
    })
  }
  for (const image of ['ghcr.io/example/probe:1.0.0', '123456789012.dkr.ecr.us-west-2.amazonaws.com/probe:1.0.0']) {
    plain(`${image} on Google Cloud`, async () => {
      expect(await synthWarnings(onGoogle(image))).toEqual([
        line('test/search/probe', image, image.split('/')[0] ?? '')
      ])
    })
  }
  plain('public.ecr.aws and mirror.gcr.io', async () => {
    expect(await synthWarnings(onAws('public.ecr.aws/example/probe:1.0.0'))).toEqual([])
    expect(await synthWarnings(onGoogle('mirror.gcr.io/example/probe:1.0.0'))).toEqual([])
  })
})

plain('every form of a registry that a cloud has is taken for one', () => {
  for (const { host, region } of [
    { host: '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', region: 'us-east-1' },
    { host: '123456789012.dkr-ecr-fips.us-west-2.on.aws', region: 'us-west-2' },
    { host: '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', region: 'cn-north-1' },
    { host: '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn', region: 'cn-north-1' }
  ]) {
    expect(ecrRepositoryOf(`${host}/team/probe@sha256:${'0'.repeat(64)}`)).toMatchObject({
      accountId: '123456789012',
      region,
      name: 'team/probe'
    })
  }
  for (const { host, location } of [
    { host: 'us.gcr.io', location: 'us' },
    { host: 'eu.gcr.io', location: 'europe' },
    { host: 'asia.gcr.io', location: 'asia' }
  ]) {
    expect(artifactRepositoryOf(`${host}/images/team/probe:1.0.0`)).toEqual({ project: 'images', location, name: host })
  }
  expect(artifactRepositoryOf('us-docker.pkg.dev/example.com/images/containers/probe:1.0.0')).toEqual({
    project: 'example.com:images',
    location: 'us',
    name: 'containers'
  })
})

plain('what looks like a registry of a cloud and is none is not taken for one', () => {
  for (const host of [
    '123456789012.dkr.ecr.us-west-2.amazonaws.com.example.com',
    'x.123456789012.dkr.ecr.us-west-2.amazonaws.com',
    '12345678901.dkr.ecr.us-west-2.amazonaws.com',
    '123456789012.dkr-ecr.us-west-2.on.aws.example.com'
  ]) {
    expect(ecrRepositoryOf(`${host}/probe:1.0.0`), host).toBeUndefined()
  }
  for (const image of [
    'gcr.io.example.com/images/probe:1.0.0',
    'marketplace.gcr.io/google/probe:1.0.0',
    'us-docker.pkg.dev.example.com/images/containers/probe:1',
    'toString/images/probe:1.0.0',
    'gcr.io/probe:1.0.0'
  ]) {
    expect(artifactRepositoryOf(image), image).toBeUndefined()
  }
})
