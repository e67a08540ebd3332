import type { TerraformProvider } from 'cdktf'
import { z } from 'zod'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { Claim } from '../claim.ts'
import { recordClaim, zoneClaim } from '../zone.ts'

/** A VPC in which a zone answers. */
export interface ZoneVpc {
  readonly vpcId: string
  readonly region: string
  /**
   * The provider of the account that owns the VPC, which associates it with the zone. To remove the VPC, keep the provider for that
   * deploy.
   *
   * @default - the account of the zone owns the VPC
   */
  readonly provider?: TerraformProvider | undefined
}

/** A VPC of a link, as an environment's literal names it. */
export interface LinkedVpc {
  readonly vpcId: string
  readonly region: string
  /** The account that owns it, if it is not that of the environment. */
  readonly accountId?: string | undefined
}

const zoneVpcs = z.array(z.custom<LinkedVpc>()).default([])
const stagingVpcId = z.string()
const profileId = z.string().optional()

/** What answers a link's hosts: each kind with the fields that say more of it. */
export const AwsDnsZone = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('existing'),
    zoneId: z.string(),
    zoneRoleArn: z.string().optional(),
    associateZone: z.literal(true).optional(),
    zoneVpcs,
    profileId
  }),
  z.object({ kind: z.literal('parent'), zoneVpcs, profileId }),
  z.object({ kind: z.literal('prepare-per-host'), zoneVpcs, stagingVpcId }),
  z.object({ kind: z.literal('switch-to-per-host'), zoneVpcs, stagingVpcId }),
  z.object({ kind: z.literal('per-host'), zoneVpcs, profileId }),
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
export function ownVpcs({ vpcId, region, zone }: LinkInVpc): readonly LinkedVpc[] {
  return zone.kind === 'none' ? [] : [{ vpcId, region }, ...zone.zoneVpcs]
}

/** The profile that gets a link's zones. */
export function profileOf({ zone }: LinkInVpc): string | undefined {
  return 'profileId' in zone ? zone.profileId : undefined
}

/** The zones, associations and records that a link owns. */
export function zoneClaims(environment: string, link: LinkInVpc, hosts: readonly string[]): readonly Claim[] {
  const { vpcId, zone } = link
  const vpcs = ownVpcs(link).map(({ vpcId }) => vpcId)
  const profileId = profileOf(link)
  const profiles = profileId === undefined ? [] : [`the profile ${profileId}`]
  const networks = [...vpcs, ...profiles]
  const parentClaim = (network: string) => zoneClaim(zillizDomain, network, `${environment} ${vpcId}`)
  const parent = () => [
    ...vpcs.flatMap(vpc => [parentClaim(vpc), ...hosts.map(host => recordClaim(host, `the parent zone on ${vpc}`))]),
    ...profiles.map(parentClaim)
  ]
  const perHost = () => networks.flatMap(network => hosts.map(host => zoneClaim(host, network)))
  switch (zone.kind) {
    case 'parent':
    case 'prepare-per-host':
      return parent()
    case 'switch-to-per-host':
      return [...parent(), ...perHost()]
    case 'per-host':
      return perHost()
    case 'existing':
      return [
        ...hosts.map(host => recordClaim(host, `the zone ${zone.zoneId}`)),
        ...(zone.associateZone === undefined
          ? []
          : vpcs.map(vpc => associationClaim(zone.zoneId, vpc, 'associateZone'))),
        ...(profileId === undefined ? [] : [associationClaim(zone.zoneId, `the profile ${profileId}`, 'profileId')])
      ]
    case 'none':
      return []
  }
}

/** An association of a zone that exists already. */
function associationClaim(zoneId: string, network: string, option: string): Claim {
  return { what: `the association of the zone ${zoneId} with ${network}`, wayOut: `Take ${option} out of one of them.` }
}
