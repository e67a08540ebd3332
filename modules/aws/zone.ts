import { z } from 'zod'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { Claim } from '../claim.ts'
import { recordClaim, zoneClaim } from '../zone.ts'

/** A VPC in which a zone answers. */
export interface ZoneVpc {
  readonly vpcId: string
  readonly region: string
}

const zoneVpcs = z.array(z.custom<ZoneVpc>()).default([])
const stagingVpcId = z.string()

/** What answers a link's hosts: each kind with the fields that say more of it. */
export const AwsDnsZone = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('existing'),
    zoneId: z.string(),
    zoneRoleArn: z.string().optional(),
    associateZone: z.literal(true).optional(),
    zoneVpcs
  }),
  z.object({ kind: z.literal('parent'), zoneVpcs }),
  z.object({ kind: z.literal('prepare-per-host'), zoneVpcs, stagingVpcId }),
  z.object({ kind: z.literal('switch-to-per-host'), zoneVpcs, stagingVpcId }),
  z.object({ kind: z.literal('per-host'), zoneVpcs, profileId: z.string().optional() }),
  z.object({ kind: z.literal('none') })
])

export type AwsDnsZone = z.output<typeof AwsDnsZone>

/** A link's zone, and the VPC that it answers in. */
export interface LinkInVpc {
  readonly vpcId: string
  readonly region: string
  readonly zone: AwsDnsZone
}

/** Where a link's hosts must resolve; nowhere if others answer them. */
export function ownVpcs({ vpcId, region, zone }: LinkInVpc): readonly ZoneVpc[] {
  return zone.kind === 'none' ? [] : [{ vpcId, region }, ...zone.zoneVpcs]
}

/** The zones and records that a link owns. */
export function zoneClaims(environment: string, link: LinkInVpc, hosts: readonly string[]): readonly Claim[] {
  const { vpcId, zone } = link
  const vpcs = ownVpcs(link).map(({ vpcId }) => vpcId)
  const parent = () =>
    vpcs.flatMap(vpc => [
      zoneClaim(zillizDomain, vpc, `${environment} ${vpcId}`),
      ...hosts.map(host => recordClaim(host, `the parent zone on ${vpc}`))
    ])
  const perHost = () => vpcs.flatMap(vpc => hosts.map(host => zoneClaim(host, vpc)))
  switch (zone.kind) {
    case 'parent':
    case 'prepare-per-host':
      return parent()
    case 'switch-to-per-host':
      return [...parent(), ...perHost()]
    case 'per-host': {
      const { profileId } = zone
      return [
        ...perHost(),
        ...(profileId === undefined ? [] : hosts.map(host => zoneClaim(host, `the profile ${profileId}`)))
      ]
    }
    case 'existing':
      return hosts.map(host => recordClaim(host, `the zone ${zone.zoneId}`))
    case 'none':
      return []
  }
}
