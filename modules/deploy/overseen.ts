import { z } from 'zod'
import { Changes } from './changes.ts'
import { Diagnostic } from './terraform-messages.ts'

/** What a deploy orders one of its Terraform processes to do, as a line of JSON. */
export const TerraformOrder = z.discriminatedUnion('do', [
  z.object({ do: z.literal('run') }),
  z.object({
    do: z.literal('plan-then-apply'),
    /** Where the plan is kept between the two. */
    planFile: z.string(),
    /** What an earlier plan showed, of which this one is the rest. @default - there was none */
    approved: Changes.readonly().optional()
  }),
  z.object({ do: z.literal('stop') })
])

export type TerraformOrder = z.output<typeof TerraformOrder>

/** What a Terraform process reports to its deploy, as a line of JSON. */
export const TerraformReport = z.discriminatedUnion('report', [
  z.object({ report: z.literal('begins'), words: z.array(z.string()).readonly(), directory: z.string() }),
  z.object({ report: z.literal('approved'), changes: Changes.readonly() }),
  /** `errors` are known where it planned and then applied. */
  z.object({ report: z.literal('ended'), exitCode: z.number(), errors: z.array(Diagnostic).readonly() })
])

export type TerraformReport = z.output<typeof TerraformReport>
