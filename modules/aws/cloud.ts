import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js'
import type { TerraformStack } from 'cdktf'
import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import type { CloudShare, DeployableCloud, Link, Named } from '../cloud.ts'
import { marksOf } from '../marks.ts'
import type { Mistake } from '../mistakes.ts'
import { shareOf } from '../share-of.ts'
import { urlOf } from '../zilliz/url-of.ts'
import { zillizOf } from '../zilliz/zilliz-option.ts'
import { AwsAccess } from './access.ts'
import { type AwsLink, AwsLinkOptions, awsClaims, readAwsLink, serviceRegionOf } from './link.ts'
import { AwsPrivateLink } from './private-link.ts'
import { AwsProbeOptions } from './probe-options.ts'
import { AwsTags, tagMistakes } from './tags.ts'
import { ZoneRole } from './zone-role.ts'
import { AwsZones } from './zones.ts'

/** AWS. */
export const aws = {
  access: { aws: AwsAccess.optional() },
  accessOptions: AwsAccess,
  marks: {
    tags: AwsTags.default({}).describe(
      'Tags on every AWS resource, in addition to `environment` and `managed-by`, which they may replace.'
    )
  },
  link: AwsLinkOptions,
  probe: AwsProbeOptions,
  console: 'the Amazon VPC console',
  permissions: { links: 'links.json', probe: 'probe.json', identity: 'probe-role.json' },
  takenNames: ['aws', 'aws-zone-role'],
  mistakes: ({ tags, links }, own) => [...otherRoles(links), ...tagMistakes(tags, own)],
  share
} as const satisfies DeployableCloud

/** Roles of zones after the first. The state remembers only one role, to remove what it created. */
function otherRoles(links: unknown): readonly Mistake[] {
  if (typeof links !== 'object' || links === null) return []
  const roles = Object.entries(links).flatMap(([name, link]) => {
    const { data } = z.object({ zoneRoleArn: z.string() }).safeParse(link)
    return data === undefined ? [] : [{ name, role: data.zoneRoleArn }]
  })
  const [first] = roles
  return roles.flatMap(({ name, role }) =>
    first === undefined || role === first.role
      ? []
      : [
          {
            path: ['links', name, 'zoneRoleArn'],
            message: `must be the role of links.${first.name}, ${first.role}, because an environment writes to the zones of one other account, got ${shown(role)}. Put the link into an environment of its own.`
          }
        ]
  )
}

/** An environment, as far as it concerns AWS. */
export interface OnAws {
  readonly name: string
  readonly protect: readonly string[]
  readonly aws?: z.output<typeof AwsAccess> | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly links: Readonly<Record<string, AwsLinkOptions>>
}

function share(environment: OnAws): CloudShare {
  return shareOf({
    written: environment.links,
    read: readAwsLink,
    describe: link => linkOf(environment.name, link),
    probedNetwork: ({ vpcId }) => vpcId,
    begin: (stack, links) => begin(stack, environment, links)
  })
}

function linkOf(environment: string, link: AwsLink): Link {
  const { hosts, vendor, adoptEndpointId } = link
  return {
    cloud: 'aws',
    regionId: `aws-${serviceRegionOf(link)}`,
    hosts,
    zilliz: zillizOf(vendor),
    endpointId: adoptEndpointId === undefined ? undefined : { id: adoptEndpointId, project: undefined },
    claims: awsClaims(environment, link)
  }
}

function begin(stack: TerraformStack, environment: OnAws, links: readonly Named<AwsLink>[]) {
  const { name: environmentName, tags, aws: access, protect } = environment
  const [firstRegion] = links.map(({ link }) => link.region).sort()
  const region = access?.region ?? firstRegion
  if (region === undefined) return undefined
  // One provider for all regions, and each resource names its own: with a provider for each region, the last link of
  // a region could not be removed, because its provider would go with it.
  new AwsProvider(stack, 'aws', {
    region,
    defaultTags: [{ tags: { ...marksOf(environmentName), ...tags } }],
    ...(access?.allowedAccountIds === undefined ? {} : { allowedAccountIds: access.allowedAccountIds }),
    ...(access?.roleArn === undefined ? {} : { assumeRole: [{ roleArn: access.roleArn }] })
  })
  const [roleArn] = links.flatMap(({ link: { zone } }) => (zone.kind === 'existing' ? (zone.zoneRoleArn ?? []) : []))
  const theirRole = new ZoneRole(stack, 'aws-zone-role', { region, roleArn })
  const zones = new AwsZones(stack, {
    links: links.map(({ link }) => link),
    ownerOf: ({ zone }) => (zone.kind === 'existing' && zone.zoneRoleArn !== undefined ? theirRole : undefined),
    parentId: vpcId => `parent-zone-${vpcId}`,
    existingId: link => `existing-zone-${link}`
  })
  return ({ name, link }: Named<AwsLink>) => {
    const { cloud: _, probe: __, vendor, hosts, sources, ...props } = link
    return new AwsPrivateLink(stack, name, {
      ...props,
      serviceName: vendor.endpointService,
      zilliz: zillizOf(vendor),
      hosts: hosts.map(urlOf),
      sources,
      zone: zones.of(name, link) ?? 'none',
      environment: environmentName,
      protect: protect.includes(name)
    })
  }
}
