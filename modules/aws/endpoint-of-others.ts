import { z } from 'zod'
import { EndpointId, HostedZoneId } from '../../probe/clouds/aws/identifiers.ts'
import { shown } from '../../probe/schema/mistakes.ts'
import type { Mistake } from '../mistakes.ts'
import { isToken, orToken } from '../token.ts'
import { EndpointDnsName } from './identifiers.ts'

const fields = z.strictObject({
  id: EndpointId.describe(
    'The id of the endpoint. If the account of the deploy owns it, give nothing else: AWS has the rest.'
  ),
  dnsName: EndpointDnsName.optional().describe(
    'The regional DNS name of an endpoint that another account owns. Default: read from AWS at plan.'
  ),
  hostedZoneId: HostedZoneId.optional().describe(
    "AWS's own hosted zone of that name, as `aws ec2 describe-vpc-endpoints` prints it in `DnsEntries`. Required with `dnsName`."
  )
})

type Fields = Partial<z.output<typeof fields>>

/** An interface endpoint that others made, as the literal of a link names it. */
export const EndpointOfOthers = fields
  .superRefine(
    (endpoint, context) => {
      for (const { path, message } of disagreements(endpoint)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: () => true }
  )
  .describe('An interface endpoint that others made.')

/** The same in a stack of one's own, where each field may be a token. */
export const EndpointOfOthersOrTokens = z
  .strictObject({
    id: orToken(EndpointId),
    dnsName: orToken(EndpointDnsName).optional(),
    hostedZoneId: orToken(HostedZoneId).optional()
  })
  .superRefine(
    (endpoint, context) => {
      for (const { path, message } of disagreements(endpoint)) {
        context.addIssue({ code: 'custom', path: [...path], message })
      }
    },
    { when: () => true }
  )

/** An interface endpoint that others made: read from AWS by its id, or with all that a record must name. */
export type AwsEndpointOfOthers =
  | { readonly kind: 'read'; readonly id: string }
  | { readonly kind: 'given'; readonly id: string; readonly dnsName: string; readonly hostedZoneId: string }

/** Reads an endpoint of fields that agree with each other. */
export function endpointOfOthers({ id, dnsName, hostedZoneId }: z.output<typeof fields>): AwsEndpointOfOthers {
  return dnsName === undefined || hostedZoneId === undefined
    ? { kind: 'read', id }
    : { kind: 'given', id, dnsName, hostedZoneId }
}

/** The fields that an endpoint is read from. */
export function endpointFields({ kind: _, ...given }: AwsEndpointOfOthers): z.output<typeof fields> {
  return given
}

/** What is wrong between fields that are each well formed. A field that could not be read, or is a token, takes no part. */
function disagreements({ id, dnsName, hostedZoneId }: Fields): readonly Mistake[] {
  if (dnsName === undefined && hostedZoneId !== undefined) {
    return [{ path: ['dnsName'], message: 'is missing. hostedZoneId is the zone of that name.' }]
  }
  if (dnsName === undefined) return []
  const known = EndpointDnsName.safeParse(dnsName).data
  const ofOther =
    known !== undefined && typeof id === 'string' && !isToken(id) && !known.startsWith(`${id}-`)
      ? [
          {
            path: ['dnsName'],
            message: `must be the name of ${id}, got ${shown(known)}. Copy both from the page of one endpoint.`
          }
        ]
      : []
  return hostedZoneId === undefined
    ? [...ofOther, { path: ['hostedZoneId'], message: 'is missing. An alias record needs it with dnsName.' }]
    : ofOther
}
