import { z } from 'zod'
import { Project, ResourceName } from '../../probe/clouds/gcp/identifiers.ts'
import { orToken } from '../token.ts'
import { Ipv4Address } from './identifiers.ts'

/** A Private Service Connect endpoint that others made, as the literal of a link names it. */
export const EndpointOfOthers = z
  .strictObject({
    name: ResourceName.describe('The name of the endpoint, which is a forwarding rule in the region of the link.'),
    project: Project.optional().describe('The project of the endpoint. Default: `project` of the link.'),
    address: Ipv4Address.optional().describe(
      'The address of the endpoint, if the deploy may not read forwarding rules in its project. Default: read from Google Cloud at plan.'
    )
  })
  .describe('A Private Service Connect endpoint that others made.')

/** The same in a stack of one's own, where each field may be a token. */
export const EndpointOfOthersOrTokens = z.strictObject({
  name: orToken(ResourceName),
  project: orToken(Project).optional(),
  address: orToken(Ipv4Address).optional()
})

/** A Private Service Connect endpoint that others made: its address is read from Google Cloud, or given. */
export type GcpEndpointOfOthers = {
  readonly name: string
  /** @default - the project of the link */
  readonly project?: string | undefined
} & ({ readonly kind: 'read' } | { readonly kind: 'given'; readonly address: string })

/** Reads an endpoint of fields that agree with each other. */
export function endpointOfOthers({ name, project, address }: z.output<typeof EndpointOfOthers>): GcpEndpointOfOthers {
  return address === undefined ? { kind: 'read', name, project } : { kind: 'given', name, project, address }
}

/** The fields that an endpoint is read from. */
export function endpointFields(endpoint: GcpEndpointOfOthers): z.output<typeof EndpointOfOthers> {
  const { name, project } = endpoint
  return { name, project, address: endpoint.kind === 'given' ? endpoint.address : undefined }
}
