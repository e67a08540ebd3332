import { z } from 'zod'
import { mustBe } from '../../schema/mistakes.ts'
import type { Ids, RemedySubject } from '../cloud.ts'
import { commonTarget } from '../common-target.ts'
import { GcpRegion, NetworkName, Project, ResourceName } from './identifiers.ts'

/** A host behind a Private Service Connect endpoint: host, port, and the ids that the commands of a remedy need. */
export const GcpTarget = z.strictObject({
  ...commonTarget(GcpRegion),
  cloud: z.literal('gcp').describe('The cloud that the endpoint is in.'),
  project: Project.describe('The project of the endpoint.').optional(),
  network: NetworkName.describe('The VPC network in which the host must resolve.').optional(),
  managedZone: ResourceName.describe('The private managed zone that holds its record.').optional(),
  forwardingRule: ResourceName.describe("The endpoint's forwarding rule.").optional(),
  endpointAddress: z
    .union([z.ipv4(), z.ipv6()], { error: mustBe('an IPv4 or IPv6 address') })
    .describe("The endpoint's address. The host must have the same address.")
    .optional(),
  egressFirewall: ResourceName.describe(
    'The firewall rule that allows outbound connections from clients to the endpoint.'
  ).optional()
})
export type GcpTarget = z.output<typeof GcpTarget>

/** What a remedy on Google Cloud says of a target. */
export type GcpIds = Ids<GcpTarget>

/** A target's ids, with `<placeholders>` for those that it lacks. */
export function gcpIds(target: RemedySubject<GcpTarget>): GcpIds {
  return {
    ...target,
    project: target.project ?? '<project>',
    network: target.network ?? '<network>',
    managedZone: target.managedZone ?? '<managed-zone>',
    forwardingRule: target.forwardingRule ?? '<forwarding-rule>',
    endpointAddress: target.endpointAddress ?? '<endpoint-address>',
    egressFirewall: target.egressFirewall ?? '<firewall-rule>'
  }
}
