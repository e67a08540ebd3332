import { z } from 'zod'
import { zillizDomain } from '../../probe/facts/zilliz-domain.ts'
import type { Claim } from '../claim.ts'
import { isToken } from '../token.ts'
import { recordClaim, zoneClaim } from '../zone.ts'
import { type Naming, nameClaim, names, parentZoneName } from './names.ts'

const zoneNetworks = z.array(z.string()).default([])

/** What answers a link's hosts: each kind with the fields that say more of it. */
export const GcpDnsZone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('existing'), zoneName: z.string(), zoneProject: z.string().optional() }),
  z.object({ kind: z.literal('parent'), zoneNetworks }),
  z.object({ kind: z.literal('prepare-per-host'), zoneNetworks }),
  z.object({ kind: z.literal('switch-to-per-host'), zoneNetworks }),
  z.object({ kind: z.literal('per-host'), zoneNetworks }),
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

/** Where a link's hosts must resolve; nowhere if others answer them. */
export function ownNetworks(link: LinkInNetwork): readonly string[] {
  const { zone } = link
  if (zone.kind === 'none') return []
  return [networkPath(link), ...(zone.kind === 'existing' ? [] : zone.zoneNetworks)]
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
  const networks = ownNetworks(link)
  const sharedBy = `${environment} ${networkPath(link)}`
  const parent = () => [
    {
      what: `the managed zone ${parentZoneName} in ${project}`,
      sharedBy,
      wayOut: "choose zone: 'per-host' for one of them, or name the zone there with zone: 'existing'"
    },
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
      return [...parent(), ...perHost(), ...answering()]
    case 'per-host':
      return [...perHost(), ...answering()]
    case 'existing':
      return hosts.map(host => recordClaim(host, `the zone ${zone.zoneProject ?? project}/${zone.zoneName}`))
    case 'none':
      return []
  }
}
