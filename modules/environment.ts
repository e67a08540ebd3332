import { z } from 'zod'
import { shown } from '../probe/config/mistakes.ts'
import { EnvironmentName, LinkName } from '../probe/config/names.ts'
import { AwsAccess } from './aws/access.ts'
import { AwsLink } from './aws/link.ts'
import { AwsTags } from './aws/tags.ts'
import { Backend } from './backend.ts'
import { GcpAccess } from './gcp/access.ts'
import { GcpLabels } from './gcp/labels.ts'
import { GcpLink } from './gcp/link.ts'
import type { Mistake } from './mistakes.ts'

const links = z
  .record(LinkName, z.discriminatedUnion('cloud', [AwsLink, GcpLink]))
  .describe('The private links by name. A name keys the Terraform addresses: adding a link never moves another.')

/** What one `cdktf deploy` deploys: a Terraform stack with its private links, by name. */
export const Environment = z
  .strictObject({
    name: EnvironmentName.describe('Names the stack: `cdktf deploy <name>`.'),
    backend: Backend,
    aws: AwsAccess.optional(),
    gcp: GcpAccess.optional(),
    tags: AwsTags.default({}).describe('Tags on every AWS resource, beside `environment` and `managed-by`.'),
    labels: GcpLabels.default({}).describe(
      'Labels on every Google Cloud resource that takes them, beside `environment` and `managed-by`.'
    ),
    protect: z
      .array(z.string())
      .default([])
      .describe('Names of links whose endpoints no deploy may destroy or replace, and which must stay in the program.'),
    links
  })
  .superRefine(
    (environment, context) => {
      for (const { path, message } of vanished(environment))
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

/** An environment as it is written: the type of the literals in `environments/`. */
export type EnvironmentLiteral = z.input<typeof Environment>

/** An environment that has been read: well formed, hosts parsed, defaults in place. */
export type Environment = z.output<typeof Environment>
