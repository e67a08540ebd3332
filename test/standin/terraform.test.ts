import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc/index.js'
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js'
import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js'
import { S3Backend, TerraformOutput, type TerraformStack } from 'cdktf'
import { expect, onTestFinished, vi } from 'vitest'
import { testWith } from '../support/test-with.ts'
import { AwsCloud } from './aws/aws-cloud.ts'
import { openStack, refusals } from './small-stack.ts'
import { openTerraform, terraformVersion } from './terraform.ts'

const test = testWith('terraform')

function newCloud(): AwsCloud {
  return new AwsCloud({
    vpcs: [
      { id: 'vpc-0west', cidrs: ['10.0.0.0/16'], subnets: [] },
      { id: 'vpc-0east', cidrs: ['10.1.0.0/16'], subnets: [], region: 'us-east-1' }
    ]
  })
}

function provider(stack: TerraformStack): void {
  new AwsProvider(stack, 'aws', { region: 'us-west-2' })
}

function group(stack: TerraformStack, name = 'zilliz'): SecurityGroup {
  return new SecurityGroup(stack, 'group', { vpcId: 'vpc-0west', name })
}

test('the version of Terraform is known', async () => {
  expect(await terraformVersion()).toMatch(/^1\.\d+\.\d+$/)
})

test('a missing Terraform is reported as just that', async () => {
  vi.stubEnv('PATH', '')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await terraformVersion()).toBeUndefined()
  await expect(openStack({}, () => {})).rejects.toThrow(
    'found no terraform on the PATH; install Terraform 1.11 to run this'
  )
})

test('a configuration brings outputs, secret ones as well, whatever its backend', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    provider(stack)
    new S3Backend(stack, { bucket: 'states', key: 'small', region: 'us-west-2' })
    const { name } = group(stack)
    new TerraformOutput(stack, 'plain', { value: { name } })
    new TerraformOutput(stack, 'secret', { value: name, sensitive: true })
  })
  expect((await stack.plan()).outputs).toEqual({ plain: ['create'], secret: ['create'] })
  expect((await stack.apply()).outputs).toEqual({ plain: { name: 'zilliz' }, secret: 'zilliz' })
  expect((await stack.destroy()).outputs).toEqual({})
})

test('what is wrong with a configuration is found without a cloud', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    provider(stack)
    group(stack).addOverride('colour', 'red')
  })
  const [finding, ...others] = await stack.validate()
  expect(others).toEqual([])
  expect(finding).toEqual({
    summary: 'Extraneous JSON object property',
    detail: 'No argument or block type is named "colour".'
  })
  expect((await stack.plan()).errors.map(({ summary }) => summary)).toEqual(['Extraneous JSON object property'])
})

test('a provider that nobody plays is not looked for elsewhere', async () => {
  const opening = openStack({ aws: newCloud() }, stack => new GoogleProvider(stack, 'google', { project: 'acme' }))
  await expect(opening).rejects.toThrow(/terraform init failed: [\s\S]*hashicorp\/google was not\s+found/)
})

test('a plan names what it changes and what it can read only then', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    provider(stack)
    new DataAwsVpc(stack, 'now', { id: 'vpc-0west' })
    new DataAwsVpc(stack, 'later', { id: 'vpc-0west', dependsOn: [group(stack)] })
  })
  expect(await stack.plan()).toEqual({
    changes: [{ address: 'aws_security_group.group', actions: ['create'] }],
    reads: ['data.aws_vpc.later'],
    outputs: {},
    warnings: [],
    errors: []
  })
})

test('two configurations of a provider are kept apart', async () => {
  const aws = newCloud()
  const stack = await openStack({ aws }, stack => {
    provider(stack)
    const east = new AwsProvider(stack, 'east', {
      alias: 'east',
      region: 'us-east-1',
      defaultTags: [{ tags: { coast: 'east' } }]
    })
    group(stack)
    new SecurityGroup(stack, 'other', { provider: east, vpcId: 'vpc-0east', name: 'zilliz' })
  })
  await stack.apply()
  const made = [...aws.securityGroups.values()].filter(({ name }) => name === 'zilliz')
  expect(made.map(({ region, tags }) => ({ region, tags })).toSorted((a, b) => (a.region < b.region ? -1 : 1))).toEqual(
    [
      { region: 'us-east-1', tags: { coast: 'east' } },
      { region: 'us-west-2', tags: {} }
    ]
  )
})

test('what the stand-in does not play fails loudly and not as a cloud would', async () => {
  const stack = await openStack({ aws: newCloud() }, stack => {
    provider(stack)
    group(stack).addOverride('ingress', [
      {
        cidr_blocks: [],
        description: '',
        from_port: 443,
        ipv6_cidr_blocks: [],
        prefix_list_ids: [],
        protocol: 'tcp',
        security_groups: [],
        self: true,
        to_port: 443
      }
    ])
  })
  expect(refusals(await stack.plan())).toEqual({
    'aws_security_group.group': expect.stringContaining('Error: the stand-in plays no inline ingress rules')
  })
})

test('a directory of its own outlives a Terraform, another does not', async () => {
  const aws = newCloud()
  const directory = await mkdtemp(join(tmpdir(), 'kept-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const configuration = JSON.stringify({
    provider: { aws: { region: 'us-west-2' } },
    resource: { aws_security_group: { group: { vpc_id: 'vpc-0west', name: 'zilliz' } } }
  })
  const first = await openTerraform({ configuration, clouds: { aws }, directory })
  await first.init()
  await first.apply()
  await first.close()
  const second = await openTerraform({ configuration, clouds: { aws }, directory })
  await second.init()
  expect((await second.plan()).changes).toEqual([])
  await second.close()
  expect(await readdir(directory)).toContain('terraform.tfstate')

  const passing = await openTerraform({ configuration, clouds: { aws } })
  await passing.close()
  await expect(readdir(passing.directory)).rejects.toThrow('ENOENT')
})
