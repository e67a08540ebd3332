import { z } from 'zod'
import { shown } from '../../probe/schema/mistakes.ts'
import type { CloudShare, DeployableCloud, Link } from '../cloud.ts'
import { zillizOfEndpoint } from '../link-endpoint.ts'
import type { Mistake } from '../mistakes.ts'
import { shareOf } from '../share-of.ts'
import { AwsAccess, accountOf } from './access.ts'
import type { OnAws } from './add-provider-and-zones.ts'
import { EndpointOfOthers } from './endpoint-of-others.ts'
import { AccountId } from './identifiers.ts'
import { type AwsLink, AwsLinkOptions, awsClaims, groupsMissing, readAwsLink, serviceRegionOf } from './link.ts'
import { AwsProbeOptions } from './probe-options.ts'
import { AwsTags, tagMistakes } from './tags.ts'

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
  endpoint: EndpointOfOthers,
  probe: AwsProbeOptions,
  console: 'the Amazon VPC console',
  permissions: { links: 'links.json', probe: 'probe.json', identity: 'probe-role.json', spokes: 'vpc-role.json' },
  takenNames: ['aws', 'aws-zone-role'],
  mistakes: ({ tags, links, aws }, own) => [
    ...otherRoles(links),
    ...withoutRole(aws, own),
    ...tagMistakes(tags, own),
    ...probesWithoutGroups(own)
  ],
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

/** VPCs of accounts of which the environment has no role. */
function withoutRole(access: unknown, links: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const given = z.object({ vpcRoleArns: z.array(z.string()).default([]) }).safeParse(access ?? {})
  if (!given.success) return []
  const accounts = new Set(given.data.vpcRoleArns.map(accountOf))
  // What could not be read may be the role.
  if (accounts.has(undefined)) return []
  return Object.entries(links).flatMap(([name, link]) => {
    const { data } = z.object({ zoneVpcs: z.array(z.unknown()) }).safeParse(link)
    return (data?.zoneVpcs ?? []).flatMap((vpc, index) => {
      const { data } = z.object({ accountId: AccountId }).safeParse(vpc)
      if (data === undefined || accounts.has(data.accountId)) return []
      const path = ['links', name, 'zoneVpcs', index, 'accountId']
      const message = `must be an account of which aws.vpcRoleArns has a role, got ${shown(data.accountId)}. Add a role of that account, or remove accountId if the account is the environment's own.`
      return [{ path, message }]
    })
  })
}

/** Probes that no rule allows to connect to the endpoint of others that another link on their VPC has. */
function probesWithoutGroups(links: Readonly<Record<string, unknown>>): readonly Mistake[] {
  const read = Object.entries(links).map(([name, link]) => ({ name, ...WatchedLink.safeParse(link).data }))
  return read.flatMap(({ name, vpcId, endpoint, probe }) => {
    const other = read.find(each => each.vpcId === vpcId && each.endpoint !== undefined)
    if (vpcId === undefined || probe === undefined || other === undefined || endpoint !== undefined) return []
    return probe.clientSecurityGroupIds.length > 0
      ? []
      : [{ path: ['links', name, 'probe', 'clientSecurityGroupIds'], message: groupsMissing(`links.${other.name}`) }]
  })
}

const WatchedLink = z.object({
  vpcId: z.string(),
  endpoint: z.unknown().optional(),
  probe: z.object({ clientSecurityGroupIds: z.array(z.unknown()) }).optional()
})

function share(environment: OnAws): CloudShare {
  return shareOf({
    written: environment.links,
    read: readAwsLink,
    describe: link => linkOf(environment.name, link),
    probedNetwork: ({ vpcId }) => vpcId,
    isUsed: environment.aws?.region !== undefined || Object.keys(environment.links).length > 0,
    load: async () => {
      const { addProviderAndZones } = await import('./add-provider-and-zones.ts')
      return (stack, links) => addProviderAndZones(stack, environment, links)
    }
  })
}

function linkOf(environment: string, link: AwsLink): Link {
  const { hosts, endpoint } = link
  const endpointId = endpoint.kind === 'managed' ? endpoint.own.adoptEndpointId : endpoint.others.id
  return {
    cloud: 'aws',
    regionId: `aws-${serviceRegionOf(link)}`,
    hosts,
    zilliz: zillizOfEndpoint(endpoint),
    endpointId: endpointId === undefined ? undefined : { id: endpointId, project: undefined },
    claims: awsClaims(environment, link)
  }
}
