import { z } from 'zod'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { Claim } from '../claim.ts'
import { isToken } from '../token.ts'
import { recordClaim, zoneClaim } from '../zone.ts'
import { type Naming, nameClaim, names, parentZoneName, peeringZoneName } from './names.ts'

/** Spoke networks of a link that ask its network, by peering zones of one project. */
export interface LinkedPeering {
  readonly project: string
  readonly networks: readonly string[]
}

const zoneNetworks = z.array(z.string()).default([])
const zonePeerings = z.array(z.custom<LinkedPeering>()).default([])

/** What answers a link's hosts: each kind with the fields that say more of it. */
export const GcpDnsZone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('existing'), zoneName: z.string(), zoneProject: z.string().optional() }),
  z.object({ kind: z.literal('parent'), zoneNetworks, zonePeerings }),
  z.object({ kind: z.literal('prepare-per-host'), zoneNetworks, zonePeerings }),
  z.object({ kind: z.literal('switch-to-per-host'), zoneNetworks, zonePeerings }),
  z.object({ kind: z.literal('per-host'), zoneNetworks, zonePeerings }),
  z.object({ kind: z.literal('none') })
])

export type GcpDnsZone = z.output<typeof GcpDnsZone>

/** A link's network. */
export interface NetworkOfLink {
  readonly project: string
  readonly networkProject?: string | undefined
  readonly network: string
}

/** A link's zone, and the network that it answers in. */
export interface LinkInNetwork extends NetworkOfLink {
  readonly zone: GcpDnsZone
}

/** The project that has a link's network, and gets its firewall rules and zones. */
export function networkProject({ project, networkProject = project }: NetworkOfLink): string {
  return networkProject
}

/** The path of a link's network; a token is taken as one. */
export function networkPath(link: NetworkOfLink): string {
  if (isToken(link.network)) return link.network
  return `projects/${networkProject(link)}/global/networks/${link.network}`
}

/** The spokes that ask the network of a link. */
export function peeringsOf({ zone }: { readonly zone: GcpDnsZone }): readonly LinkedPeering[] {
  return 'zonePeerings' in zone ? zone.zonePeerings : []
}

/** Where the zones of a link answer by themselves; nowhere if others answer its hosts. */
export function ownNetworks(link: LinkInNetwork): readonly string[] {
  const { zone } = link
  if (zone.kind === 'none') return []
  return [networkPath(link), ...(zone.kind === 'existing' ? [] : zone.zoneNetworks)]
}

/** Where a link's hosts must resolve. */
export function answeredNetworks(link: LinkInNetwork): readonly string[] {
  return [...ownNetworks(link), ...peeringsOf(link).flatMap(({ networks }) => networks)]
}

/**
 * The zones and records that a link owns.
 *
 * @param clusters all of the link, whether or not their hosts are known
 */
export function zoneClaims(
  environment: string,
  link: LinkInNetwork & Naming,
  hosts: readonly string[],
  clusters: readonly string[]
): readonly Claim[] {
  const { zone } = link
  const project = networkProject(link)
  const networks = answeredNetworks(link)
  const parentPeerings = () =>
    peeringsOf(link).map(peering => ({
      what: `the managed zone ${peeringZoneName(parentZoneName)} in ${peering.project}`,
      sharedBy,
      wayOut: "Choose zone: 'per-host' for one of them."
    }))
  const hostPeerings = () =>
    peeringsOf(link).flatMap(peering =>
      clusters.map(cluster =>
        nameClaim(`the managed zone ${peeringZoneName(names(link).hostZone(cluster))} in ${peering.project}`)
      )
    )
  const sharedBy = `${environment} ${networkPath(link)}`
  const parent = () => [
    {
      what: `the managed zone ${parentZoneName} in ${project}`,
      sharedBy,
      wayOut: "Choose zone: 'per-host' for one of them, or name the zone there with zone: 'existing'."
    },
    ...parentPeerings(),
    ...networks.flatMap(network => [
      zoneClaim(zillizDomain, network, sharedBy),
      ...hosts.map(host => recordClaim(host, `the parent zone on ${network}`))
    ])
  ]
  const perHost = () =>
    clusters.map(cluster => nameClaim(`the managed zone ${names(link).hostZone(cluster)} in ${project}`))
  const answering = () => networks.flatMap(network => hosts.map(host => zoneClaim(host, network)))
  switch (zone.kind) {
    case 'parent':
      return parent()
    case 'prepare-per-host':
      return [...parent(), ...perHost()]
    case 'switch-to-per-host':
      return [...parent(), ...perHost(), ...hostPeerings(), ...answering()]
    case 'per-host':
      return [...perHost(), ...hostPeerings(), ...answering()]
    case 'existing':
      return hosts.map(host => recordClaim(host, `the zone ${zone.zoneProject ?? project}/${zone.zoneName}`))
    case 'none':
      return []
  }
}
