import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import type { z } from 'zod'
import type { Named } from '../cloud.ts'
import { zillizOfEndpoint } from '../link-endpoint.ts'
import { marksOf } from '../marks.ts'
import { allowVersions } from '../provider-version.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { type AwsAccess, accountOf, supportedAws } from './access.ts'
import { endpointFields } from './endpoint-of-others.ts'
import type { AwsLink, AwsLinkOptions } from './link.ts'
import { AwsPrivateLink } from './private-link.ts'
import { ZoneRole } from './zone-role.ts'
import { AwsZones } from './zones.ts'

/** An environment, as far as it concerns AWS. */
export interface OnAws {
  readonly name: string
  readonly protect: readonly string[]
  readonly aws?: z.output<typeof AwsAccess> | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, AwsLinkOptions>>
}

/**
 * Adds the provider and the zones of an environment on AWS.
 *
 * @returns what adds one link
 */
export function addProviderAndZones(stack: TerraformStack, environment: OnAws, links: readonly Named<AwsLink>[]) {
  const { name: environmentName, tags, aws: access, protect } = environment
  const [firstRegion] = links.map(({ link }) => link.region).sort()
  const region = access?.region ?? firstRegion
  if (region === undefined) throw new Error(`${environmentName}: has neither a region nor a link on AWS`)
  // One provider for all regions, and each resource names its own: with a provider for each region, the last link of
  // a region could not be removed, because its provider would go with it.
  new AwsProvider(stack, 'aws', {
    region,
    defaultTags: [{ tags: { ...marksOf(environmentName), ...tags } }],
    ...(access?.allowedAccountIds === undefined ? {} : { allowedAccountIds: access.allowedAccountIds }),
    ...(access?.roleArn === undefined ? {} : { assumeRole: [{ roleArn: access.roleArn }] })
  })
  allowVersions(stack, supportedAws, access?.providerVersion)
  const [roleArn] = links.flatMap(({ link: { zone } }) => (zone.kind === 'existing' ? (zone.zoneRoleArn ?? []) : []))
  const theirRole = new ZoneRole(stack, 'aws-zone-role', { region, roleArn })
  const associators = new Map(
    (access?.vpcRoleArns ?? []).map(roleArn => {
      // Terraform prints it if the role goes before the VPCs, so it names the option.
      const alias = `vpcRoleArns-${accountOf(roleArn)}`
      return [accountOf(roleArn), new AwsProvider(stack, `aws-${alias}`, { alias, region, assumeRole: [{ roleArn }] })]
    })
  )
  const zones = new AwsZones(stack, {
    links: links.map(({ link }) => link),
    ownerOf: ({ zone }) => (zone.kind === 'existing' && zone.zoneRoleArn !== undefined ? theirRole : undefined),
    associatorOf: ({ accountId }) => (accountId === undefined ? undefined : associators.get(accountId)),
    parentId: vpcId => `parent-zone-${vpcId}`,
    existingId: link => `existing-zone-${link}`
  })
  return ({ name, link }: Named<AwsLink>) => {
    const { cloud: _, probe: __, endpoint, hosts, ...props } = link
    return new AwsPrivateLink(stack, name, {
      ...props,
      ...(endpoint.kind === 'managed'
        ? { ...endpoint.own, serviceName: endpoint.vendor.endpointService }
        : { endpoint: endpointFields(endpoint.others) }),
      zilliz: zillizOfEndpoint(endpoint),
      hosts: hosts.map(urlOf),
      zone: zones.of(name, link) ?? 'none',
      environment: environmentName,
      protect: protect.includes(name)
    })
  }
}
