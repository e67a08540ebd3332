import { z } from 'zod'
import { mustBe } from '../../schema/mistakes.ts'
import { shapedText } from '../../schema/shaped-text.ts'
import type { Ids, RemedySubject } from '../cloud.ts'
import { commonTarget } from '../common-target.ts'

/** A region in Nimbus' own spelling. */
export const NimbusRegion = shapedText({
  pattern: /^[a-z]+-\d$/,
  is: 'a Nimbus region such as north-1',
  find: 'Copy it from the Nimbus desk.'
})

/** The name of a field of Nimbus, which is its word for a network. */
export const FieldName = shapedText({
  pattern: /^[a-z][a-z0-9-]*$/,
  is: 'the name of a field such as meadow',
  find: 'Copy it from the Nimbus desk.'
})

/** A host behind a gate: host, port, and the ids that the commands of a remedy need. */
export const NimbusTarget = z.strictObject({
  ...commonTarget(NimbusRegion),
  cloud: z.literal('nimbus').describe('The cloud that the endpoint is in.'),
  field: FieldName.describe('The field in which the host must resolve.').optional(),
  gate: FieldName.describe('The gate, which is the endpoint.').optional(),
  gateAddress: z
    .ipv4({ error: mustBe('an IPv4 address') })
    .describe("The gate's address. The host must have the same address.")
    .optional()
})
export type NimbusTarget = z.output<typeof NimbusTarget>

/** What a remedy on Nimbus says of a target. */
export type NimbusIds = Ids<NimbusTarget>

/** A target's ids, with `<placeholders>` for those that it lacks. */
export function nimbusIds(target: RemedySubject<NimbusTarget>): NimbusIds {
  return {
    ...target,
    field: target.field ?? '<field>',
    gate: target.gate ?? '<gate>',
    gateAddress: target.gateAddress ?? '<gate-address>'
  }
}
