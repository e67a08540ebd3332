import { expect, test } from 'vitest'
import { userProject } from './user-project.ts'

const aws = (props: string) => `
import type { TerraformStack } from 'cdktf'
import { AwsPrivateLink } from 'zilliz-privatelink/aws'

export function link(stack: TerraformStack) {
  const written = {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    subnetIds: ['subnet-0a1b2c3d4e5f6071a'],
    serviceName: 'com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0'
  }
  return new AwsPrivateLink(stack, 'search', { ...written, ${props} })
}
`

const gcp = (props: string) => `
import type { TerraformStack } from 'cdktf'
import { GcpPrivateLink } from 'zilliz-privatelink/gcp'

export function link(stack: TerraformStack) {
  const written = { project: 'my-project-123', network: 'default', subnetwork: 'default' }
  return new GcpPrivateLink(stack, 'search', { ...written, ${props} })
}
`

const region = "region: 'us-west-2'"
const wrong = [
  { file: 'aws-without-region.ts', code: aws("zone: 'per-host'"), says: "Property 'region' is missing" },
  { file: 'aws-without-zone.ts', code: aws(region), says: "Property 'zone' is missing" },
  {
    file: 'aws-zone-of-no-kind.ts',
    code: aws(`${region}, zone: 'per-hosts'`),
    says: `Type '"per-hosts"' is not assignable`
  },
  {
    file: 'aws-existing-zone.ts',
    code: aws(`${region}, zone: 'existing'`),
    says: `Type '"existing"' is not assignable`
  },
  {
    file: 'aws-zone-without-id.ts',
    code: aws(`${region}, zone: { kind: 'existing' }`),
    says: "is not assignable to type 'AwsZoneChoice'"
  },
  {
    file: 'aws-zone-of-another-kind.ts',
    code: aws(`${region}, zone: { kind: 'per-host', zoneId: 'Z0123456789ABCDEFGHIJ' }`),
    says: "'zoneId' does not exist in type"
  },
  {
    file: 'aws-sources-of-no-kind.ts',
    code: aws(`${region}, zone: 'none', sources: { groups: ['sg-0a1b2c3d4e5f60718'] }`),
    says: "'groups' does not exist in type 'AwsSources | readonly string[]'"
  },
  {
    file: 'aws-read-only.ts',
    code: `${aws(`${region}, zone: 'none'`)}\nexport const hosts = (stack: TerraformStack) => link(stack).hosts\n`,
    says: "Property 'hosts' does not exist on type 'AwsPrivateLink'"
  },
  { file: 'gcp-without-region.ts', code: gcp("zone: 'per-host'"), says: "Property 'region' is missing" },
  {
    file: 'gcp-zone-of-aws.ts',
    code: gcp("region: 'us-west1', zone: { kind: 'existing', zoneId: 'internal' }"),
    says: "'zoneId' does not exist in type"
  }
]

const shared = `
import type { TerraformStack } from 'cdktf'
import * as aws from 'zilliz-privatelink/aws'
import * as gcp from 'zilliz-privatelink/gcp'

export function links(stack: TerraformStack, given: Omit<aws.AwsPrivateLinkProps, 'zone'>) {
  const region = 'us-west-2'
  const zone: aws.AwsZoneChoice = new aws.ParentHostedZone(stack, 'aws', { vpcs: [{ vpcId: given.vpcId, region }] })
  const sources: aws.AwsSources = { ipv4: ['10.0.0.0/8'] }
  const networks = ['projects/my-project-123/global/networks/default']
  const other: gcp.GcpZoneChoice = new gcp.ParentManagedZone(stack, 'gcp', { project: 'my-project-123', networks })
  const clients: gcp.GcpClients = { targetTags: ['search'] }
  return { link: new aws.AwsPrivateLink(stack, 'search', { ...given, zone, sources }), other, clients }
}
`

const right = [
  { file: 'shared-zones.ts', code: shared },
  { file: 'aws-kind.ts', code: aws(`${region}, zone: 'per-host'`) },
  { file: 'aws-existing.ts', code: aws(`${region}, zone: { kind: 'existing', zoneId: 'Z0123456789ABCDEFGHIJ' }`) },
  { file: 'gcp-kind.ts', code: gcp("region: 'us-west1', zone: 'parent'") }
]

test('the type checker refuses a missing region, a zone of no kind and props of another kind, and nothing else', async () => {
  const { typeErrors } = await userProject(
    Object.fromEntries([...wrong, ...right].map(({ file, code }) => [file, code]))
  )
  expect(typeErrors.map(line => line.split('(')[0]).sort()).toEqual(wrong.map(({ file }) => file).sort())
  for (const { file, says } of wrong) {
    expect(typeErrors.find(line => line.startsWith(file))).toContain(says)
  }
})
