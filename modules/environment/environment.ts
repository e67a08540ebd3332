import { z } from 'zod'
import { shown } from '../../probe/config/mistakes.ts'
import { EnvironmentName, LinkName } from '../../probe/config/names.ts'
import { AwsAccess } from '../aws/access.ts'
import { AwsLink } from '../aws/link.ts'
import { AwsTags, tagMistakes } from '../aws/tags.ts'
import { GcpAccess } from '../gcp/access.ts'
import { GcpLabels, labelMistakes } from '../gcp/labels.ts'
import { GcpLink } from '../gcp/link.ts'
import type { Mistake } from '../mistakes.ts'
import { Backend } from './backend.ts'

const links = z
  .record(LinkName, z.discriminatedUnion('cloud', [AwsLink, GcpLink]))
  .describe(
    'The private links by name. A name is part of the Terraform addresses, so adding a link never changes the other links.'
  )

/** What one `cdktf deploy` deploys: a Terraform stack with its private links, by name. */
export const Environment = z
  .strictObject({
    name: EnvironmentName.describe('Names the stack: `cdktf deploy <name>`.'),
    backend: Backend,
    aws: AwsAccess.optional(),
    gcp: GcpAccess.optional(),
    tags: AwsTags.default({}).describe(
      'Tags on every AWS resource, in addition to `environment` and `managed-by`, which they may replace.'
    ),
    labels: GcpLabels.default({}).describe(
      'Labels on every Google Cloud resource that takes them, in addition to `environment` and `managed-by`, which they may replace.'
    ),
    protect: z
      .array(z.string())
      .default([])
      .describe(
        'Names of links whose endpoints no deploy may destroy or replace. These links must stay in the environment.'
      ),
    links
  })
  .superRefine(
    (environment, context) => {
      for (const { path, message } of [
        ...vanished(environment),
        ...takenNames(environment),
        ...otherRoles(environment),
        ...tagMistakes(environment.tags, linksOn(environment.links, 'aws')),
        ...labelMistakes(environment.labels, linksOn(environment.links, 'gcp'))
      ])
        context.addIssue({ code: 'custom', path: [...path], message })
    },
    { when: () => true }
  )

/** Protected links that are not there: `prevent_destroy` cannot help them, because it goes with the link. */
function vanished({ protect, links }: { protect?: unknown; links?: unknown }): readonly Mistake[] {
  if (!Array.isArray(protect) || typeof links !== 'object' || links === null) return []
  return protect.flatMap((name, index) =>
    Object.keys(links).includes(name)
      ? []
      : [
          {
            path: ['protect', index],
            message: `names a link that is not there, got ${shown(name)}; put the link back, or take its name out to let the deploy destroy it`
          }
        ]
  )
}

/** What the stack names itself, where a link would be of the same name. */
const takenName =
  /^(?:aws|aws-zone-role|backend|google|zilliz|register|links|registrations|probes|(?:existing|parent)-zone-.*)$/

/** Links of a name that the stack has for something else. */
function takenNames({ links }: { links?: unknown }): readonly Mistake[] {
  if (typeof links !== 'object' || links === null) return []
  return Object.keys(links)
    .filter(name => takenName.test(name))
    .map(name => ({
      path: ['links', name],
      message: `must not have a name that the stack itself uses, got ${shown(name)}. Choose another, such as search.`
    }))
}

/** The links on a cloud, whether or not all of each could be read. */
function linksOn(links: unknown, cloud: string): Readonly<Record<string, unknown>> {
  if (typeof links !== 'object' || links === null) return {}
  const onCloud = z.looseObject({ cloud: z.literal(cloud) })
  return Object.fromEntries(Object.entries(links).filter(([, link]) => onCloud.safeParse(link).success))
}

/** Roles of zones after the first. The state remembers only one role, to remove what it created. */
function otherRoles({ links }: { links?: unknown }): readonly Mistake[] {
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

/** An environment as it is written: the type of the literals in `environments/`. */
export type EnvironmentLiteral = z.input<typeof Environment>

/** An environment that has been read: well formed, hosts parsed, defaults in place. */
export type Environment = z.output<typeof Environment>
